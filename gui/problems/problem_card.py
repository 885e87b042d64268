"""One problem on a card: what is wrong, what to do, and a button that does it."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from engine.check.diagnostics import Diagnostic
from gui.state.problem_level import Tone
from gui.theme import Theme

ICONS: Mapping[str, tuple[str, str]] = {
    "error": ("error", "error"),
    "warning": ("warning", "warning"),
    "unfinished": ("more", "text_dim"),
    "info": ("info", "accent"),
}
"""The icon and the colour of each tone."""
ICON_PX = 15


class CutLabel(QLabel):
    """A label of one line, elided in the middle."""

    def paintEvent(self, _: QPaintEvent) -> None:
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        QStylePainter(self).drawItemText(
            room, int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
        )


class CutButton(QPushButton):
    """A button whose text is elided in the middle."""

    def paintEvent(self, _: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, inside.width())
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


class ProblemCard(QFrame):
    """Shows a problem. ``activated``: show its place; ``fix_wanted``: apply its fix.

    ``placed``: the card names the node as well, since it is not beside it.
    """

    activated = Signal(object)  # the Diagnostic
    fix_wanted = Signal(object)
    focus_moved = Signal(int)  # 1: move the focus to the next card, -1: to the one before

    def __init__(self, theme: Theme, *, placed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "problem")
        self.problem: Diagnostic | None = None
        self.tone: Tone = "info"
        self._theme, self._placed = theme, placed
        self._sign, self._where, self._message, self._hint = QLabel(), CutLabel(), QLabel(), QLabel()
        self._where.setProperty("voice", "code")
        self._hint.setProperty("voice", "small")
        for label in (self._message, self._hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.fix = CutButton()
        self.fix.setProperty("role", "fix")
        self.fix.clicked.connect(lambda: self.fix_wanted.emit(self.problem))
        for part in (self._where, self._message, self._hint, self.fix):
            part.setMinimumWidth(1)  # a card is as wide as its list, whatever it contains
        self._sign.setFixedSize(ICON_PX, ICON_PX)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addWidget(self._where)
        column.addWidget(self._message)
        column.addWidget(self._hint)
        column.addWidget(self.fix, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 7, 9, 8)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        if placed:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._draw)

    def show_problem(self, problem: Diagnostic, tone: Tone) -> None:
        """Show this problem in a tone."""
        if (problem, tone) == (self.problem, self.tone):
            return
        self.problem, self.tone = problem, tone
        place = problem.node or problem.graph or "project"
        self._where.setText(f"{problem.code}  {place}{f'.{problem.port}' if problem.port else ''}")
        self._where.setVisible(self._placed)
        self._message.setText(problem.message)
        self._hint.setText(problem.hint)
        self._hint.setVisible(bool(problem.hint))
        self.fix.setVisible(problem.fix is not None)
        if problem.fix is not None:
            self.fix.setText(problem.fix.label)
            self.fix.setToolTip(problem.fix.label)
            self.fix.setAccessibleName(f"Fix: {problem.fix.label}")
        self.setAccessibleName(f"{tone} {problem.code} at {place}: {problem.message}")
        self.setAccessibleDescription(problem.hint)
        self.setToolTip("" if self._placed else problem.code)
        self._draw()

    def _draw(self) -> None:
        if self.problem is not None:
            name, colour = ICONS[self.tone]
            self._sign.setPixmap(
                self._theme.icon(name, colour).pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF())
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._placed and event.button() is Qt.MouseButton.LeftButton:
            self.activated.emit(self.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._placed and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit(self.problem)
        elif self._placed and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focus_moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
