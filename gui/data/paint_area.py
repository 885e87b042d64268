"""The base of widgets that paint items: keyboard navigation, tooltips, and a focus ring."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import Theme


class PaintArea(QWidget):
    """A widget that paints items, each with a description; arrow keys go from one to the next."""

    current_changed = Signal(str)  # the description of the current item

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.current = -1
        self._is_by_key = False  # whether the focus came by Tab, so that it is painted
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def item_count(self) -> int:
        """The number of items."""
        raise NotImplementedError

    def item_rect(self, at: int) -> QRectF:
        """The rectangle of an item."""
        raise NotImplementedError

    def description(self, at: int) -> str:
        """The description of an item."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint all items."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def item_at(self, point: QPointF) -> int:
        """The item at a point, -1 for none."""
        return next((at for at in range(self.item_count()) if self.item_rect(at).contains(point)), -1)

    def set_current(self, at: int) -> None:
        """Make an item the current one."""
        if 0 <= at < self.item_count() and at != self.current:
            self.current = at
            self.setAccessibleDescription(self.description(at))
            self.current_changed.emit(self.description(at))
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = self.item_at(QPointF(event.pos()))
            text = self.description(at) if at >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self, self.item_rect(at).toRect() if at >= 0 else self.rect())
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._is_by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if self._is_by_key and self.current < 0:
            self.set_current(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: self.items_per_row,
            Qt.Key.Key_Up: -self.items_per_row,
        }
        by = step.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.set_current(0 if self.current < 0 else self.current + by)

    @property
    def items_per_row(self) -> int:
        """The number of items in a row."""
        return 1

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        has_current = 0 <= self.current < self.item_count()
        if self.hasFocus() and (has_current or self._is_by_key):
            focus_rect = self.item_rect(self.current) if has_current else QRectF(self.rect())
            painter.setPen(self.theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(focus_rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
