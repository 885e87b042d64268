"""Dialogs leave nothing behind, however often they are opened."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton, QWidget

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
        person.during(name, lambda _: person.key(KEY.Key_Escape), person.seams.actions[action].trigger)
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

    person.during("log", read, person.seams.actions["help.logs"].trigger)


def test_the_question_about_unsaved_changes_goes_with_its_answer(start, worker) -> None:
    worker()
    person = start(None)
    person.press("welcome_close")
    person.hand.click("drop")
    person.key(KEY.Key_M)

    def answer(dialog: QWidget, text: str) -> None:
        person.click(next(each for each in dialog.findChildren(QPushButton) if each.text() == text))

    person.during("unsaved", lambda dialog: answer(dialog, "Cancel"), lambda: person.key(KEY.Key_Q, CTRL))
    assert person.frame.isVisible()
    person.wait(lambda: not person.frame.findChildren(QDialog, "unsaved"))
    person.during("unsaved", lambda dialog: answer(dialog, "Don't save"), lambda: person.key(KEY.Key_Q, CTRL))
    assert not person.frame.isVisible()
    assert QApplication.activeModalWidget() is None
