"""The dashed links between nodes that share a weight."""

import pytest
from PySide6.QtCore import QPointF, Qt

from engine.graph.compose import remove, rename
from engine.graph.edits import MoveNodes, SetWeights
from engine.graph.weights import WeightSettings
from gui.canvas.canvas import Canvas


@pytest.fixture
def links(canvas: Canvas, document):
    document.do(SetWeights("Net", "head", WeightSettings(shares={"weight": "conv.weight"})))
    return canvas.scene.links


def ends(links, *pair: str) -> tuple[QPointF, QPointF]:
    path = links.items[pair].path
    return path.pointAtPercent(0.0), path.pointAtPercent(1.0)


def test_a_link_runs_from_the_owner_to_the_sharer_and_follows_both(links, canvas: Canvas, document) -> None:
    assert list(links.items) == [("head", "conv")]
    item, nodes = links.items["head", "conv"], canvas.scene.nodes
    assert canvas.scene.paints.link.style() is Qt.PenStyle.DashLine
    assert item.zValue() < min(wire.zValue() for wire in canvas.scene.wires.values())
    document.do(MoveNodes("Net", {"head": (900.0, 500.0)}))
    for end, name in zip(ends(links, "head", "conv"), ("conv", "head"), strict=True):
        assert nodes[name].scene_rect.adjusted(-1, -1, 1, 1).contains(end)
    canvas.scene.move_items({"conv": QPointF(-400.0, 40.0)})
    assert nodes["conv"].scene_rect.adjusted(-1, -1, 1, 1).contains(ends(links, "head", "conv")[0])
    assert canvas.scene.content.contains(item.boundingRect())
    assert nodes["head"].look.detail.endswith("weight of conv")


def test_a_link_to_another_row_passes_between_the_two_nodes(links, canvas: Canvas, document) -> None:
    nodes = canvas.scene.nodes
    for place in ((900.0, 500.0), (900.0, -500.0)):
        document.do(MoveNodes("Net", {"head": place}))
        path = links.items["head", "conv"].path
        points = [path.pointAtPercent(number / 50) for number in range(1, 50)]
        low, high = sorted((nodes["conv"].scene_rect, nodes["head"].scene_rect), key=lambda rect: rect.top())
        assert all(low.bottom() <= point.y() <= high.top() for point in points)


def test_links_follow_edits_and_undo(links, canvas: Canvas, document) -> None:
    document.do(rename(document.project, "Net", "conv", "first"))
    assert list(links.items) == [("head", "first")]
    document.do(remove(document.project, "Net", ["first"]))
    assert not links.items
    document.history.undo()
    assert list(links.items) == [("head", "first")]
    assert links.items["head", "first"].owner is canvas.scene.nodes["first"]
    document.history.undo()
    document.history.undo()
    assert not links.items
