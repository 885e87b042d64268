"""A small picture of a graph, drawn without the canvas."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.catalog.index import layer
from engine.graph.model import Graph, Node
from gui.canvas.items.small_graph import SmallGraph
from gui.theme.tokens import Tokens, family

_EDGE_PX = 3.0
_MAX_SCALE = 0.42  # a graph of two nodes is not enlarged


class GraphThumbnail:
    """Draws a graph small: its nodes, and its wires routed around them as on the canvas."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = dict(graph.nodes)
        self.geometry = SmallGraph({name: node.pos for name, node in graph.nodes.items()}, graph.wires)

    def height_for(self, width: float) -> float:
        """The height that it needs at a width, in pixels."""
        whole = self.geometry.whole
        return 0.0 if whole.isEmpty() else whole.height() * min(width / whole.width(), _MAX_SCALE)

    def paint(self, painter: QPainter, tokens: Tokens, area: QRectF) -> None:
        """Draw it to fit a rectangle."""
        whole = self.geometry.whole
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
        for wire in self.geometry.wires:
            painter.drawPath(wire.path)
        for name, node in self.nodes.items():
            _draw_node(painter, node, self.geometry.rects[name], tokens, scale)
        painter.restore()


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
