"""Losses have the colour and the name of the phase that uses them."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from engine.graph.edits import AddGraph, AddNode, SetTraining
from engine.graph.model import Graph, Node, Phase
from gui.canvas.items.node_item import EDGE, MARGIN, NodeItem
from gui.theme.theme import Theme


@pytest.fixture
def losses(canvas, document) -> None:
    for at, name in enumerate(("real", "fake", "alone")):
        document.do(AddNode("Net", name, Node("MSELoss", pos=(600.0, 100.0 * at))))
    list_phases(document, Phase("critic", ("real", "fake")), Phase("generator", ("fake",)))


def list_phases(document, *phases: Phase) -> None:
    document.do(SetTraining(replace(document.project.training, phases=phases)))


def picture(item: NodeItem) -> QImage:
    """What the item paints, with its corner at the margin."""
    image = QImage(item.boundingRect().size().toSize(), QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    painter.translate(MARGIN, MARGIN)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    return image


def strip(item: NodeItem) -> QColor:
    """The colour of the strip at the node's left side."""
    return picture(item).pixelColor(int(MARGIN + EDGE / 2), int(MARGIN + item.rect.height() / 2))


def tag(canvas, name: str) -> str:
    phase_tag = canvas.scene.nodes[name].look.phase
    return phase_tag.text if phase_tag else ""


def test_a_loss_shows_its_phase_by_colour_and_name(canvas, losses, theme):
    hues = theme.tokens.phases
    assert [tag(canvas, name) for name in ("real", "fake", "alone")] == ["critic", "critic, generator", "no phase"]
    assert strip(canvas.scene.nodes["real"]) == strip(canvas.scene.nodes["fake"]) == QColor(hues[0])
    assert strip(canvas.scene.nodes["alone"]) == QColor(theme.family("loss").colour)
    assert tag(canvas, "conv") == ""


def test_the_name_is_on_the_upper_edge(canvas, losses):
    before = picture(canvas.scene.nodes["real"])
    canvas.scene.nodes["real"].set_look(canvas.scene.nodes["real"].look._replace(phase=None))
    after = picture(canvas.scene.nodes["real"])
    differing = [
        (x, y)
        for x in range(before.width())
        for y in range(before.height())
        if x > MARGIN + EDGE + 2 and before.pixel(x, y) != after.pixel(x, y)
    ]
    assert differing
    assert all(y < MARGIN + 9 for _, y in differing), "nothing else of the node is covered"


def test_another_order_and_undo_change_the_colours_at_once(canvas, losses, document, theme):
    first, second = document.project.training.phases
    list_phases(document, second, first)
    assert strip(canvas.scene.nodes["real"]) == QColor(theme.tokens.phases[1])
    list_phases(document)
    assert tag(canvas, "real") == ""
    assert strip(canvas.scene.nodes["real"]) == QColor(theme.family("loss").colour)
    document.history.undo()
    assert tag(canvas, "real") == "critic"


def test_the_light_theme_has_its_own_colours(canvas, losses, theme: Theme):
    theme.set("light")
    assert strip(canvas.scene.nodes["real"]) == QColor(theme.tokens.phases[0])


def test_colours_repeat_after_the_last(canvas, losses, document, theme):
    hues = theme.tokens.phases
    list_phases(document, *(Phase(f"p{at}", ("real",) if at == len(hues) else ()) for at in range(len(hues) + 1)))
    assert strip(canvas.scene.nodes["real"]) == QColor(hues[0])
    assert tag(canvas, "real") == f"p{len(hues)}"


def test_a_long_name_stays_on_the_node(canvas, losses, document):
    list_phases(document, Phase("p" * 80, ("real",)))
    item = canvas.scene.nodes["real"]
    image = picture(item)
    beside = int(MARGIN + item.rect.width()) + 3
    assert {image.pixelColor(x, y).name() for x in range(beside, image.width()) for y in range(int(MARGIN))} == {
        "#000000"
    }


def test_losses_inside_a_block_belong_to_no_phase(canvas, losses, document, selection):
    document.do(AddGraph("Stem", Graph({"real": Node("MSELoss")})))
    document.do(AddNode("Net", "use", Node("Block", graph="Stem")))
    selection.dive("use")
    assert tag(canvas, "real") == ""
