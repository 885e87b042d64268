"""The item that paints a link: a dashed curve from the node that owns a weight to one that shares it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.items.node_item import Detail, NodeItem
from gui.canvas.items.style import Paints

Z = -3.0  # below all wires
LEAST, MOST = 40.0, 140.0  # how far a curve bends out
SHARE = 0.12  # of the distance, within these bounds
ROOM = 2.0  # for the width of the line


class LinkItem(QGraphicsItem):
    """Paints the link between two nodes: beside them where one is above the other, else from row to row or below."""

    detail = Detail.FULL

    def __init__(self, owner: NodeItem, sharer: NodeItem, paints: Paints) -> None:
        super().__init__()
        self.owner, self.sharer = owner, sharer
        self._paints = paints
        self.setZValue(Z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._path = self._curve()

    @property
    def path(self) -> QPainterPath:
        """The curve in the scene."""
        return self._path

    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-ROOM, -ROOM, ROOM, ROOM)

    def shape(self) -> QPainterPath:
        return QPainterPath()  # it is not clicked

    def reroute(self) -> None:
        """Follow the nodes."""
        self.prepareGeometryChange()
        self._path = self._curve()
        self.update()

    def set_paints(self, paints: Paints) -> None:
        """Use another theme."""
        self._paints = paints
        self.update()

    def show_detail(self, detail: Detail) -> None:
        """Set how much is painted."""
        if detail is not self.detail:
            self.detail = detail
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        if self.detail is not Detail.NONE:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._paints.link)
            painter.drawPath(self._path)

    def _curve(self) -> QPainterPath:
        one, other = self.owner.scene_rect, self.sharer.scene_rect
        if abs(one.center().x() - other.center().x()) < (one.width() + other.width()) / 2:
            start, end = QPointF(one.left(), one.center().y()), QPointF(other.left(), other.center().y())
            bend = _bend(start, end)
            out = into = QPointF(-bend, 0.0)
        elif one.bottom() < other.top() or other.bottom() < one.top():
            is_down = one.bottom() < other.top()
            start = QPointF(one.center().x(), one.bottom() if is_down else one.top())
            end = QPointF(other.center().x(), other.top() if is_down else other.bottom())
            out = QPointF(0.0, (end.y() - start.y()) / 2)
            into = -out
        else:
            start, end = QPointF(one.center().x(), one.bottom()), QPointF(other.center().x(), other.bottom())
            out = into = QPointF(0.0, _bend(start, end))
        path = QPainterPath(start)
        path.cubicTo(start + out, end + into, end)
        return path


def _bend(start: QPointF, end: QPointF) -> float:
    """How far a curve between two places bends out."""
    way = end - start
    return min(MOST, max(LEAST, SHARE * (abs(way.x()) + abs(way.y()))))
