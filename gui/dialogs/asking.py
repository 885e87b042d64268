"""The questions about files, asked with dialogs."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.errors import EngineError
from engine.project.file import SUFFIX

_FILTER = f"Torchloom projects (*{SUFFIX})"


class Dialogs:
    """Asks over a window."""

    def __init__(self, parent: QWidget) -> None:
        self.parent = parent

    def where_to_save(self, proposal: Path) -> Path | None:
        """The file to write, or ``None`` to go back."""
        name, _ = QFileDialog.getSaveFileName(self.parent, "Save the project", str(proposal), _FILTER)
        return Path(name) if name else None

    def what_to_open(self, folder: Path) -> Path | None:
        """The file to read, or ``None`` to go back."""
        name, _ = QFileDialog.getOpenFileName(self.parent, "Open a project", str(folder), f"{_FILTER};;All files (*)")
        return Path(name) if name else None

    def save_first(self, name: str) -> bool | None:
        """Save what is unsaved (true), drop it (false), or go back (none)."""
        box = QMessageBox(self.parent)
        box.setObjectName("unsaved")
        box.setWindowTitle("Unsaved changes")
        box.setText(f"Save the changes to {name}?")
        box.setInformativeText("Without saving they are gone.")
        save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        box.deleteLater()
        clicked = box.clickedButton()
        return True if clicked is save else False if clicked is drop else None

    def wrong(self, title: str, error: EngineError) -> None:
        """Tell what kept a file from being read or written, and what to do."""
        box = QMessageBox(self.parent)
        box.setObjectName("wrong")
        box.setWindowTitle("Torchloom")
        box.setText(title)
        box.setInformativeText(str(error))
        box.addButton("OK", QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        box.deleteLater()
