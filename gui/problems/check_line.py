"""One line with a passed check of the project."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.problems.checks import Check
from gui.theme import Theme

SIGN_PX = 13


class CheckLine(QWidget):
    """A sentence with a tick or a dash before it."""

    def __init__(self, theme: Theme, *, wraps: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self._good = True
        self._sign, self.text = QLabel(), QLabel()
        self._sign.setFixedWidth(SIGN_PX)
        self.text.setProperty("voice", "dim")
        self.text.setWordWrap(wraps)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 0, 1)
        row.setSpacing(7)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop if wraps else Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        if not wraps:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._draw)

    def show_check(self, check: Check) -> None:
        """Show this check."""
        self.text.setText(check.text)
        self._good = check.good
        self._draw()

    def _draw(self) -> None:
        name, colour = ("check", "good") if self._good else ("minus", "text_faint")
        size = QSize(SIGN_PX, SIGN_PX + 3)
        self._sign.setPixmap(self._theme.icon(name, colour).pixmap(size, self.devicePixelRatioF()))
