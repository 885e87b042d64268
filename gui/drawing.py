"""A small picture of a graph: enough to recognise it by, drawn without the canvas."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.catalog.index import layer
from engine.graph.model import Graph, Node
from gui.theme.tokens import Tokens, family

_NODE = (172.0, 62.0)  # about what the canvas draws, in scene pixels
_EDGE_PX = 3.0
_MOST_SCALE = 0.42  # a graph of two nodes is not blown up


def draw(painter: QPainter, graph: Graph, tokens: Tokens, rect: QRectF) -> None:
    """Draw a graph's nodes and wires to fit a rectangle."""
    if not graph.nodes:
        return
    places = {name: QRectF(*node.pos, *_NODE) for name, node in graph.nodes.items()}
    whole = QRectF()
    for place in places.values():
        whole = whole.united(place)
    scale = min(rect.width() / whole.width(), rect.height() / whole.height(), _MOST_SCALE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center())
    painter.scale(scale, scale)
    painter.translate(-whole.center())
    pen = QPen(QColor(tokens.wire), 1.2 / scale)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for wire in graph.wires:
        if wire.source.node in places and wire.target.node in places:
            painter.drawPath(_curve(places[wire.source.node], places[wire.target.node]))
    for name, node in graph.nodes.items():
        _draw_node(painter, node, places[name], tokens, scale)
    painter.restore()


def _curve(source: QRectF, target: QRectF) -> QPainterPath:
    begin, end = QPointF(source.right(), source.center().y()), QPointF(target.left(), target.center().y())
    path = QPainterPath(begin)
    if end.x() > begin.x():
        bend = (end.x() - begin.x()) / 2
        path.cubicTo(begin + QPointF(bend, 0), end - QPointF(bend, 0), end)
    else:  # the next row: out, back between the rows, in
        bend, middle = 70.0, (begin.y() + end.y()) / 2
        path.cubicTo(begin + QPointF(bend, 0), QPointF(begin.x() + bend, middle), QPointF(begin.x() - bend, middle))
        path.lineTo(end.x() + bend, middle)
        path.cubicTo(QPointF(end.x() - bend, middle), end - QPointF(bend, 0), end)
    return path


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
