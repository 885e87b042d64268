"""A frame around what the keyboard was brought to by a key, so that it is seen where typing goes."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.theme import Theme

WIDTH_PX = 2
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class FocusRing(QWidget):
    """Lies over a view, and lets every click through; gone as soon as the mouse is used."""

    def __init__(self, around: QAbstractScrollArea, theme: Theme) -> None:
        super().__init__(around)
        self._around, self._theme = around, theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        around.installEventFilter(self)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.FocusIn if isinstance(event, QFocusEvent) and event.reason() in _BY_KEY:
                self._come()
            case QEvent.Type.FocusOut | QEvent.Type.MouseButtonPress:
                self._go()
            case QEvent.Type.Resize:
                self.setGeometry(self._around.rect())
        return super().eventFilter(target, event)

    def _come(self) -> None:
        self.setGeometry(self._around.rect())
        self.show()
        self.raise_()
        self._around.viewport().installEventFilter(self)  # it hears of the mouse; else it is left in peace

    def _go(self) -> None:
        self._around.viewport().removeEventFilter(self)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.colour("focus"), WIDTH_PX))
        half = WIDTH_PX // 2
        painter.drawRect(self.rect().adjusted(half, half, -half, -half))
