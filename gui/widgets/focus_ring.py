"""A frame around a view that has got the keyboard focus by a key, so that the user sees where it is."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.theme import Theme

WIDTH_PX = 2
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class FocusRing(QWidget):
    """Covers a view, transparent to the mouse; hidden as soon as the mouse is used."""

    def __init__(self, around: QAbstractScrollArea, theme: Theme) -> None:
        super().__init__(around)
        self._around, self._theme = around, theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        around.installEventFilter(self)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.FocusIn if isinstance(event, QFocusEvent) and event.reason() in _BY_KEY:
                self._show_ring()
            case QEvent.Type.FocusOut | QEvent.Type.MouseButtonPress:
                self._hide_ring()
            case QEvent.Type.Resize:
                self.setGeometry(self._around.rect())
        return super().eventFilter(target, event)

    def _show_ring(self) -> None:
        self.setGeometry(self._around.rect())
        self.show()
        self.raise_()
        self._around.viewport().installEventFilter(self)  # for mouse presses, only while the ring is visible

    def _hide_ring(self) -> None:
        self._around.viewport().removeEventFilter(self)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.colour("focus"), WIDTH_PX))
        half = WIDTH_PX // 2
        painter.drawRect(self.rect().adjusted(half, half, -half, -half))
