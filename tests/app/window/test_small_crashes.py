"""What happens around the window stays around it: it says what is wrong, keeps the work, and goes on."""

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.project import durable, file
from engine.project.templates import template
from engine.runs.folder import RunFolder
from engine.runs.summary import state
from gui.shell.app import App
from gui.workers.trainer import Patience
from tests.app.window.person import WAIT, Person
from tests.gui.canvas.hand import CTRL, SHIFT
from tests.sweeping import sweep

KEY = Qt.Key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text().replace('"epochs": 20', '"epochs": 5000'))
    return path


def goes_on(person: Person) -> None:
    """What was drawn is still there, and drawing goes on: back and forth."""
    before, name = person.text, next(name for name in person.graph.nodes if name.startswith("drop"))
    person.hand.click(name)
    person.key(KEY.Key_M)
    assert person.graph.nodes[name].bypass
    person.key(KEY.Key_Z, CTRL)
    assert person.text == before


# The analysis worker


def test_a_killed_worker_is_reported_and_comes_back(start, worker, path) -> None:
    worker("well")
    person = start(path)
    person.wait_for_shapes()
    first = person.context.analysis.pid
    os.kill(first, signal.SIGKILL)
    person.wait(lambda: "ended by signal 9" in person.status_text)
    assert "your work is safe" in person.status_text
    goes_on(person)
    person.wait_for_shapes()
    assert person.context.analysis.pid not in (0, first)


def test_a_hanging_worker_is_reported_and_ended(start, worker, path) -> None:
    worker("mute", silent_s=0.2, lost_s=0.6, tick_ms=50)
    person = start(path)
    messages: list[str] = []
    person.context.notices.brief.connect(messages.append)
    person.wait(lambda: any("not responding" in text for text in messages))
    goes_on(person)
    person.wait(lambda: any("did not respond for" in text for text in messages))
    goes_on(person)


@pytest.mark.parametrize("mode", ["flood", "flood-log"])
def test_a_flooding_worker_is_cut_off(start, worker, path, mode) -> None:
    worker(mode)
    person = start(path)
    messages: list[str] = []
    person.context.notices.brief.connect(messages.append)
    goes_on(person)
    person.wait(lambda: any("flooded" in text for text in messages))
    goes_on(person)


def test_a_worker_that_always_dies_rests_until_something_changes(start, worker, path) -> None:
    worker("die")
    person = start(path)
    person.wait(lambda: "waits for your next edit" in person.status_text)
    assert person.context.analysis.state == "resting"
    goes_on(person)
    assert person.context.analysis.state != "resting"


# Trainings


def begin_run(person: Person) -> Path:
    """A training that was begun by key, once it is at work."""
    runs = person.context.runs
    runs.link._patience = Patience(silent_s=5.0, asks_s=2.0, terminates_s=1.0)
    person.key(KEY.Key_Return, CTRL)
    person.wait(lambda: runs.current.run and state(runs.current.run) == "running")
    person.wait(lambda: (history := runs.current.history) is not None and history.metrics)
    person.wait(lambda: runs.link.trainer(runs.current.run).phase == "training")
    return runs.current.run


def test_a_training_is_steered_by_keys(start, worker, trainer, path) -> None:
    worker()
    person = start(path)
    run = begin_run(person)
    person.key(KEY.Key_Return, CTRL | SHIFT)
    person.wait(lambda: state(run) == "paused" and person.context.actions["train.start"].text() == "Go on")
    person.key(KEY.Key_Return, CTRL)
    person.wait(lambda: state(run) == "running" and person.context.actions["train.pause"].isEnabled())
    goes_on(person)
    person.key(KEY.Key_Period, CTRL)
    person.wait(lambda: not len(person.context.runs.link))
    assert state(run) == "stopped"
    assert "Stopped after" in person.status_text


