"""The head of the list of problems: their number, and the worst problem in one line."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from engine.check.diagnostics import Diagnostic
from gui.problems.check_line import CheckLine
from gui.problems.checks import Check
from gui.problems.problem_card import ICON_PX, ICONS, CutButton, CutLabel
from gui.state.problem_level import Tone
from gui.theme import Theme

HEIGHT_PX = 34
GAP_PX = 12
MAX_CHECKS = 4
FIX_PX = 220  # greatest width of the button that fixes the worst problem


class Head(QWidget):
    """Title and count; if the list is hidden, also its first problem, or the passed checks.

    ``toggled``: open or close the list. ``activated``: show the place of the first problem.
    """

    toggled = Signal()
    activated = Signal()
    fix_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._problem: Diagnostic | None = None
        self._tone: Tone = "info"
        self._checks: tuple[Check, ...] = ()
        self._is_slim = self._is_open = False
        self.title, self.count = QLabel("Problems"), QLabel()
        self._sign, self.line, self.fix = QLabel(), CutLabel(), CutButton()
        self.checks = [CheckLine(theme, wraps=False) for _ in range(MAX_CHECKS)]
        self.toggle = QToolButton()
        self._lay_out()
        self.fix.clicked.connect(lambda: self.fix_wanted.emit(self._problem))
        self.toggle.clicked.connect(self.toggled)
        theme.changed.connect(self._draw)

    def _lay_out(self) -> None:
        self.setFixedHeight(HEIGHT_PX)
        self.title.setProperty("voice", "brand")
        self.count.setProperty("voice", "dim")
        self.fix.setProperty("role", "fix")
        self.fix.setMaximumWidth(FIX_PX)
        self.toggle.setProperty("role", "small")
        self._sign.setFixedSize(ICON_PX, ICON_PX)
        self.line.setMinimumWidth(1)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.line.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 12, 0)
        row.setSpacing(GAP_PX)
        for part in (self.title, self.count, self._sign):
            row.addWidget(part)
        row.addWidget(self.line, 1)
        for check in self.checks:
            row.addWidget(check)
        row.addWidget(self.fix)
        row.addStretch(0)
        row.addWidget(self.toggle)

    def show_state(
        self, count: str, worst: Diagnostic | None, tone: Callable[[Diagnostic], Tone], checks: tuple[Check, ...]
    ) -> None:
        """Show the number of problems and the worst one, or the passed checks."""
        self.count.setText(count)
        self._problem, self._checks = worst, checks
        if worst is not None:
            self._tone = tone(worst)
            self.line.setText(worst.message)
            self.line.setToolTip(f"{worst.message} {worst.hint}")
            self.fix.setText(worst.fix.label if worst.fix else "")
            self.fix.setAccessibleName(f"Fix: {worst.fix.label}" if worst.fix else "")
        for check, line in zip(checks, self.checks, strict=False):
            line.show_check(check)
        self._draw()

    def set_layout(self, *, is_slim: bool, is_open: bool, can_open: bool) -> None:
        """Set whether only the head is visible, and whether the list can be opened and closed."""
        self._is_slim, self._is_open = is_slim, is_open
        self.toggle.setVisible(can_open)
        self._draw()

    def _draw(self) -> None:
        has_line = self._is_slim and self._problem is not None
        for part in (self._sign, self.line):
            part.setVisible(has_line)
        self.fix.setVisible(has_line and bool(self.fix.text()))
        name, colour = ICONS[self._tone]
        self._sign.setPixmap(self._theme.icon(name, colour).pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF()))
        self.toggle.setIcon(self._theme.icon("chevron-down" if self._is_open else "chevron-up", "text_dim"))
        self.toggle.setToolTip("Show one line" if self._is_open else "Show all problems (F8 goes to the next)")
        self.toggle.setAccessibleName("Close the list of problems" if self._is_open else "Open the list of problems")
        self._show_checks()

    def _show_checks(self) -> None:
        """Show the first checks, as many as fit."""
        checks = self._checks if self._is_slim and self._problem is None else ()
        room = self.width() - self.title.sizeHint().width() - self.count.sizeHint().width() - 6 * GAP_PX
        for at, line in enumerate(self.checks):
            room -= line.sizeHint().width() + GAP_PX
            line.setVisible(at < len(checks) and room >= 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_checks()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.line.isVisible():
            self.activated.emit()
