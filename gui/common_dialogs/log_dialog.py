"""Shows log files, so that users can read and send them without a file manager."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QTabBar, QWidget

from gui.common_dialogs.dialog import Dialog, text_label
from gui.system.desktop import open_folder

MAX_BYTES = 256 << 10  # of each file: its end is what matters


class LogDialog(Dialog):
    """Shows the end of each file, scrolled to the newest line; files that are empty or missing are left out."""

    def __init__(self, title: str, files: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__("log", title, parent)
        self._files = [path for path in files if _size(path)] or [*files][:1]
        self.tabs = QTabBar()
        self.tabs.setObjectName("log_files")
        self.tabs.setAccessibleName("Log files")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for path in self._files:
            self.tabs.addTab(path.name)
        self.tabs.setVisible(len(self._files) > 1)
        self.text = QPlainTextEdit()
        self.text.setObjectName("log_text")
        self.text.setAccessibleName("Log")
        self.text.setReadOnly(True)
        self.text.setProperty("role", "code")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumSize(480, 200)
        self._scroll_bar = self.text.verticalScrollBar()
        self._scroll_bar.rangeChanged.connect(self._show_end)
        self.path = text_label("", "small", wrap=True)
        self.path.setObjectName("log_path")
        self.path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.status = text_label("", "small", wrap=True)
        self.status.hide()
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.path)
        self.body.addWidget(self.status)
        self.add_button("Copy", "log_copy", first=True).clicked.connect(self._copy)
        self.add_button("Open the folder", "log_folder", first=True).clicked.connect(self._open_folder)
        self.add_close()
        self.tabs.currentChanged.connect(self._show_file)
        self.resize(860, 560)
        self._show_file(0)

    def _show_file(self, index: int) -> None:
        path = self._files[index]
        self.text.setPlainText(_end_of(path))
        self.path.setText(str(path))

    def _show_end(self, first: int, last: int) -> None:
        del first
        self._scroll_bar.setValue(last)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.path.text()}\n\n{self.text.toPlainText()}")
        self._say("Copied.")

    def _open_folder(self) -> None:
        self._say(open_folder(Path(self.path.text()).parent))

    def _say(self, text: str) -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _end_of(path: Path) -> str:
    """The last lines of a file, or the reason why there are none."""
    try:
        with path.open("rb") as file:
            left_out = max(0, file.seek(0, 2) - MAX_BYTES)
            file.seek(left_out)
            text = file.read(MAX_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return "Nothing has been written yet."
    except OSError as wrong:
        return f"It cannot be read: {wrong.strerror}."
    if left_out:
        _, _, whole_lines = text.partition("\n")
        text = f"... {left_out:,} bytes before this are in the file.\n{whole_lines}"
    return text or "Nothing has been written yet."
