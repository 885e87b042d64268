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
    """Paints the link between two nodes below them, or beside them where one is above the other."""

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
        is_above = abs(one.center().x() - other.center().x()) < (one.width() + other.width()) / 2
        if is_above:
            start, end = QPointF(one.left(), one.center().y()), QPointF(other.left(), other.center().y())
        else:
            start, end = QPointF(one.center().x(), one.bottom()), QPointF(other.center().x(), other.bottom())
        way = end - start
        bend = min(MOST, max(LEAST, SHARE * (abs(way.x()) + abs(way.y()))))
        out = QPointF(-bend, 0.0) if is_above else QPointF(0.0, bend)
        path = QPainterPath(start)
        path.cubicTo(start + out, end + out, end)
        return path
