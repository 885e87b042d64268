"""The chip on a wire: the shape of the value that flows there."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.canvas.items.size_text import Piece
from gui.canvas.items.style import Paints

HEIGHT = 18.0
PAD = 6.0


def chip_width(pieces: tuple[Piece, ...], paints: Paints) -> float:
    """The width of a chip."""
    return sum(paints.measure(text, _voice(voice)) for text, voice in pieces) + 2 * PAD


def paint_chip(painter: QPainter, centre: QPointF, pieces: tuple[Piece, ...], paints: Paints, *, wrong: bool) -> None:
    """Draw a chip around its centre."""
    width = chip_width(pieces, paints)
    rect = QRectF(centre.x() - width / 2, centre.y() - HEIGHT / 2, width, HEIGHT)
    painter.setPen(paints.chip_wrong if wrong else paints.chip_edge)
    painter.setBrush(paints.chip)
    painter.drawRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)
    x, y = rect.left() + PAD, rect.center().y() + 3.6
    for text, voice in pieces:
        font = _voice(voice)
        painter.setFont(paints.fonts[font])
        painter.setPen(paints.faint if voice == "dim" else paints.text if voice == "bold" else paints.dim)
        painter.drawText(QPointF(x, y), text)
        x += paints.measure(text, font)


def _voice(voice: str) -> str:
    return "chip_bold" if voice == "bold" else "chip"
