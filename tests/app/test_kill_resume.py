from pathlib import Path

import pytest

from bench import kill
from engine.project import file as files
from tests.training import template


@pytest.mark.timeout(600)
def test_a_killed_run_ends_like_one_that_was_left_alone(tmp_path: Path, full: bool) -> None:
    project = tmp_path / "digits.loom"
    files.write(project, template("digits-mlp", epochs=2000 if full else 150))
    report = kill.kill_and_resume(project, tmp_path, kills=20 if full else 3, seed=0)
    assert report.kills >= 2
    assert kill.differences(report) == []
    assert not list((report.killed / "checkpoints").glob(".*"))
