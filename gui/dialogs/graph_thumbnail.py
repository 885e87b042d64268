"""A small picture of a graph: enough to recognise it by, drawn without the canvas."""

from collections import defaultdict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.catalog.index import layer
from engine.graph.model import Graph, Node, Wire
from engine.graph.routes import Box, Corners, Router
from gui.canvas.items.wire_path import routed_path
from gui.theme.tokens import Tokens, family

_NODE = (172.0, 62.0)  # about what the canvas draws, in scene pixels
_EDGE_PX = 3.0
_MOST_SCALE = 0.42  # a graph of two nodes is not blown up


class GraphThumbnail:
    """A graph to be drawn small: its nodes, and its wires led around them as on the canvas."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = dict(graph.nodes)
        self.places = {name: QRectF(*node.pos, *_NODE) for name, node in graph.nodes.items()}
        self.wires = [routed_path(corners) for corners in _corners(graph, self.places)]

    def paint(self, painter: QPainter, tokens: Tokens, rect: QRectF) -> None:
        """Draw it to fit a rectangle."""
        whole = QRectF()
        for place in self.places.values():
            whole = whole.united(place)
        for wire in self.wires:
            left, top, right, bottom = wire.bounds
            whole = whole.united(QRectF(left, top, right - left, bottom - top))
        if whole.isEmpty():
            return
        scale = min(rect.width() / whole.width(), rect.height() / whole.height(), _MOST_SCALE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.center())
        painter.scale(scale, scale)
        painter.translate(-whole.center())
        painter.setPen(QPen(QColor(tokens.wire), 1.2 / scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for wire in self.wires:
            painter.drawPath(wire.path)
        for name, node in self.nodes.items():
            _draw_node(painter, node, self.places[name], tokens, scale)
        painter.restore()


def _corners(graph: Graph, places: dict[str, QRectF]) -> list[Corners]:
    """The routes of all wires that have one. Ports are spread over a node's side, those from higher nodes above."""
    router, into = Router(), defaultdict[str, list[Wire]](list)
    for name, place in places.items():
        router.put_node(name, Box(place.left(), place.top(), place.right(), place.bottom()))
    for wire in graph.wires:
        if wire.source.node in places and wire.target.node in places:
            into[wire.target.node].append(wire)
    for name, wires in into.items():
        wires.sort(key=lambda wire: places[wire.source.node].top())
        target = places[name]
        for at, wire in enumerate(wires, 1):
            source = places[wire.source.node]
            end = target.left(), target.top() + target.height() * at / (len(wires) + 1)
            router.put_wire(Wire(wire.source, wire.target), (source.right(), source.center().y()), end)
    return [way for wires in into.values() for wire in wires if (way := router.route(Wire(wire.source, wire.target)))]


def _draw_node(painter: QPainter, node: Node, place: QRectF, tokens: Tokens, scale: float) -> None:
    declared = layer(node.kind)
    looks = family(declared.family if declared else "structure", tokens)
    radius = min(10.0, 3.0 / scale)
    body = QPainterPath()
    body.addRoundedRect(place, radius, radius)
    painter.fillPath(body, QColor(tokens.raised if tokens.is_dark else tokens.node))
    edge = QRectF(place.topLeft(), place.bottomRight())
    edge.setWidth(max(10.0, _EDGE_PX / scale))
    painter.save()
    painter.setClipPath(body)
    painter.fillRect(edge, QColor(looks.colour))
    painter.restore()
    painter.setPen(QPen(QColor(tokens.edge), 1.0 / scale))
    painter.drawPath(body)
