"""The buttons in the head of a card that move or remove its entry of a list."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.forms.controls import IconButton
from gui.theme import Theme


class EntryButtons(QWidget):
    """``moved``: by -1 or 1 places. ``removed``: the entry is to be removed."""

    moved = Signal(int)
    removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.up = IconButton(theme, "chevron-up", "Earlier")
        self.down = IconButton(theme, "chevron-down", "Later")
        self.remove = IconButton(theme, "close", "Remove")
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)

    def show_place(self, name: str, *, is_first: bool, is_last: bool) -> None:
        """Enable the buttons for the place of the entry ``name``."""
        self.up.setEnabled(not is_first)
        self.down.setEnabled(not is_last)
        for button, verb in ((self.up, "earlier"), (self.down, "later"), (self.remove, "remove")):
            button.setAccessibleName(f"{name}: {verb}")
