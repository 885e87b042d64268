"""What all the painted pictures of data share: where the keyboard is, and what is under the pointer."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import Theme


class PaintArea(QWidget):
    """A widget that paints spots, each with something to say; arrows go from one to the next."""

    current_changed = Signal(str)  # what the spot with the keyboard says

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.current = -1
        self._is_by_key = False  # the keyboard was brought here by a key: that is to be seen
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def spots(self) -> int:
        """How many there are."""
        raise NotImplementedError

    def place(self, at: int) -> QRectF:
        """Where one is."""
        raise NotImplementedError

    def description(self, at: int) -> str:
        """What one says."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint all."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def spot_at(self, point: QPointF) -> int:
        """The spot under a point, -1 for none."""
        return next((at for at in range(self.spots()) if self.place(at).contains(point)), -1)

    def set_current(self, at: int) -> None:
        """Put the keyboard on a spot."""
        if 0 <= at < self.spots() and at != self.current:
            self.current = at
            self.setAccessibleDescription(self.description(at))
            self.current_changed.emit(self.description(at))
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = self.spot_at(QPointF(event.pos()))
            text = self.description(at) if at >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self, self.place(at).toRect() if at >= 0 else self.rect())
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._is_by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if self._is_by_key and self.current < 0:
            self.set_current(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: self.row, Qt.Key.Key_Up: -self.row}
        by = step.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.set_current(0 if self.current < 0 else self.current + by)

    @property
    def row(self) -> int:
        """How many spots lie between one and the one below it."""
        return 1

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        is_on_spot = 0 <= self.current < self.spots()
        if self.hasFocus() and (is_on_spot or self._is_by_key):
            around = self.place(self.current) if is_on_spot else QRectF(self.rect())
            painter.setPen(self.theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(around.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
