"""A wire's picture: a cached curve, its shape chip, its reroute dots."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.model import Wire
from gui.canvas import chip
from gui.canvas.figures import Piece
from gui.canvas.marks import paint_badge
from gui.canvas.node_item import Detail, NodeItem
from gui.canvas.paints import NoPen, Paints
from gui.canvas.wire_path import Way, way

DOT = 4.0
GRAB = 14.0  # how wide a wire is to the pointer
ROOM = 24.0  # of wire to be seen beside its chip, with the ports at its ends
Z = -1.0  # below the nodes, which are at 0: most items need not be told
REACH = 12.0  # what a wire, its dots, badge and chip may paint around its curve
ABOVE = 14.0  # from a row of nodes to a chip that has no room on its wire
FAR_IN = 4.0  # from this zoom on, only the visible part of a long wire is drawn


class WireItem(QGraphicsItem):
    """Paints one wire between two node items; ``reroute`` follows them when they move."""

    paint_count = 0

    # How each item begins, told to the class.
    pieces: tuple[Piece, ...] = ()
    wrong = False
    chosen = False
    aimed = False  # a node would be inserted here
    hidden = False  # its end is being dragged
    detail = Detail.FULL
    _chip_width = 0.0
    _fat: QPainterPath | None = None

    def __init__(self, wire: Wire, source: NodeItem, target: NodeItem, paints: Paints) -> None:
        super().__init__()
        self.wire = wire
        self.source, self.target = source, target
        self._paints = paints
        self.points = wire.points
        self._way: Way
        self._chip_at: QPointF
        self._bounds: QRectF
        self.setZValue(Z)
        self._lead()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        if self._fat is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(GRAB)
            self._fat = stroker.createStroke(self._way.path)
        return self._fat

    @property
    def line(self) -> tuple[QPointF, ...]:
        """The wire as a few straight pieces."""
        return self._way.line

    @property
    def runs_back(self) -> bool:
        """Whether the wire loops around, beyond its two nodes."""
        return len(self._way.line) > 2

    @property
    def stops(self) -> list[QPointF]:
        """Where the wire starts, its dots, and where it ends."""
        start, end = self.ends
        return [start, *(QPointF(x, y) for x, y in self.points), end]

    @property
    def ends(self) -> tuple[QPointF, QPointF]:
        """Where the wire starts and ends in the scene."""
        return _end(self.source, self.wire.source.port, False), _end(self.target, self.wire.target.port, True)

    @property
    def path(self) -> QPainterPath:
        """The curve in the scene."""
        return self._way.path

    def reroute(self) -> None:
        """Follow the nodes and dots."""
        self.prepareGeometryChange()
        self._fat = None
        self._lead()

    def show_points(self, points: tuple[tuple[float, float], ...]) -> None:
        """Lead the wire through other dots."""
        if points != self.points:
            self.points = points
            self.reroute()
            self.update()

    def set_paints(self, paints: Paints) -> None:
        """Use another theme."""
        self._paints = paints
        self.update()

    def show_shape(self, pieces: tuple[Piece, ...], *, wrong: bool) -> None:
        """Show what flows here, and whether it does not fit."""
        if (pieces, wrong) != (self.pieces, self.wrong):
            if pieces != self.pieces:
                self.prepareGeometryChange()
            self.pieces, self.wrong = pieces, wrong
            self._chip_width = chip.chip_size(pieces, self._paints)
            self._place_chip()
            self.update()

    def show_chosen(self, chosen: bool) -> None:
        """Show whether the wire is selected."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def show_aimed(self, aimed: bool) -> None:
        """Show that a node dropped now would be inserted here."""
        if aimed != self.aimed:
            self.aimed = aimed
            self.update()

    def show_hidden(self, hidden: bool) -> None:
        """Leave the wire out while its end is elsewhere."""
        if hidden != self.hidden:
            self.hidden = hidden
            self.update()

    def show_detail(self, detail: Detail) -> None:
        """Paint more or less."""
        if detail is not self.detail:
            self.detail = detail
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del widget
        if self.detail is Detail.NONE or self.hidden:
            return
        WireItem.paint_count += 1
        p = self._paints
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen())
        if option.levelOfDetailFromTransform(painter.worldTransform()) > FAR_IN:
            painter.setClipRect(option.exposedRect)
        painter.drawPath(self._way.path)
        for x, y in self.points:
            painter.setBrush(p.wire_selected.color() if self.chosen else p.wire.color())
            painter.setPen(NoPen)
            painter.drawEllipse(QPointF(x, y), DOT, DOT)
        if self.detail is Detail.FULL and self.pieces:
            chip.paint_chip(painter, self._chip_at, self.pieces, p, wrong=self.wrong)
        elif self.detail is Detail.FULL and self.wrong:
            paint_badge(painter, self._way.middle, "error", p)

    def _pen(self) -> QPen:
        p = self._paints
        if self.wrong:
            return p.wire_wrong
        return p.wire_selected if self.chosen or self.aimed else p.wire

    def _lead(self) -> None:
        start, end = self.ends
        self._way = way(start, end, self.points, (self.source.scene_rect, self.target.scene_rect))
        self._place_chip()

    def _place_chip(self) -> None:
        at = self._way.middle
        left, top, right, bottom = self._way.bounds
        self._bounds = QRectF(left - REACH, top - REACH, right - left + 2 * REACH, bottom - top + 2 * REACH)
        if self.pieces:
            width = self._chip_width
            if self._way.run < width + ROOM and not self.points:
                at = self._beside_wire(at)
            half = width / 2 + 2
            self._bounds |= QRectF(at.x() - half, at.y() - REACH, 2 * half, 2 * REACH)
        self._chip_at = at

    def _beside_wire(self, at: QPointF) -> QPointF:
        """Where a chip goes that has no room on its wire."""
        source, target = self.source.scene_rect, self.target.scene_rect
        is_level = abs(source.center().y() - target.center().y()) < source.height()
        return QPointF(at.x(), min(source.top(), target.top()) - ABOVE) if is_level else at


def _end(item: NodeItem, port: str, is_input: bool) -> QPointF:
    for spot in item.look.inputs if is_input else item.look.outputs:
        if spot.port == port:
            return item.spot_at(spot)
    rect = item.scene_rect  # the other side of the graph may not know this port: shown at the node's edge
    return QPointF(rect.left() if is_input else rect.right(), rect.center().y())
