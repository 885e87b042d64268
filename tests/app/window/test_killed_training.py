"""A window that is killed leaves nothing but its training, which goes on, and which the next window takes up."""

import os
import signal
import sys
from pathlib import Path

import pytest

from engine.project.templates import template
from engine.runs.folder import RunFolder
from engine.runs.summary import state
from tests.app.window.life import Life
from tests.app.window.test_killed import is_alive, wait_until_gone

PROGRAM = Path(__file__).parent / "trained.py"
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks into the system's table of processes"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text().replace('"epochs": 20', '"epochs": 5000'))
    return path


@pytest.fixture
def killed(tmp_path: Path, path: Path):
    """Opens a window, waits for a state of it, and kills it; gives the numbers of the processes that it had."""
    lives: list[Life] = []

    def kill(state: str) -> dict:
        life = Life.begin(path, tmp_path / "log.jsonl", state, program=PROGRAM)
        lives.append(life)
        life.wait_for("ready")
        life.process.kill()
        assert life.process.wait() == -signal.SIGKILL
        return life.of("ready")[0]

    yield kill
    for life in lives:
        life.process.kill()
        life.process.wait()
        for ready in life.of("ready"):
            for name in ("worker", "standby", "trainer"):
                if name in ready and is_alive(ready[name]):
                    os.kill(ready[name], signal.SIGKILL)


@pytest.mark.parametrize("moment", ["loading", "waiting"])
def test_worker_and_waiting_trainer_end_with_a_killed_window(killed, path: Path, moment: str) -> None:
    left = killed(moment)
    wait_until_gone(left["standby"])
    wait_until_gone(left["worker"])
    assert [each.name for each in path.parent.iterdir() if each.suffix != ".jsonl"] == ["mine.loom"]


def test_a_training_goes_on_without_its_window_and_is_taken_up_by_the_next(killed, path: Path, start, worker) -> None:
    left = killed("training")
    wait_until_gone(left["worker"])
    run = Path(left["run"])
    assert is_alive(left["trainer"])
    worker()
    person = start(path)
    person.wait(lambda: run in [*person.context.runs.link])
    assert person.context.runs.current.run == run
    person.wait(lambda: (history := person.context.runs.current.history) is not None and history.metrics)
    person.press("button_pause")
    person.wait(lambda: state(run) == "paused" and person.context.actions["train.start"].text() == "Go on")
    person.press("button_start")
    person.wait(lambda: state(run) == "running" and person.context.actions["train.stop"].isEnabled())
    person.press("button_stop")
    person.wait(lambda: not len(person.context.runs.link))
    wait_until_gone(left["trainer"])
    assert state(run) == "stopped"
    assert not RunFolder(run).is_alive
    left_over = [each.name for each in (*path.parent.iterdir(), *run.parent.iterdir()) if each.name.startswith(".")]
    assert left_over == []
