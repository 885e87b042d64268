"""One curve of a chart: points and a pen, without the overhead of a plot item of pyqtgraph."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

if TYPE_CHECKING:
    from gui.runs.curve_data.curve import Points

_ROOM = 0.05  # margin for the pen, as a share of the curve's size


class CurveItem(QGraphicsItem):
    """Draws points in the units of its parent; pyqtgraph must be loaded.

    ``points``: the drawn x and y values, float64 each.
    """

    def __init__(self, *, smooth: bool) -> None:
        super().__init__()
        from pyqtgraph.Qt.internals import PrimitiveArray

        self._smooth = smooth
        self._pen = QPen()
        self._path = QPainterPath()
        self._lines: Any = PrimitiveArray(QLineF, 4)  # QPainter takes all of them in one call
        self._bounds = QRectF()
        self.points: tuple[Any, Any] = ((), ())

    def set_points(self, points: "Points") -> None:
        """Replace the points; values that are not finite are skipped."""
        import pyqtgraph as pg

        self.prepareGeometryChange()
        self.points = points.x, points.y
        if points.in_pairs:
            self._path = QPainterPath()
            self._lines.resize(len(points.x) // 2)
            ends = self._lines.ndarray()
            ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3] = (
                points.x[::2],
                points.y[::2],
                points.x[1::2],
                points.y[1::2],
            )
            self._bounds = _around(points)
        else:
            self._lines.resize(0)
            self._path = pg.arrayToQPath(points.x, points.y, connect="all")
            self._bounds = _with_room(self._path.controlPointRect())
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self.prepareGeometryChange()
        self._lines.resize(0)
        self._path, self._bounds, self.points = QPainterPath(), QRectF(), ((), ())

    def set_pen(self, pen: QPen) -> None:
        """Draw with this pen, whose width is in pixels."""
        self._pen = pen
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._smooth)
        painter.setPen(self._pen)
        if self._path.isEmpty():
            painter.drawLines(*self._lines.drawargs())
        else:
            painter.drawPath(self._path)


def _around(points: "Points") -> QRectF:
    if not len(points.x):
        return QRectF()
    left, right, low, high = points.x.min(), points.x.max(), points.y.min(), points.y.max()
    return _with_room(QRectF(left, low, right - left, high - low))


def _with_room(box: QRectF) -> QRectF:
    across, up = _ROOM * box.width(), _ROOM * box.height()
    return box.adjusted(-across, -up, across, up)
