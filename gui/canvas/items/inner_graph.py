"""The graph of a block, drawn small on its use as soon as its nodes are large enough to be seen."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.catalog.index import layer
from engine.graph.model import Graph, Wire
from gui.canvas.items.small_graph import NODE_SIZE, SmallGraph
from gui.canvas.items.style import Paints, mixed

MOST_NODES = 150  # a larger graph would be dust
LEAST_PX = 2.5  # height of a node on the screen
READABLE_PX = 8.5  # height of a node on the screen from which it has a title
TINT = 0.16  # of a family's colour behind a title
LARGEST = 0.5  # scale, so that a graph of two nodes is not larger than the use


class InnerNode(NamedTuple):
    """A node of the block as far as it is drawn."""

    name: str
    title: str
    family: str
    x: float
    y: float


class InnerGraph(NamedTuple):
    """The part of a block's graph that is drawn; equal ones have one drawing."""

    nodes: tuple[InnerNode, ...]
    wires: tuple[Wire, ...]


def inner_graph(graph: Graph | None) -> InnerGraph | None:
    """What is drawn of a block's graph; ``None`` if that is nothing."""
    if graph is None or not 0 < len(graph.nodes) <= MOST_NODES:
        return None
    nodes = []
    for name, node in graph.nodes.items():
        declared = layer(node.kind)
        title = name if declared and declared.role in ("input", "output") else node.graph or node.kind
        nodes.append(InnerNode(name, title, declared.family if declared else "structure", *node.pos))
    return InnerGraph(tuple(nodes), tuple(Wire(wire.source, wire.target) for wire in graph.wires))


def paint_inner(painter: QPainter, inner: InnerGraph, areas: Sequence[QRectF], paints: Paints) -> bool:
    """Draw a block's graph in the area where it is largest; false if it is too small at the present zoom."""
    drawing = _drawing(inner)
    whole = drawing.whole
    scales = [min(area.width() / whole.width(), area.height() / whole.height(), LARGEST) for area in areas]
    scale = max(scales)
    area = areas[scales.index(scale)]
    node_px = scale * NODE_SIZE[1] * painter.worldTransform().m11()
    if node_px < LEAST_PX:
        return False
    painter.save()
    painter.translate(area.center())
    painter.scale(scale, scale)
    painter.translate(-whole.center())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(paints.wire_far)
    painter.drawPath(drawing.wires)
    is_readable = node_px >= READABLE_PX
    for family, rects in drawing.rects.items():
        colours = paints.family(family)
        painter.setPen(QPen(colours.outline.color(), 0))
        painter.setBrush(mixed(colours.colour, paints.node.color(), TINT) if is_readable else colours.brush)
        painter.drawRects(rects)
    if is_readable:
        _paint_titles(painter, inner, drawing, paints)
    painter.restore()
    return True


def _paint_titles(painter: QPainter, inner: InnerGraph, drawing: "Drawing", paints: Paints) -> None:
    painter.setFont(paints.fonts["far"])
    painter.setPen(paints.text)
    for node in inner.nodes:
        rect = drawing.graph.rects[node.name].adjusted(6, 0, -6, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, paints.elided(node.title, "far", rect.width()))


class Drawing(NamedTuple):
    """The geometry of an inner graph, ready to be painted in a few calls."""

    graph: SmallGraph
    whole: QRectF
    wires: QPainterPath
    rects: dict[str, list[QRectF]]  # by family


@lru_cache(maxsize=128)
def _drawing(inner: InnerGraph) -> Drawing:
    graph = SmallGraph({node.name: (node.x, node.y) for node in inner.nodes}, inner.wires)
    path = QPainterPath()
    for wire in graph.wires:
        path.addPath(wire.path)
    rects = defaultdict[str, list[QRectF]](list)
    for node in inner.nodes:
        rects[node.family].append(graph.rects[node.name])
    return Drawing(graph, graph.whole, path, dict(rects))
