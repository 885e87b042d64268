"""The background of a graph: its colour, and dots at even distances in the scene."""

from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from gui.canvas.items.style import Paints

DOTS = 40.0  # between two dots, in scene pixels
DOT_PX = 2.0
MIN_DISTANCE_PX = 22.0  # at least this far apart on the screen


def paint_backdrop(painter: QPainter, rect: QRectF, zoom: float, paints: Paints) -> None:
    """Fill a rectangle of the scene; ``painter`` uses scene coordinates, ``zoom`` is in pixels per scene pixel.

    One row of dots is drawn as a pixmap and repeated, in a tenth of the time that thousands of dots take.
    """
    painter.fillRect(rect, paints.canvas)
    step = DOTS
    while step * zoom < MIN_DISTANCE_PX:
        step *= 2
    corner = QPointF(floor(rect.left() / step) * step, floor(rect.top() / step) * step)
    start, distance = painter.worldTransform().map(corner), step * zoom
    columns, rows = int(rect.width() / step) + 2, int(rect.height() / step) + 2
    ratio = painter.device().devicePixelRatio()
    left = floor(start.x())
    row = _row(start.x() - left, distance, columns, ratio, paints)
    painter.save()
    painter.resetTransform()
    for number in range(rows):
        painter.drawPixmap(QPointF(left, round((start.y() + number * distance) * ratio) / ratio), row)
    painter.restore()


def _row(first: float, distance: float, columns: int, ratio: float, paints: Paints) -> QPixmap:
    row = QPixmap(ceil((first + columns * distance) * ratio), round(DOT_PX * ratio))
    row.setDevicePixelRatio(ratio)
    row.fill(paints.canvas)
    painter = QPainter(row)
    for number in range(columns):
        painter.fillRect(QRectF(first + number * distance, 0, DOT_PX, DOT_PX), paints.grid)
    painter.end()
    return row
