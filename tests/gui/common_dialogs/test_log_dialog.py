"""Logs in a window of ours: the end of each file, and words where there is none."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.common_dialogs.log_dialog import MOST_BYTES, LogDialog


@pytest.fixture
def shown(qtbot, theme, tmp_path):
    def show(**texts: str) -> LogDialog:
        files = [tmp_path / f"{name}.log" for name in ("window", "fault")]
        for name, text in texts.items():
            (tmp_path / f"{name}.log").write_text(text, encoding="utf-8")
        sheet = LogDialog("Log", files)
        qtbot.addWidget(sheet)
        sheet.show()
        return sheet

    return show


def test_a_log_that_is_not_there_is_told_in_words(shown):
    sheet = shown()
    assert sheet.text.toPlainText() == "Nothing has been written yet."
    assert sheet.path.text().endswith("window.log")
    assert not sheet.tabs.isVisible()


def test_each_file_with_something_in_it_has_a_tab(shown):
    assert not shown(window="one\n", fault="").tabs.isVisible()
    sheet = shown(window="one\n", fault="two\n")
    assert sheet.tabs.isVisible()
    QTest.mouseClick(sheet.tabs, Qt.MouseButton.LeftButton, pos=sheet.tabs.tabRect(1).center())
    assert sheet.text.toPlainText() == "two\n"
    assert sheet.path.text().endswith("fault.log")


def test_of_a_long_log_the_end_is_shown_in_whole_lines(shown):
    line = "all is well, and has been so for a long time\n"
    sheet = shown(window=line * (3 * MOST_BYTES // len(line)) + "the last line")
    lines = sheet.text.toPlainText().splitlines()
    assert "bytes before this are in the file" in lines[0]
    assert lines[1] == line.strip()
    assert lines[-1] == "the last line"
    assert sheet.text.verticalScrollBar().value() == sheet.text.verticalScrollBar().maximum()


def test_bytes_that_are_no_text_are_no_obstacle(shown, tmp_path):
    (tmp_path / "window.log").write_bytes(b"one \xff\xfe two\n")
    assert shown().text.toPlainText().startswith("one ")
