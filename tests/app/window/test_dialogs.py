"""Dialogs leave nothing behind, however often they are opened."""

import logging
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton, QWidget

from engine.project import file
from engine.project.templates import template
from tests.app.window.person import Person
from tests.gui.canvas.hand import CTRL

KEY = Qt.Key


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("help.shortcuts", "shortcuts"), ("help.about", "about"), ("file.settings", "settings"),
        ("file.new", "new_project"), ("file.export_code", "export"), ("help.logs", "log"),
    ],
)  # fmt: skip
def test_a_dialog_goes_when_it_is_closed(start, worker, action, name) -> None:
    worker()
    person = start(None)
    person.press("welcome_close")
    before = len(person.frame.findChildren(QDialog))
    for _ in range(3):
        person.during(name, lambda _: person.key(KEY.Key_Escape), person.context.actions[action].trigger)
    person.wait(lambda: len(person.frame.findChildren(QDialog)) == before)


def test_the_log_is_read_and_copied_without_a_file_manager(start, worker, monkeypatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    worker()
    person = start(None)
    person.press("welcome_close")
    logging.getLogger("gui").info("something of note")

    def read(dialog: QDialog) -> None:
        assert "something of note" in dialog.findChild(QPlainTextEdit, "log_text").toPlainText()
        path = dialog.findChild(QLabel, "log_path").text()
        person.click(dialog.findChild(QPushButton, "log_copy"))
        assert QApplication.clipboard().text().startswith(f"{path}\n")
        assert QApplication.clipboard().text().rstrip().endswith("something of note")
        person.click(dialog.findChild(QPushButton, "log_folder"))
        assert QApplication.clipboard().text() == str(Path(path).parent)
        person.key(KEY.Key_Escape)

    person.during("log", read, person.context.actions["help.logs"].trigger)


def answer(person: Person, dialog: QWidget, text: str) -> None:
    person.click(next(each for each in dialog.findChildren(QPushButton) if each.text() == text))


def test_a_project_whose_folder_was_renamed_is_asked_about_before_it_is_trained_or_saved(
    start, worker, tmp_path
) -> None:
    path = tmp_path / "work" / "net.loom"
    path.parent.mkdir()
    path.write_text(template("digits-cnn").text())
    worker()
    person = start(path)
    path.parent.rename(tmp_path / "renamed")
    for key in (KEY.Key_Return, KEY.Key_S):
        person.during("gone", lambda dialog: answer(person, dialog, "Cancel"), partial(person.key, key, CTRL))
        person.wait(lambda: not person.frame.findChildren(QDialog, "gone"))
    assert not path.parent.exists()
    assert len(person.context.runs.link) == 0

    person.during("gone", lambda dialog: answer(person, dialog, "Save here again"), lambda: person.key(KEY.Key_S, CTRL))
    assert file.read(path).graphs.keys() == person.document.project.graphs.keys()
    assert not person.document.modified


def test_the_question_about_unsaved_changes_goes_with_its_answer(start, worker) -> None:
    worker()
    person = start(None)
    person.press("welcome_close")
    person.hand.click("drop")
    person.key(KEY.Key_M)

    def look_and_go_back(dialog: QWidget) -> None:
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        assert texts == [
            "Save the changes to digits-cnn?",
            "It is not in a file yet. If you do not save it, all of it is lost.",
        ]
        answer(person, dialog, "Cancel")

    person.during("unsaved", look_and_go_back, lambda: person.key(KEY.Key_Q, CTRL))
    assert person.frame.isVisible()
    person.wait(lambda: not person.frame.findChildren(QDialog, "unsaved"))
    person.during("unsaved", lambda dialog: answer(person, dialog, "Don't save"), lambda: person.key(KEY.Key_Q, CTRL))
    assert not person.frame.isVisible()
    assert QApplication.activeModalWidget() is None
