"""What all our dialogs have in common."""

from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

AROUND = QSize(16, 48)  # what a window's frame takes of the screen


class Dialog(QDialog):
    """A dialog with a title, a body to fill, and a row of buttons at the bottom."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None, *, subtitle: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(0)
        column.addWidget(labelled(title, "dialog_title"))
        if subtitle:
            column.addSpacing(3)
            column.addWidget(labelled(subtitle, "dim"))
        column.addSpacing(14)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        column.addLayout(self.body, 1)
        column.addSpacing(16)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addStretch(1)
        column.addLayout(self.foot)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as wide as the longest line, and as high as wrapped texts turn out to be; Qt guesses both too early.

        Never larger than the screen: what can be scrolled is smaller there.
        """
        super().showEvent(event)
        room = self.screen().availableSize() - AROUND
        width = min(max(self.width(), self._column.totalMinimumSize().width()), room.width())
        height = min(max(self.height(), self._column.totalHeightForWidth(width)), room.height())
        self.resize(width, height)

    def add_button(self, text: str, name: str = "", *, default: bool = False, first: bool = False) -> QPushButton:
        """Put a button into the bottom row: at its right end, or at the left one."""
        button = QPushButton(text)
        button.setObjectName(name or f"button_{text.lower().replace(' ', '_')}")
        button.setDefault(default)
        button.setAutoDefault(default)
        self.foot.insertWidget(0 if first else self.foot.count(), button)
        items = (self.foot.itemAt(place) for place in range(self.foot.count()))
        row = [widget for item in items if item and (widget := item.widget())]
        for here, there in pairwise(row):  # the keyboard goes along the row, in whatever order it was made
            self.setTabOrder(here, there)
        return button

    def add_close(self, text: str = "Close") -> QPushButton:
        """A button that ends the dialog, and that Return presses."""
        button = self.add_button(text, "close", default=True)
        button.clicked.connect(self.accept)
        return button


def labelled(text: str, voice: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the theme's voices."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    label.setIndent(0)  # Qt indents labels that the stylesheet pads
    if voice:
        label.setProperty("voice", voice)
    return label
