"""Whatever becomes of the real analysis worker, what is known of the drawing is current again in the end."""

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from engine.project.templates import template
from gui.workers.analysis_link import MAX_ENDS, AnalysisLink
from gui.workers.worker_process import WorkerProcess
from tests.app.window.person import Person
from tests.gui.canvas.hand import CTRL

KEY = Qt.Key


@pytest.fixture
def person(start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """At a network that the real worker has analysed; a worker that is silent is given up soon."""
    patience = {"silent_s": 2.5, "lost_s": 5.0, "tick_ms": 50}
    monkeypatch.setattr(AnalysisLink, "_make", lambda link: WorkerProcess(link._command, link, **patience))
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    person = start(path)
    person.wait_for_shapes()
    return person


def resize(person: Person, size: int) -> None:
    """Give a layer another size, and wait until the worker is asked about it, or has answered already."""
    person.hand.click("fc1")
    person.set("out_features", str(size))
    analysis, shape = person.context.analysis, f"N×{size}"
    person.wait(lambda: analysis._analysing is not None or person.shape("fc1.output", "drop.input") == shape)


def kill(person: Person) -> None:
    """Kill the worker, and wait until the window knows, and has another one or rests."""
    analysis = person.context.analysis
    person.wait(lambda: analysis.pid)  # 0 would be all processes of the test
    pid = analysis.pid
    os.kill(pid, signal.SIGKILL)
    person.wait(lambda: analysis.pid != pid)
    person.wait(lambda: analysis.pid or analysis.state == "resting")


def ends(person: Person, size: int) -> None:
    """What is known is of the network as it is now."""
    person.wait_for_shapes()
    assert person.shape("fc1.output", "drop.input") == f"N×{size}"
    assert person.context.results.failure == ""
    assert not person.context.results.problems


def test_a_worker_that_is_killed_in_the_midst_of_every_answer(person: Person) -> None:
    sizes = range(40, 40 + MAX_ENDS + 1)  # the last of them after a rest
    for size in sizes:
        resize(person, size)
        kill(person)
    person.canvas.view.setFocus()
    person.key(KEY.Key_Z, CTRL)
    ends(person, sizes[-2])


def test_a_worker_that_is_stopped_and_goes_on_or_not(person: Person) -> None:
    pid = person.context.analysis.pid
    os.kill(pid, signal.SIGSTOP)
    resize(person, 40)
    person.wait(lambda: person.context.analysis.state == "silent")
    os.kill(pid, signal.SIGCONT)
    ends(person, 40)
    os.kill(pid, signal.SIGSTOP)
    resize(person, 41)
    ends(person, 41)
    assert person.context.analysis.pid not in (0, pid)


def test_a_question_of_a_page_is_asked_again_when_the_worker_was_killed(person: Person) -> None:
    person.turn_to("Data")
    page = person.window.panels["data"]
    person.wait(lambda: page._request_number and page._requested_data is not None)
    os.kill(person.context.analysis.pid, signal.SIGKILL)
    person.wait(lambda: "ended by signal 9" in person.status_text)
    person.turn_to("Graph")
    person.turn_to("Data")
    person.wait(lambda: page.samples.pictures.isVisible() and page.samples.pictures.pictures)
