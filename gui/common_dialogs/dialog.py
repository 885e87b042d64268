"""The base of all dialogs."""

from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

FRAME_SIZE = QSize(16, 48)  # of the frame that the system draws around a window


class Dialog(QDialog):
    """A dialog with a title, a body to fill, and a row of buttons at the bottom."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None, *, subtitle: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(0)
        column.addWidget(text_label(title, "dialog_title"))
        if subtitle:
            column.addSpacing(3)
            column.addWidget(text_label(subtitle, "dim"))
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
        """Fit the size to the longest line and the wrapped texts, which Qt measures too early, and to the screen."""
        super().showEvent(event)
        room = self.screen().availableSize() - FRAME_SIZE
        width = min(max(self.width(), self._column.totalMinimumSize().width()), room.width())
        height = min(max(self.height(), self._column.totalHeightForWidth(width)), room.height())
        self.resize(width, height)

    def add_button(self, text: str, name: str = "", *, default: bool = False, first: bool = False) -> QPushButton:
        """Add a button to the bottom row: at its right end, or with ``first`` at its left end."""
        button = QPushButton(text)
        button.setObjectName(name or f"button_{text.lower().replace(' ', '_')}")
        button.setDefault(default)
        button.setAutoDefault(default)
        self.foot.insertWidget(0 if first else self.foot.count(), button)
        items = (self.foot.itemAt(place) for place in range(self.foot.count()))
        row = [widget for item in items if item and (widget := item.widget())]
        for before, after in pairwise(row):  # Tab follows the row, whatever the order of creation
            self.setTabOrder(before, after)
        return button

    def add_close(self, text: str = "Close") -> QPushButton:
        """Add the default button, which closes the dialog."""
        button = self.add_button(text, "close", default=True)
        button.clicked.connect(self.accept)
        return button


def text_label(text: str, voice: str = "", *, wrap: bool = False) -> QLabel:
    """A label in a text style of the theme; ``voice`` is its name in the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    label.setIndent(0)  # Qt indents labels that the stylesheet pads
    if voice:
        label.setProperty("voice", voice)
    return label
