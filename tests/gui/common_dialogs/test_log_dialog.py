"""The dialog of logs: the end of each file, or the reason why there is none."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.common_dialogs.log_dialog import MAX_BYTES, LogDialog


@pytest.fixture
def show_logs(qtbot, theme, tmp_path):
    def open_dialog(**texts: str) -> LogDialog:
        files = [tmp_path / f"{name}.log" for name in ("window", "fault")]
        for name, text in texts.items():
            (tmp_path / f"{name}.log").write_text(text, encoding="utf-8")
        dialog = LogDialog("Log", files)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


def test_a_missing_log_is_explained(show_logs):
    dialog = show_logs()
    assert dialog.text.toPlainText() == "Nothing has been written yet."
    assert dialog.path.text().endswith("window.log")
    assert not dialog.tabs.isVisible()


def test_each_file_with_something_in_it_has_a_tab(show_logs):
    assert not show_logs(window="one\n", fault="").tabs.isVisible()
    dialog = show_logs(window="one\n", fault="two\n")
    assert dialog.tabs.isVisible()
    QTest.mouseClick(dialog.tabs, Qt.MouseButton.LeftButton, pos=dialog.tabs.tabRect(1).center())
    assert dialog.text.toPlainText() == "two\n"
    assert dialog.path.text().endswith("fault.log")


def test_of_a_long_log_the_end_is_shown_in_whole_lines(show_logs):
    line = "all is well, and has been so for a long time\n"
    dialog = show_logs(window=line * (3 * MAX_BYTES // len(line)) + "the last line")
    lines = dialog.text.toPlainText().splitlines()
    assert "bytes before this are in the file" in lines[0]
    assert lines[1] == line.strip()
    assert lines[-1] == "the last line"
    assert dialog.text.verticalScrollBar().value() == dialog.text.verticalScrollBar().maximum()


def test_bytes_that_are_not_utf8_are_replaced(show_logs, tmp_path):
    (tmp_path / "window.log").write_bytes(b"one \xff\xfe two\n")
    assert show_logs().text.toPlainText().startswith("one ")
