"""Picks a file of samples, such as a table with many rows."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui.common_dialogs.file_dialog import ALL, FileDialog
from gui.theme import Theme


class FilePicker(QWidget):
    """A button, and the name of the file."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.path = ""
        self.button = QPushButton("Choose a file...")
        self.name = QLabel()
        self.name.setProperty("voice", "dim")
        self.name.setMinimumWidth(1)  # so that a long name never widens the panel
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.name, 1)
        self.button.clicked.connect(self._choose)

    def question(self) -> dict[str, object] | None:
        """The file as a question takes it; ``None`` while there is none."""
        return {"file": self.path} if self.path else None

    def choose(self, path: Path) -> None:
        """Ask about this file."""
        self.path = str(path)
        self.name.setText(path.name)
        self.name.setToolTip(self.path)
        self.changed.emit()

    def _choose(self) -> None:
        folder = Path(self.path).parent if self.path else Path.home()
        path = FileDialog(self, self._theme, "Choose a file of samples").to_open(folder, ALL)
        if path is not None:
            self.choose(path)
