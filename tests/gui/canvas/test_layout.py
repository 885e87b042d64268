"""Alignment and the automatic layout of nodes."""

from PySide6.QtCore import QPointF, Qt

from engine.graph.edits import SetFrames
from engine.graph.model import Frame
from tests.gui.canvas.hand import ALT, CTRL, SHIFT, Steps

KEY = Qt.Key


def test_aligning_is_one_step(canvas, hand, document, graph, selection):
    selection.select(("image", "head", "loss"))
    steps = Steps(document)
    hand.key(KEY.Key_H, SHIFT)
    assert [graph().nodes[name].pos[1] for name in ("image", "head", "loss")] == [0.0, 0.0, -30.0]
    assert steps.is_one()  # the loss has rows for its inputs: its first is level with the others

    hand.key(KEY.Key_V, SHIFT)
    middles = {canvas.scene.nodes[name].scene_rect.center().x() for name in ("image", "head", "loss")}
    assert len(middles) == 1


def test_distributing_leaves_equal_gaps(hand, document, graph, selection, canvas):
    selection.select(("image", "head", "loss"))
    steps = Steps(document)
    hand.key(KEY.Key_H, CTRL | ALT)
    image, head, loss = (canvas.scene.nodes[name].scene_rect for name in ("image", "head", "loss"))
    assert head.left() - image.right() == loss.left() - head.right()
    assert (image.left(), loss.left()) == (0, 700)
    assert steps.is_one()


def test_the_layout_is_one_step_and_wires_run_to_the_right(hand, document, graph, canvas):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    hand.click(QPointF(230, 30), keys=ALT)
    steps = Steps(document)
    hand.key(KEY.Key_Escape)
    hand.key(KEY.Key_L)
    rects = {name: item.scene_rect for name, item in canvas.scene.nodes.items()}
    assert not any(
        one.intersects(other) for name, one in rects.items() for another, other in rects.items() if name != another
    )
    assert [len(each.points) for each in graph().wires].count(1) == 1  # the dot has moved along
    assert canvas.scene.frames[0].rect.contains(canvas.scene.rect_of(("conv", "act")))
    assert canvas.view.visible_rect.contains(canvas.scene.rect_of(("image", "conv")))
    assert steps.is_one()


def test_the_layout_of_a_selection_leaves_the_others(hand, document, graph, selection):
    selection.select(("head", "loss", "label"))
    hand.key(KEY.Key_L)
    assert graph().nodes["image"].pos == (0, 0)
    assert graph().nodes["conv"].pos == (300, 0)
    assert graph().nodes["loss"].pos != (700, 220)


def test_the_layout_is_animated_and_ends_at_the_places_in_the_document(canvas, hand, document, graph, qtbot):
    canvas.arranger.is_animated = True
    before = canvas.scene.nodes["loss"].pos()
    hand.key(KEY.Key_L)
    assert canvas.scene.nodes["loss"].pos() == before  # it has only begun
    qtbot.waitUntil(lambda: canvas.scene.nodes["loss"].pos() == QPointF(*graph().nodes["loss"].pos))
    document.history.undo()
    assert canvas.scene.nodes["loss"].pos() == before


def test_undo_during_an_animation_ends_it(canvas, hand, document, graph):
    canvas.arranger.is_animated = True
    hand.key(KEY.Key_L)
    document.history.undo()
    for name, node in graph().nodes.items():
        assert canvas.scene.nodes[name].pos() == QPointF(*node.pos)
