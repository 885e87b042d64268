"""Asks for the files of results with dialogs over a window."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.theme import Theme

DATA = "Tables, arrays, images (*.csv *.tsv *.txt *.xlsx *.npz *.gz *ubyte *.idx)"


class ResultDialogs:
    """Remembers the folder of the last file."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        self._parent, self._theme = parent, theme
        self._folder = Path.home()

    def new_data(self) -> Path | None:
        """Ask for a file of new samples; of images, an archive of arrays or a table of the folder that is chosen."""
        from gui.common_dialogs.file_dialog import ALL, FileDialog

        dialog = FileDialog(self._parent, self._theme, "New data with its truth")
        return self._remember(dialog.to_open(self._folder, f"{DATA};;{ALL}"))

    def save(self, proposal: str, kind: str) -> Path | None:
        """Ask where to write."""
        from gui.common_dialogs.file_dialog import FileDialog

        dialog = FileDialog(self._parent, self._theme, "Save")
        return self._remember(dialog.to_save(self._folder / proposal, kind))

    def _remember(self, place: Path | None) -> Path | None:
        if place:
            self._folder = place.parent
        return place
