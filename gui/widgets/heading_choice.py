"""A heading that is also a choice between several names."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

HEIGHT_PX = 24
_GAP = 14


class Switch(QWidget):
    """Clicks and arrow keys choose a name, which ``current_changed`` carries."""

    current_changed = Signal(str)

    def __init__(self, theme: Theme, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.names, self.current = theme, names, names[0]
        self._hovered_name, self._preferred = "", ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if len(names) > 1 else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._update_accessible_name()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Show other names; the name that the user chose stays current, or becomes so again when it is back."""
        if names != self.names:
            self.names = names
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus if len(names) > 1 else Qt.FocusPolicy.NoFocus)
            self._preferred = self._preferred or self.current
            self._set_current(self._preferred if self._preferred in names else names[0])
            self._update_accessible_name()
            self.update()

    def choose(self, name: str) -> None:
        """Make a name the current one."""
        if name in self.names:
            self._preferred = name
            self._set_current(name)

    def _set_current(self, name: str) -> None:
        if name != self.current:
            self.current = name
            self._update_accessible_name()
            self.current_changed.emit(name)
            self.update()

    def _update_accessible_name(self) -> None:
        """Give the current name and the other ones to screen readers."""
        self.setAccessibleName(self.current)
        self.setAccessibleDescription(f"One of {', '.join(self.names)}" if len(self.names) > 1 else "")

    def sizeHint(self) -> QSize:
        return QSize(round(self._spans()[-1].right()) + 60, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._spans()[-1].right()), HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        tokens = self._theme.tokens
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        spans = self._spans()
        painter.setFont(self._theme.font("bold"))
        for name, span in zip(self.names, spans, strict=True):
            is_loud = name in (self.current, self._hovered_name)
            painter.setPen(QColor(tokens.text if is_loud else tokens.text_dim))
            painter.drawText(span, left, name)
            if name == self.current and self.hasFocus():
                painter.fillRect(QRectF(span.left(), span.bottom() - 3, span.width(), 2), QColor(tokens.focus))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._name_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        del event
        self._hover("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.choose(self._name_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        index = self.names.index(self.current) + step
        self.choose(self.names[index % len(self.names)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _hover(self, name: str) -> None:
        if name != self._hovered_name:
            self._hovered_name = name
            is_choice = bool(name) and len(self.names) > 1
            self.setCursor(Qt.CursorShape.PointingHandCursor if is_choice else Qt.CursorShape.ArrowCursor)
            self.update()

    def _name_at(self, x: float) -> str:
        spans = zip(self.names, self._spans(), strict=True)
        return next((name for name, span in spans if span.left() - 4 <= x <= span.right() + 4), "")

    def _spans(self) -> list[QRectF]:
        metrics, left, spans = QFontMetricsF(self._theme.font("bold")), 0.0, []
        for name in self.names:
            width = metrics.horizontalAdvance(name) + 1
            spans.append(QRectF(left, 0, width, HEIGHT_PX))
            left += width + _GAP
        return spans
