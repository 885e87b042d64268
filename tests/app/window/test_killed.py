"""A window that is killed while it is drawn in loses a blink of the work, and never a file."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from engine.graph.model import Project
from engine.project import file
from engine.project.templates import template
from gui.state.document import Document
from tests.app.window.life import BEGIN_S, Life
from tests.app.window.script import Script

LOST_S = 1.0  # what may be lost, at most
SAVING_S = 0.02  # about what it takes to save


@pytest.mark.timeout(1800)
def test_a_killed_window_loses_a_blink_and_never_a_file(begin, tmp_path, full, record_property) -> None:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    draw, kills = Random(7), 20 if full else 2
    losses: list[float] = []
    life = begin(path, 0)
    assert not life.opening["modified"]
    for number in range(kills):
        killed_s = kill(life, draw, in_save=number % 2 == 1)
        check_file(path, life)
        worker = life.opening["worker"]
        states = [*played(file.parse(life.opening["text"], "opened"), number, len(life.of("edited")) + 2)]
        assert [line["hash"] for line in life.of("edited")] == states[1 : len(life.of("edited")) + 1]

        before, life = life, begin(path, number + 1)

        assert "aside" not in life.opening["notices"]
        losses.append(lost_s(before, states, file.content_hash(file.parse(life.opening["text"], "again")), killed_s))
        wait_until_gone(worker)
    record_property("lost_s", losses)
    print(f"{kills} kills; lost at most {max(losses) * 1000:.0f} ms")  # noqa: T201 (pytest shows it when asked)
    assert max(losses) <= LOST_S


def test_a_window_that_is_asked_to_end_asks_nothing_and_loses_nothing(begin, tmp_path) -> None:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    life = begin(path, 0)
    while [line["what"] for line in life.look()[-5:]] != ["edited"] * 5:  # it has just drawn, and not saved
        life.wait_for("edited", more_than=len(life.of("edited")))
    life.process.send_signal(signal.SIGTERM)
    assert life.process.wait(BEGIN_S) == 0
    life.look()

    again = begin(path, 1)

    last = [line["hash"] for line in life.of("edited")[-2:]]  # a step may come after the window has let go
    assert file.content_hash(file.parse(again.opening["text"], "again")) in last


def kill(life: Life, draw: Random, *, in_save: bool) -> float:
    """At a random moment, or while a file is being saved; gives the time."""
    time.sleep(draw.uniform(0.3, 1.5))
    if in_save:
        life.wait_for("saving", more_than=len([line for line in life.look() if line["what"] == "saving"]))
        time.sleep(draw.uniform(0.0, SAVING_S))
    else:
        life.wait_for("edited")
    killed_s = time.monotonic()
    life.process.kill()
    assert life.process.wait() == -signal.SIGKILL
    life.look()
    return killed_s


def check_file(path: Path, life: Life) -> None:
    """The file holds what was saved last, or what was being saved; beside it lies nothing."""
    content_hash = file.content_hash(file.read(path))
    saves = life.of("saving", "saved")
    if not saves:
        return
    finished = [place for place, line in enumerate(saves) if line["what"] == "saved"]
    assert content_hash in [line["hash"] for line in saves[finished[-1] if finished else 0 :]] or not finished


def played(project: Project, seed: int, edits: int) -> Iterator[str]:
    """The states that a script leads through, the first one included; at least so many edits of it."""
    document = Document()
    document.load(project)
    states = [file.content_hash(project)]
    document.edited.connect(lambda _: states.append(file.content_hash(document.project)))
    script = Script(document, seed, lambda: document.mark_saved(Path("/nowhere.loom")))
    while len(states) <= edits:
        script.step()
    yield from states
    document.deleteLater()


def lost_s(life: Life, states: list[str], recovered: str, killed_s: float) -> float:
    """How old the oldest edit was that did not come back; the document must be one of the states, none a mixture."""
    edits = life.of("edited")
    matches = [place for place, state in enumerate(states[: len(edits) + 2]) if state == recovered]
    assert matches, "the recovered document is none of the states that were"
    lost = edits[matches[-1] :]  # the last state is the one after all edits, or one more, not yet written down
    return killed_s - lost[0]["at_s"] if lost else 0.0


def wait_until_gone(pid: int) -> None:
    """The worker of a dead window ends by itself."""
    until = time.monotonic() + BEGIN_S
    while is_alive(pid):
        assert time.monotonic() < until
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
