"""The controls of forms: a text field with a suffix and steps, a switch, an icon button."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QStylePainter,
    QToolButton,
    QWidget,
)

from gui.theme import Theme
from gui.theme.icons import paint

STEP_PX = 18  # width of the arrows
PAD_PX = 8
MARGIN_PX = 2  # that Qt leaves beside the text of a line edit
MANY = 10  # steps with Shift


class TextField(QLineEdit):
    """A line edit with a dim suffix. Its arrows, the arrow keys and the wheel emit ``stepped``.

    ``committed``: editing has ended, by Enter or with the focus. ``reverted``: Escape has restored the former text.
    Undo and redo are left to the window.
    """

    stepped = Signal(int)
    committed = Signal()
    reverted = Signal()

    shows_end = False  # of a text that is too long, while it is not edited; as for a path

    def __init__(self, theme: Theme, *, steps: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._steps, self._suffix = theme, steps, ""
        self._text_before = ""
        self.setMinimumWidth(48)
        self.setMouseTracking(True)
        self._place_text()

    def set_suffix(self, text: str) -> None:
        """Show a text beside the value, such as its unit."""
        if text != self._suffix:
            self._suffix = text
            self._place_text()

    def _place_text(self) -> None:
        metrics = QFontMetrics(self._theme.font("small"))
        right = metrics.horizontalAdvance(self._suffix) + PAD_PX if self._suffix else 0
        self.setTextMargins(0, 0, max(right, STEP_PX - 6 if self._steps else 0), 0)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            undoes = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if undoes:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.isModified():
            self._text_before = self.text()
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if step and self._steps and not self.isReadOnly():
            many = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(step * (MANY if many else 1))
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setModified(False)
            self.committed.emit()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._text_before)
            self.selectAll()
            self.reverted.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.committed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not (self.hasFocus() and self._steps):
            event.ignore()  # the panel scrolls
            return
        notches = event.angleDelta().y() / 120
        if notches:
            self.stepped.emit(round(notches) or (1 if notches > 0 else -1))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._is_on_arrows(event.position()):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.stepped.emit(1 if event.position().y() < self.height() / 2 else -1)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        arrow = self._is_on_arrows(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if arrow else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shows_end and not self.hasFocus() and self._is_too_long():
            self._paint_end()
            return
        super().paintEvent(event)
        painter = QPainter(self)
        if self._steps and (self.underMouse() or self.hasFocus()):
            self._paint_arrows(painter)
        elif self._suffix:
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.colour("text_dim"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -PAD_PX - 1, 0), flags, self._suffix)
        painter.end()

    @property
    def text_rect(self) -> QRect:
        """The rectangle of the text."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return inside.marginsRemoved(self.textMargins()).adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)

    def _is_too_long(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.text_rect.width()

    def visible_text(self) -> str:
        """The text as it is painted without the focus."""
        mode = Qt.TextElideMode.ElideLeft if self.shows_end else Qt.TextElideMode.ElideNone
        return self.fontMetrics().elidedText(self.text(), mode, self.text_rect.width())

    def _paint_end(self) -> None:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        painter.setPen(self.palette().text().color())
        painter.drawText(
            self.text_rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.visible_text()
        )
        painter.end()

    def _paint_arrows(self, painter: QPainter) -> None:
        colour = self._theme.tokens.text_dim
        left, middle = self.width() - STEP_PX + 3, self.height() / 2
        paint(painter, "chevron-up", QRectF(left, middle - 10, 10, 10), colour)
        paint(painter, "chevron-down", QRectF(left, middle, 10, 10), colour)

    def _is_on_arrows(self, at: QPointF) -> bool:
        return self._steps and not self.isReadOnly() and at.x() >= self.width() - STEP_PX


class Switch(QCheckBox):
    """On or off, or a third state where several nodes differ."""

    TRACK = QSize(32, 18)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self.TRACK.width() + 4, self._theme.tokens.control_px)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def nextCheckState(self) -> None:
        self.setChecked(self.checkState() is not Qt.CheckState.Checked)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, state = self._theme, self.checkState()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, (self.height() - self.TRACK.height()) / 2, self.TRACK.width(), self.TRACK.height())
        track.adjust(0.5, 0.5, -0.5, -0.5)
        on = state is Qt.CheckState.Checked
        idle = bool(self.property("idle"))  # the value has no effect
        if self.hasFocus():  # around the track, which may be of the same colour
            painter.setPen(theme.colour("focus"))
            painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), track.height() / 2 + 2, track.height() / 2 + 2)
        painter.setPen(theme.colour("accent_fill" if on and not idle else "text_faint"))
        painter.setBrush(theme.colour("text_faint" if on and idle else "accent_fill" if on else "field"))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        side = track.height() - 6
        share = {Qt.CheckState.Checked: 1.0, Qt.CheckState.Unchecked: 0.0}.get(state, 0.5)
        left = track.left() + 3 + share * (track.width() - 6 - side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            theme.colour("on_accent" if on else "text_dim" if self.isEnabled() and not idle else "text_faint")
        )
        painter.drawEllipse(QRectF(left, track.top() + 3, side, side))
        painter.end()


class IconButton(QToolButton):
    """A small button with an icon in a colour of the theme."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        size_px: int = 14,
        colour: str = "text_dim",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._colour = theme, icon, colour
        self.setProperty("role", "small")
        self.setIconSize(QSize(size_px, size_px))
        self.setToolTip(name)
        self.setAccessibleName(name)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._colour))


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and apply the style sheet again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