def test_a_killed_trainer_is_reported_and_resumed_by_a_button(start, worker, trainer, path) -> None:
    worker()
    person = start(path)
    run = begin_run(person)
    person.context.runs.link.trainer(run)._process.kill()
    person.wait(lambda: "training" in person.context.notices.by_topic)
    assert "ended from outside (SIGKILL). Its last checkpoint is kept." in person.notice("training")
    assert state(run) == "interrupted"
    goes_on(person)

    person.choose_on("training", "Resume")

    person.wait(lambda: state(run) == "running" and run in [*person.context.runs.link])
    assert "training" not in person.context.notices.by_topic
    person.press("button_stop")
    person.wait(lambda: not len(person.context.runs.link))


def test_a_run_whose_folder_is_deleted_is_reported_and_let_go(start, worker, trainer, path) -> None:
    worker()
    person = start(path)
    run = begin_run(person)
    sweep(run)
    person.wait(lambda: "training" in person.context.notices.by_topic)
    assert f"The run folder {run} has vanished." in person.notice("training")
    person.wait(lambda: person.context.runs.current.run is None and not person.context.runs.inventory.runs)
    goes_on(person)
    again = begin_run(person)
    assert again != run or RunFolder(run).is_run
    person.press("button_stop")
    person.wait(lambda: not len(person.context.runs.link))


# The file


@pytest.mark.parametrize("answer", ["Reload from disk", "Keep mine"])
def test_a_project_that_another_program_changes_is_a_question(start, worker, path, answer) -> None:
    worker()
    person = start(path)
    person.hand.click("drop")
    person.key(KEY.Key_M)
    mine, theirs = person.text, template("iris-mlp").text()
    durable.replace(path, theirs.encode())
    person.wait(lambda: "disk" in person.context.notices.by_topic)
    assert "You have unsaved changes here, too" in person.notice("disk")
    assert person.text == mine

    person.choose_on("disk", answer)

    assert "disk" not in person.context.notices.by_topic
    if answer == "Keep mine":
        assert person.text == mine
        assert person.document.modified
        person.key(KEY.Key_S, CTRL)
        assert file.dump(file.read(path)) == mine
    else:
        assert set(person.canvas.scene.nodes) == set(file.parse(theirs, "theirs").graphs["Net"].nodes)
        assert not person.document.modified


def test_a_project_that_another_program_spoils_stays_here(start, worker, path) -> None:
    worker()
    person = start(path)
    mine = person.text
    durable.replace(path, b'{"format": ')
    person.wait(lambda: "disk" in person.context.notices.by_topic)
    person.during("wrong", lambda dialog: dialog.reject(), lambda: person.choose_on("disk", "Reload from disk"))
    assert person.text == mine
    goes_on(person)
    person.key(KEY.Key_S, CTRL)
    assert file.dump(file.read(path)) == mine


# A crash of the window itself


def test_undo_goes_back_through_what_was_drawn_before_a_crash(start, worker, path) -> None:
    worker()
    person = start(path)
    texts = [person.text]
    for name in ("bn1", "drop"):
        person.hand.click(name)
        person.key(KEY.Key_M)
        texts.append(person.text)
    person.rename("gone")
    texts.append(person.text)
    person.context.files.leave_recoverable()  # as a crash does

    again = start(path)

    assert again.text == texts[-1]
    again.canvas.view.setFocus()
    for text in reversed(texts[:-1]):
        again.key(KEY.Key_Z, CTRL)
        assert again.text == text
    assert not again.document.modified  # it is what the file holds
    for text in texts[1:]:
        again.key(KEY.Key_Z, CTRL | SHIFT)
        assert again.text == text


def test_a_window_that_is_closed_while_it_is_filled_starts_nothing_more(as_before, qapp, qtbot, path) -> None:
    app = App(qapp, path)
    qtbot.waitUntil(lambda: app.is_usable, timeout=WAIT)
    assert not app.is_ready
    app.frame.close()
    assert app.is_ready
    assert not app.context.analysis.pid
    QTest.qWait(50)
    assert not app.frame.isVisible()
    assert not app.context.analysis.pid
    app.frame.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
