"""The empty window: all that the first paint needs, before other modules are loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QMainWindow

from gui.theme.tokens import Tokens

if TYPE_CHECKING:  # importing a type of Qt takes a part of a millisecond
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent

SIZE = (1600, 1000)
_SHARE = 0.94  # of the screen, where that is smaller
LEAST = (960, 600)
_BANDS_PX = (30, 46)  # the heights of menus and toolbar


class Frame(QMainWindow):
    """A main window that shows the colours of the theme until it is filled.

    ``may_close`` decides about closing; ``takes`` and ``drop`` handle files that are dragged in; ``unhandled_key`` gets
    the keys that no widget handled.
    """

    painted = Signal()  # once, by the first paint

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("Torchloom")
        self.setMinimumSize(*LEAST)
        room = self.screen().availableGeometry()
        self.resize(min(SIZE[0], round(room.width() * _SHARE)), min(SIZE[1], round(room.height() * _SHARE)))
        self.tokens = tokens
        self.is_painted = False
        self.may_close: Callable[[], bool] = lambda: True
        self.takes: Callable[[QDragEnterEvent], bool] = lambda _: False
        self.unhandled_key: Callable[[QKeyEvent], object] = lambda _: None
        self.drop: Callable[[QDropEvent], object] = lambda _: None

    def paintEvent(self, event: "QPaintEvent") -> None:
        if self.centralWidget() is None:
            menus, toolbar = _BANDS_PX
            painter = QPainter(self)
            painter.fillRect(event.rect(), QColor(self.tokens.window))
            painter.fillRect(0, menus, self.width(), toolbar, QColor(self.tokens.toolbar))
            painter.setPen(QColor(self.tokens.line))
            for y in (menus, menus + toolbar):
                painter.drawLine(0, y, self.width(), y)
            painter.end()
        if not self.is_painted:
            self.is_painted = True
            self.painted.emit()

    def closeEvent(self, event: "QCloseEvent") -> None:
        event.setAccepted(self.may_close())

    def keyPressEvent(self, event: "QKeyEvent") -> None:
        super().keyPressEvent(event)
        self.unhandled_key(event)

    def dragEnterEvent(self, event: "QDragEnterEvent") -> None:
        if self.takes(event):
            event.acceptProposedAction()

    def dropEvent(self, event: "QDropEvent") -> None:
        self.drop(event)
