"""Pictures of what nodes give, above the nodes of the canvas."""

import base64

import pytest
from PySide6.QtGui import QColor

from engine.graph.edits import MoveNodes, RemoveNode
from engine.protocol.asking import NodeOutput
from gui.canvas.scene.scene import GraphScene


def output(level: int = 255) -> NodeOutput:
    raw = base64.b64encode(bytes([level]) * 64).decode()
    picture = {"height": 8, "width": 8, "channels": 1, "bytes": raw}
    return {
        "form": "maps",
        "shape": [1, 8, 8],
        "picture": picture,
        "min": 0.0,
        "max": 1.0,
        "mean": 0.5,
        "zero_share": 0.25,
    }


@pytest.fixture
def scene(document, selection, theme) -> GraphScene:
    scene = GraphScene(document, selection, None, theme)
    scene.setParent(document)
    return scene


def test_nodes_show_their_outputs_until_these_are_taken_away(scene: GraphScene) -> None:
    scene.node_outputs.show({"conv1": output(), "act1": output(), "nowhere": output()})
    assert scene.node_outputs.count == 2
    card = scene.nodes["conv1"].childItems()[0]
    assert card.mapToScene(card.boundingRect()).boundingRect().bottom() < scene.nodes["conv1"].scene_rect.top()
    scene.node_outputs.show({"act1": output()})
    assert scene.node_outputs.count == 1
    assert not scene.nodes["conv1"].childItems()
    scene.node_outputs.show({})
    assert scene.node_outputs.count == 0


def test_a_picture_follows_its_node_and_vanishes_with_it(scene: GraphScene, document) -> None:
    scene.node_outputs.show({"conv1": output()})
    card = scene.nodes["conv1"].childItems()[0]
    before = card.scenePos()
    x, y = document.project.graphs["Net"].nodes["conv1"].pos
    document.do(MoveNodes("Net", {"conv1": (x + 50, y)}))
    assert card.scenePos().x() == before.x() + 50
    document.do(RemoveNode("Net", "conv1"))
    scene.node_outputs.show({"act1": output()})
    assert scene.node_outputs.count == 1
    document.history.undo()
    scene.node_outputs.show({"conv1": output(), "act1": output()})
    assert scene.node_outputs.count == 2


def test_a_picture_has_the_colours_of_the_theme(scene: GraphScene, theme) -> None:
    scene.node_outputs.show({"conv1": output()})
    card = scene.nodes["conv1"].childItems()[0]
    for name in ("light", "dark"):
        theme.set(name)
        assert card._picture.pixelColor(3, 3) == QColor(theme.tokens.text)
        assert card._paints.tokens is theme.tokens


def test_a_damaged_picture_is_left_out(scene: GraphScene) -> None:
    damaged = output()
    damaged["picture"]["bytes"] = "AAAA"
    scene.node_outputs.show({"conv1": damaged})
    assert scene.node_outputs.count == 0
