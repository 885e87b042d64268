"""What is shown where there is nothing yet: a sign, a sentence, and what to do."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.theme.icons import paint

_SIGN_PX = 28


class EmptyPage(QWidget):
    """Painted in the middle of the room it has."""

    def __init__(self, theme: Theme, sign: str = "runs", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._sign = theme, sign
        self._title, self._hint = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def say(self, title: str, hint: str = "") -> None:
        """Show these words."""
        if (title, hint) != (self._title, self._hint):
            self._title, self._hint = title, hint
            self.setAccessibleName(f"{title} {hint}".strip())
            self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._title} {self._hint}".strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        tokens, middle = self._theme.tokens, self.rect().center()
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        sign = QRectF(middle.x() - _SIGN_PX / 2, middle.y() - _SIGN_PX - 14, _SIGN_PX, _SIGN_PX)
        paint(painter, self._sign, sign, tokens.text_faint)
        room = QRectF(20, middle.y() - 4, self.width() - 40, 22)
        painter.setFont(self._theme.font("medium"))
        painter.setPen(QColor(tokens.text))
        painter.drawText(room, centred, self._title)
        painter.setFont(self._theme.font("ui"))
        painter.setPen(QColor(tokens.text_dim))
        painter.drawText(room.translated(0, 22), centred, self._hint)
