"""Two windows side by side, in two processes, on one project: the second may look, copy, and later take over."""

import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt

from engine.project import file
from engine.project.templates import template
from gui.files.file_watcher import _digest
from tests.gui.canvas.hand import CTRL

KEY = Qt.Key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    return path


def test_the_second_looks_on_copies_and_takes_over(start, begin, worker, path, tmp_path) -> None:
    first = begin(path, None)
    worker()
    person = start(path)
    assert not first.opening["read_only"]
    assert "open in another window, so it is read-only here" in person.notice("read_only")

    before = person.text
    person.hand.click("drop")
    person.key(KEY.Key_Delete)
    assert person.text == before
    assert "save a copy to change it" in person.status_text

    copy = tmp_path / "copy.loom"
    person.save_as(copy)  # which is what saving means here
    assert not person.context.notices.by_topic
    person.hand.click("drop")
    person.key(KEY.Key_Delete)
    assert "drop" not in person.graph.nodes
    person.key(KEY.Key_S, CTRL)
    assert "drop" not in file.read(copy).graphs["Net"].nodes
    assert "drop" in file.read(path).graphs["Net"].nodes


UNDONE = 3  # of the script of seed 3, the last three of 114 steps are undone, and a save lies before them


def test_the_second_sees_what_the_first_saves_and_may_change_it_when_that_has_gone(start, begin, worker, path) -> None:
    first = begin(path, 3, 114)
    worker()
    person = start(path)
    first.play()  # not before the second has read the file, or it could find no change
    first.wait_for("played")
    person.wait(lambda: "disk" in person.context.notices.by_topic)
    assert "was changed by another program" in person.notice("disk")

    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    watch = person.context.files._external_changes._watch
    person.wait(lambda: watch._last_digest == _digest(path))  # its last change is reported, too
    person.choose_on("disk", "Reload from disk")

    assert not person.document.read_only
    assert "read_only" not in person.context.notices.by_topic
    history = person.document.history
    steps = history.index()
    assert history.count() == steps + UNDONE  # what the first had undone may be done again
    person.hand.click(QPointF(*person.empty_place))
    person.key(KEY.Key_A, CTRL)
    person.key(KEY.Key_M)
    assert history.index() == history.count() == steps + 1


def test_a_project_of_ones_own_may_be_open_beside_another(start, begin, worker, path, tmp_path) -> None:
    other = tmp_path / "other.loom"
    other.write_text(template("iris-mlp").text())
    first = begin(path, 4)
    worker()
    person = start(other)
    assert not person.document.read_only
    person.hand.click(next(iter(person.graph.nodes)))
    person.key(KEY.Key_Delete)
    first.wait_for("edited", more_than=5)
    person.key(KEY.Key_S, CTRL)
    assert file.dump(file.read(other)) == person.text
    assert not person.context.notices.by_topic
