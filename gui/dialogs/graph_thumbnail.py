"""A small picture of a graph, drawn without the canvas."""

from collections import defaultdict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.catalog.index import layer
from engine.graph.model import Graph, Node, Wire
from engine.graph.routes import Box, Corners, Router
from gui.canvas.items.wire_path import routed_path
from gui.theme.tokens import Tokens, family

_NODE = (172.0, 62.0)  # about the size on the canvas, in scene pixels
_EDGE_PX = 3.0
_MAX_SCALE = 0.42  # a graph of two nodes is not enlarged


class GraphThumbnail:
    """Draws a graph small: its nodes, and its wires routed around them as on the canvas."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = dict(graph.nodes)
        self.rects = {name: QRectF(*node.pos, *_NODE) for name, node in graph.nodes.items()}
        self.wires = [routed_path(corners) for corners in _corners(graph, self.rects)]

    def paint(self, painter: QPainter, tokens: Tokens, area: QRectF) -> None:
        """Draw it to fit a rectangle."""
        whole = QRectF()
        for rect in self.rects.values():
            whole = whole.united(rect)
        for wire in self.wires:
            left, top, right, bottom = wire.bounds
            whole = whole.united(QRectF(left, top, right - left, bottom - top))
        if whole.isEmpty():
            return
        scale = min(area.width() / whole.width(), area.height() / whole.height(), _MAX_SCALE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(area.center())
        painter.scale(scale, scale)
        painter.translate(-whole.center())
        painter.setPen(QPen(QColor(tokens.wire), 1.2 / scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for wire in self.wires:
            painter.drawPath(wire.path)
        for name, node in self.nodes.items():
            _draw_node(painter, node, self.rects[name], tokens, scale)
        painter.restore()


def _corners(graph: Graph, rects: dict[str, QRectF]) -> list[Corners]:
    """The routes of all wires that have one; the inputs of a node are ordered by the height of their sources."""
    router, wires_into = Router(), defaultdict[str, list[Wire]](list)
    for name, rect in rects.items():
        router.put_node(name, Box(rect.left(), rect.top(), rect.right(), rect.bottom()))
    for wire in graph.wires:
        if wire.source.node in rects and wire.target.node in rects:
            wires_into[wire.target.node].append(wire)
    for name, wires in wires_into.items():
        wires.sort(key=lambda wire: rects[wire.source.node].top())
        target = rects[name]
        for at, wire in enumerate(wires, 1):
            source = rects[wire.source.node]
            end = target.left(), target.top() + target.height() * at / (len(wires) + 1)
            router.put_wire(Wire(wire.source, wire.target), (source.right(), source.center().y()), end)
    routes = (router.route(Wire(wire.source, wire.target)) for wires in wires_into.values() for wire in wires)
    return [route for route in routes if route]


def _draw_node(painter: QPainter, node: Node, rect: QRectF, tokens: Tokens, scale: float) -> None:
    declaration = layer(node.kind)
    style = family(declaration.family if declaration else "structure", tokens)
    radius = min(10.0, 3.0 / scale)
    body = QPainterPath()
    body.addRoundedRect(rect, radius, radius)
    painter.fillPath(body, QColor(tokens.raised if tokens.is_dark else tokens.node))
    edge = QRectF(rect.topLeft(), rect.bottomRight())
    edge.setWidth(max(10.0, _EDGE_PX / scale))
    painter.save()
    painter.setClipPath(body)
    painter.fillRect(edge, QColor(style.colour))
    painter.restore()
    painter.setPen(QPen(QColor(tokens.edge), 1.0 / scale))
    painter.drawPath(body)
