from pathlib import Path

import pytest

from bench import kill
from engine.cli import main
from engine.project import file as files
from tests.training import template

SCHEMES = {"digits-mlp": 60, "digits-gan": 12, "digits-wgan-gp": 6, "digits-distill": 12}
"""Templates of the schemes of training, and epochs; 20 kills each with ``--full`` or `bench/kill.py`, else one."""


def here(*words: object) -> None:
    """Run a verb in this process, where torch is loaded already."""
    assert main([*map(str, words)]) == 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SCHEMES)
def test_a_killed_run_ends_like_one_that_was_left_alone(name: str, tmp_path: Path, full: bool) -> None:
    project = tmp_path / "project.loom"
    files.write(project, template(name, epochs=SCHEMES[name] * (33 if full else 1)))
    report = kill.kill_and_resume(project, tmp_path, kills=20 if full else 1, seed=0, run=here)
    assert report.kills >= (10 if full else 1)
    assert kill.differences(report) == []
    assert not list((report.killed / "checkpoints").glob(".*"))
