"""A page for where there is nothing yet: an icon, a title, and a hint what to do."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.theme.icons import paint

_ICON_PX = 28


class EmptyPage(QWidget):
    """An icon and two lines of text, painted in the middle."""

    def __init__(self, theme: Theme, icon: str = "runs", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._icon = theme, icon
        self._title, self._hint = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def say(self, title: str, hint: str = "") -> None:
        """Show these texts."""
        if (title, hint) != (self._title, self._hint):
            self._title, self._hint = title, hint
            self.setAccessibleName(f"{title} {hint}".strip())
            self.update()

    @property
    def text(self) -> str:
        """The title and the hint."""
        return f"{self._title} {self._hint}".strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        tokens, middle = self._theme.tokens, self.rect().center()
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        icon = QRectF(middle.x() - _ICON_PX / 2, middle.y() - _ICON_PX - 14, _ICON_PX, _ICON_PX)
        paint(painter, self._icon, icon, tokens.text_faint)
        room = QRectF(20, middle.y() - 4, self.width() - 40, 22)
        painter.setFont(self._theme.font("medium"))
        painter.setPen(QColor(tokens.text))
        painter.drawText(room, centred, self._title)
        painter.setFont(self._theme.font("ui"))
        painter.setPen(QColor(tokens.text_dim))
        painter.drawText(room.translated(0, 22), centred, self._hint)
