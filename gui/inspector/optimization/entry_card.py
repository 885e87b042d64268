"""The card of one entry of a list: a frame with a title, and a button that removes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.forms.controls import IconButton
from gui.theme import Theme


class EntryCard(QFrame):
    """``removed``: the place of the entry."""

    removed = Signal(int)

    def __init__(self, place: int, title: str, theme: Theme, parts: tuple[QWidget, ...]) -> None:
        super().__init__()
        self.setObjectName("entry_card")
        self.setProperty("role", "problem")
        self.place = place
        self.remove = IconButton(theme, "close", f"Remove {title}")
        self.remove.clicked.connect(lambda: self.removed.emit(self.place))
        label = QLabel(title)
        label.setProperty("voice", "dim")
        row = QHBoxLayout()
        row.addWidget(label, 1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 5, 6, 6)
        column.setSpacing(6)
        column.addLayout(row)
        for part in parts:
            column.addWidget(part)
