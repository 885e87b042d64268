"""The entries of a list as cards below each other, with buttons that add and remove one."""

from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.forms.controls import IconButton
from gui.theme import Theme
from gui.widgets.removal import remove_widget


class EntryCard(QFrame):
    """A frame with a title around forms. ``edited``: its place, the entry, the label of the edit."""

    edited = Signal(int, object, str)
    removed = Signal(int)
    help_changed = Signal(str)

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


Card = TypeVar("Card", bound=EntryCard)


class CardList(QWidget, Generic[Card]):
    """Cards, and the button ``add``. ``changed``: the whole list, and the label of the edit."""

    changed = Signal(object, str)
    help_changed = Signal(str)

    def __init__(self, add: str, tip: str, above: QWidget | None = None) -> None:
        super().__init__()
        self.cards: list[Card] = []
        self.add = QPushButton(add)
        self.add.setToolTip(tip)
        self.add.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if above is not None:
            column.addWidget(above)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_count(self, count: int) -> None:
        """Have so many cards."""
        while len(self.cards) > count:
            remove_widget(self.cards.pop())
        while len(self.cards) < count:
            card = self._card(len(self.cards))
            card.edited.connect(self._set)
            card.removed.connect(self._remove)
            card.help_changed.connect(self.help_changed)
            self.cards.append(card)
            self._list.addWidget(card)

    def _card(self, index: int) -> Card:
        """A new card, the next one of the list."""
        raise NotImplementedError

    def _add(self) -> None:
        """Add an entry after the others."""
        raise NotImplementedError

    def _set(self, place: int, entry: object, label: str) -> None:
        """Replace an entry."""
        raise NotImplementedError

    def _remove(self, place: int) -> None:
        """Remove an entry."""
        raise NotImplementedError
