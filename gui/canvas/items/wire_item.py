"""The item that paints a wire: a curve along its route, its shape chip, its reroute dots."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.model import Wire
from engine.graph.routes import Corners, Point, length
from gui.canvas.items import chip
from gui.canvas.items.marks import paint_badge
from gui.canvas.items.node_item import Detail, NodeItem
from gui.canvas.items.size_text import Piece
from gui.canvas.items.style import NoPen, Paints
from gui.canvas.items.wire_path import WirePath, routed_path, unrouted_path

DOT = 4.0
GRAB_WIDTH = 14.0  # how wide a wire is to the pointer
ROOM = 24.0  # the least visible length of a wire beside its chip, with the ports at its ends
RAISED = 2.0  # above all nodes
Z = -1.0  # below the nodes, which keep the default of 0
REACH = 12.0  # what a wire, its dots, badge and chip may paint around its curve
ABOVE = 14.0  # from a row of nodes to a chip that has no room on its wire
FAR_IN = 4.0  # from this zoom on, only the visible part of a long wire is drawn


class WireItem(QGraphicsItem):
    """Paints one wire between two node items; ``reroute`` follows them when they move."""

    paint_count = 0

    # Defaults of the class, as in `NodeItem`.
    pieces: tuple[Piece, ...] = ()
    is_wrong = False
    is_selected = False
    is_highlighted = False  # it is the target of a gesture
    is_hidden = False  # its end is being dragged
    is_hovered = False  # a chip without room is shown then
    detail = Detail.FULL
    chip_width = 0.0
    has_route = False  # it follows its route, not a quick curve
    _hit_shape: QPainterPath | None = None
    _route: Corners = ()
    _chip_place: Point | None = None  # on the route

    def __init__(self, wire: Wire, source: NodeItem, target: NodeItem, paints: Paints) -> None:
        super().__init__()
        self.wire = wire
        self.source, self.target = source, target
        self._paints = paints
        self.points = wire.points
        self._wire_path: WirePath
        self._chip_at: QPointF
        self._bounds: QRectF
        self.setZValue(Z)
        self._update_path()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        if self._hit_shape is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(GRAB_WIDTH)
            self._hit_shape = stroker.createStroke(self._wire_path.path)
        return self._hit_shape

    @property
    def line(self) -> tuple[QPointF, ...]:
        """The wire as a polyline."""
        return self._wire_path.line

    @property
    def runs_back(self) -> bool:
        """Whether the wire loops around, beyond its two nodes."""
        return len(self._wire_path.line) > 2

    @property
    def reach(self) -> QRectF:
        """The bounding rectangle of the curve."""
        left, top, right, bottom = self._wire_path.bounds
        return QRectF(left, top, right - left, bottom - top)

    @property
    def stops(self) -> list[QPointF]:
        """Where the wire starts, its dots, and where it ends."""
        start, end = self.ends
        return [start, *(QPointF(x, y) for x, y in self.points), end]

    @property
    def ends(self) -> tuple[QPointF, QPointF]:
        """Where the wire starts and ends in the scene."""
        wire = self.wire
        return _end(self.source, wire, is_input=False), _end(self.target, wire, is_input=True)

    @property
    def path(self) -> QPainterPath:
        """The curve in the scene."""
        return self._wire_path.path

    @property
    def chip_rect(self) -> QRectF | None:
        """Where the chip is painted, if it is."""
        if not self.pieces or not (self._has_room or self.is_hovered or self.is_selected):
            return None
        middle, width = self._chip_at, self.chip_width
        return QRectF(middle.x() - width / 2, middle.y() - chip.HEIGHT / 2, width, chip.HEIGHT)

    def reroute(self) -> None:
        """Follow the nodes and dots: along the route if it still ends at them, or else by a quick curve."""
        if self._path_inputs != (self.ends, self.points, self._route):
            self._reset_path()

    def show_points(self, points: tuple[tuple[float, float], ...]) -> None:
        """Use other reroute dots."""
        if points != self.points:
            self.points = points
            self.reroute()
            self.update()

    def show_route(self, corners: Corners, chip_place: Point | None) -> bool:
        """Follow these corners, with the chip at a place or hidden; true if the line changed."""
        if (corners, chip_place) == (self._route, self._chip_place):
            return False
        before = self._wire_path.line
        self._route, self._chip_place = corners, chip_place
        self._reset_path()
        self.setZValue(self._z)
        self.update()
        return self._wire_path.line != before

    def show_hovered(self, hovered: bool) -> None:
        """Show whether the pointer is at the wire."""
        if hovered != self.is_hovered:
            self.is_hovered = hovered
            self._raise()

    def set_paints(self, paints: Paints) -> None:
        """Use another theme."""
        self._paints = paints
        self.update()

    def show_shape(self, pieces: tuple[Piece, ...], *, wrong: bool) -> None:
        """Show the shape of the value, and whether it does not fit."""
        if (pieces, wrong) != (self.pieces, self.is_wrong):
            if pieces != self.pieces:
                self.prepareGeometryChange()
            self.pieces, self.is_wrong = pieces, wrong
            self.chip_width = chip.chip_width(pieces, self._paints)
            self._place_chip()
            self.update()

    def show_selected(self, selected: bool) -> None:
        """Show whether the wire is selected."""
        if selected != self.is_selected:
            self.is_selected = selected
            self._raise()

    def show_highlight(self, highlighted: bool) -> None:
        """Show the wire as the target of a gesture."""
        if highlighted != self.is_highlighted:
            self.is_highlighted = highlighted
            self.update()

    def show_hidden(self, hidden: bool) -> None:
        """Hide the wire while its end is being dragged."""
        if hidden != self.is_hidden:
            self.is_hidden = hidden
            self.update()

    def show_detail(self, detail: Detail) -> None:
        """Set how much is painted."""
        if detail is not self.detail:
            self.detail = detail
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del widget
        if self.detail is Detail.NONE or self.is_hidden:
            return
        WireItem.paint_count += 1
        p = self._paints
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen())
        if option.levelOfDetailFromTransform(painter.worldTransform()) > FAR_IN:
            painter.setClipRect(option.exposedRect)
        painter.drawPath(self._wire_path.path)
        for x, y in self.points:
            painter.setBrush(p.wire_selected.color() if self.is_selected else p.wire.color())
            painter.setPen(NoPen)
            painter.drawEllipse(QPointF(x, y), DOT, DOT)
        if self.detail is Detail.FULL and self.pieces and (self._has_room or self.is_hovered or self.is_selected):
            chip.paint_chip(painter, self._chip_at, self.pieces, p, wrong=self.is_wrong)
        elif self.detail is Detail.FULL and self.is_wrong:
            paint_badge(painter, self._wire_path.middle, "error", p)

    def _pen(self) -> QPen:
        p = self._paints
        if self.is_wrong:
            return p.wire_wrong
        return p.wire_selected if self.is_selected or self.is_highlighted else p.wire

    @property
    def _has_room(self) -> bool:
        """Whether the chip covers nothing; unknown, so true, for a wire without a route."""
        return not self.has_route or self._chip_place is not None

    def _raise(self) -> None:
        """Show a chip without room above everything else."""
        self.setZValue(self._z)
        self.update()

    @property
    def _z(self) -> float:
        """Short wires are above longer ones, whose chips keep clear of them."""
        if (self.is_hovered or self.is_selected) and not self._has_room:
            return RAISED
        start, end = self._wire_path.line[0], self._wire_path.line[-1]
        return Z if len(self._wire_path.line) == 2 else Z - min(length(start.toTuple(), end.toTuple()) / 1e6, 1.0)

    def _reset_path(self) -> None:
        self.prepareGeometryChange()
        self._hit_shape = None
        self._update_path()

    def _update_path(self) -> None:
        start, end = self.ends
        self._path_inputs = ((start, end), self.points, self._route)
        route = self._route
        self.has_route = bool(
            route and route[0] == start.toTuple() and route[-1] == end.toTuple() and self.points == self.wire.points
        )
        if self.has_route:
            self._wire_path = routed_path(route, self.points)
        else:
            self._wire_path = unrouted_path(start, end, self.points, (self.source.scene_rect, self.target.scene_rect))
        self._place_chip()

    def _place_chip(self) -> None:
        at = self._wire_path.middle
        left, top, right, bottom = self._wire_path.bounds
        self._bounds = QRectF(left - REACH, top - REACH, right - left + 2 * REACH, bottom - top + 2 * REACH)
        if self.pieces:
            width = self.chip_width
            if self.has_route:
                at = QPointF(*self._chip_place) if self._chip_place else at
            elif self._wire_path.run < width + ROOM and not self.points:
                at = self._beside_wire(at)
            half = width / 2 + 2
            self._bounds |= QRectF(at.x() - half, at.y() - REACH, 2 * half, 2 * REACH)
        self._chip_at = at

    def _beside_wire(self, at: QPointF) -> QPointF:
        """The place of a chip that has no room on its wire."""
        source, target = self.source.scene_rect, self.target.scene_rect
        is_level = abs(source.center().y() - target.center().y()) < source.height()
        return QPointF(at.x(), min(source.top(), target.top()) - ABOVE) if is_level else at


def _end(item: NodeItem, wire: Wire, *, is_input: bool) -> QPointF:
    x, y = end_spot(item, wire, is_input=is_input)
    return item.scene_rect.topLeft() + QPointF(x, y)


def end_spot(item: NodeItem, wire: Wire, *, is_input: bool) -> Point:
    """Where a wire ends, from the corner of its node."""
    look, port = item.look, wire.target.port if is_input else wire.source.port
    for spot in look.inputs if is_input else look.outputs:
        if spot.port == port:
            return spot.x, spot.y
    return (0.0 if is_input else float(look.width)), look.height / 2  # the graph's other side may not know this port
