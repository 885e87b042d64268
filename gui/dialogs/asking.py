"""The questions about files, asked with dialogs."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox, QWidget

from engine.errors import EngineError
from gui.settings import Settings
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.dialogs.files_dialog import FilesDialog


class Dialogs:
    """Asks over a window."""

    def __init__(self, parent: QWidget, theme: Theme, settings: Settings) -> None:
        self.parent, self._theme, self._settings = parent, theme, settings

    def where_to_save(self, proposal: Path) -> Path | None:
        """The file to write, or ``None`` to go back."""
        from gui.dialogs.files_dialog import PROJECTS

        return self._files("Save the project").to_save(proposal, PROJECTS)

    def what_to_open(self, folder: Path) -> Path | None:
        """The file to read, or ``None`` to go back."""
        from gui.dialogs.files_dialog import ALL, PROJECTS

        return self._files("Open a project").to_open(folder, f"{PROJECTS};;{ALL}")

    def _files(self, title: str) -> "FilesDialog":
        from gui.dialogs.files_dialog import FilesDialog

        return FilesDialog(self.parent, self._theme, title, map(Path, self._settings.values.recent))

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
