"""A family's glyph as a small widget."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme.icons import paint
from gui.theme.theme import Theme


class Glyph(QWidget):
    """Draws a family's glyph in its colour."""

    def __init__(self, theme: Theme, size_px: int, family: str = "structure", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._family = theme, family
        self.setFixedSize(size_px, size_px)
        theme.changed.connect(self.update)

    def set_family(self, family: str) -> None:
        """Show another family's glyph."""
        if family != self._family:
            self._family = family
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        paint(
            painter,
            self._theme.family(self._family).glyph,
            QRectF(self.rect()),
            self._theme.family(self._family).outline,
        )
        painter.end()
