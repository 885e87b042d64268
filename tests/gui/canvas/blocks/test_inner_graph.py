"""The picture of a block's graph on its use: what it shows at which zoom, and when it is drawn again."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from engine.graph.edits import AddNode, MoveNodes
from engine.graph.model import Graph, Node
from gui.canvas.items import inner_graph as module
from gui.canvas.items.inner_graph import MOST_NODES, inner_graph, paint_inner
from gui.canvas.items.node_layout import inner_areas
from tests.gui.canvas.graphs import with_block

AREA = QRectF(0, 0, 120, 46)


@pytest.fixture
def paints(canvas):
    return canvas.scene.paints


def painted(inner, paints, zoom) -> tuple[bool, set[int]]:
    """Whether it was drawn, and the colours that it has."""
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(paints.node.color())
    painter = QPainter(image)
    painter.scale(zoom, zoom)
    is_drawn = paint_inner(painter, inner, [AREA], paints)
    painter.end()
    return is_drawn, {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_it_appears_as_soon_as_its_nodes_can_be_seen(paints) -> None:
    inner = inner_graph(with_block().graphs["Stem"])
    assert painted(inner, paints, 0.2) == (False, {paints.node.color().rgb()})
    is_drawn, colours = painted(inner, paints, 1.0)
    assert is_drawn
    assert paints.family("activation").colour.rgb() in colours


def test_titles_appear_when_they_are_readable(paints, monkeypatch) -> None:
    titles = []
    monkeypatch.setattr(paints, "elided", lambda text, *_: titles.append(text) or text)
    inner = inner_graph(with_block().graphs["Stem"])
    painted(inner, paints, 0.3)
    assert not titles
    painted(inner, paints, 3.0)
    assert titles == ["x", "ReLU", "y"]


@pytest.mark.parametrize("count", [0, MOST_NODES + 1])
def test_nothing_is_drawn_of_an_empty_or_a_huge_graph(count) -> None:
    assert inner_graph(Graph({f"relu{at}": Node("ReLU") for at in range(count)})) is None


def test_equal_graphs_are_measured_once(paints, monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(module, "SmallGraph", lambda *args, make=module.SmallGraph: calls.append(1) or make(*args))
    module._drawing.cache_clear()
    for _ in range(3):
        painted(inner_graph(with_block().graphs["Stem"]), paints, 1.0)
    assert calls == [1]


def test_uses_show_what_is_edited_within_the_block(document, canvas) -> None:
    document.load(with_block())
    item = canvas.scene.nodes["stem"]
    assert [node.title for node in item.look.inner.nodes] == ["x", "ReLU", "y"]
    document.do(AddNode("Stem", "norm", Node("BatchNorm2d", {}, (220, 100))))
    assert [node.title for node in item.look.inner.nodes] == ["x", "ReLU", "y", "BatchNorm2d"]
    document.do(MoveNodes("Stem", {"norm": (220.0, 300.0)}))
    assert item.look.inner.nodes[-1].y == 300.0


def test_a_block_names_its_ports_and_how_often_it_runs(document, canvas) -> None:
    document.load(with_block())
    look = canvas.scene.nodes["stem"].look
    assert [(spot.label, spot.is_input) for spot in (*look.inputs, *look.outputs)] == [("x", True), ("y", False)]
    assert look.detail == "\u00d72"
    place = QPointF(*document.project.graphs["Net"].nodes["stem"].pos)
    assert canvas.scene.nodes["stem"].scene_rect == QRectF(place.x(), place.y(), look.width, look.height)


def test_a_long_row_is_drawn_below_the_ports_and_a_high_graph_between_them(
    paints, canvas, document, monkeypatch
) -> None:
    document.load(with_block())
    between, below = inner_areas(canvas.scene.nodes["stem"].look, paints.measure)
    assert below.width() > between.width()
    assert below.height() < between.height()
    ports = [spot.y for spot in canvas.scene.nodes["stem"].look.inputs]
    assert below.top() > max(ports)
    places = []
    monkeypatch.setattr(QPainter, "translate", lambda _, by: places.append(by))
    for count, step, area in ((8, (260.0, 0.0), below), (3, (0.0, 160.0), between)):
        places.clear()
        row = {f"relu{at}": Node("ReLU", pos=(step[0] * at, step[1] * at)) for at in range(count)}
        image = QImage(10, 10, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.scale(8, 8)
        assert paint_inner(painter, inner_graph(Graph(row)), (between, below), paints)
        painter.end()
        assert places[0] == area.center()
