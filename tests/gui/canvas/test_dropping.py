"""Nodes dropped on wires, and layers dropped from the palette."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from engine.graph.edits import AddNode
from engine.graph.model import Node
from gui.palette.payload import drag_data
from tests.gui.canvas.graphs import EMPTY, ends
from tests.gui.canvas.hand import LEFT, SHIFT, Steps


def test_a_node_dropped_on_a_wire_is_inserted_and_neighbours_make_room(hand, document, graph, selection):
    document.do(AddNode("Net", "norm", Node("BatchNorm2d", {}, (500, 500))))
    steps = Steps(document)
    hand.drag("norm", QPointF(230, 30))
    assert {("image.output", "norm.input"), ("norm.output", "conv.input")} <= ends(graph())
    nodes = graph().nodes
    places = [nodes[name].pos[0] for name in ("image", "norm", "conv", "act")]
    assert all(right - left >= 200 for left, right in pairwise(places))
    assert nodes["flat"].pos == (0, 200)  # the chain turns back there
    assert steps.is_one()


def test_the_target_of_an_insertion_is_visible_though_the_node_hides_the_wire(hand, document, canvas):
    document.do(AddNode("Net", "norm", Node("BatchNorm2d", {}, (500, 500))))
    hand.press("norm")
    hand.move(QPointF(230, 30))
    highlighted = canvas.view.grab().toImage()
    hand.move(QPointF(230, 30), SHIFT)
    assert highlighted != canvas.view.grab().toImage()
    hand.release(SHIFT)


def test_no_node_looks_hovered_after_a_new_wire(hand, canvas):
    hand.press(EMPTY)
    hand.release()
    hand.move("flat.output")
    hand.drag("flat.output", "loss<input")
    hand.move(EMPTY)
    assert not [name for name, item in canvas.scene.nodes.items() if item.is_hovered]


def test_shift_keeps_a_node_from_being_inserted(hand, document, graph):
    document.do(AddNode("Net", "norm", Node("BatchNorm2d", {}, (500, 500))))
    hand.drag("norm", QPointF(230, 30), keys=SHIFT)
    assert ("image.output", "conv.input") in ends(graph())


def test_a_wired_node_is_not_inserted_elsewhere(hand, graph):
    hand.drag("label", QPointF(230, 30))
    assert ("image.output", "conv.input") in ends(graph())


@pytest.mark.parametrize("where", [QPointF(620, 500), QPointF(230, 30)])
def test_a_layer_is_dragged_from_the_palette(hand, canvas, document, graph, where):
    steps = Steps(document)
    data = drag_data(Node("BatchNorm2d", {}))
    at = hand.spot(where)
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, Qt.KeyboardModifier.NoModifier)
    canvas.view.dragEnterEvent(enter)
    assert enter.isAccepted()
    drop = QDropEvent(at, copy, data, LEFT, Qt.KeyboardModifier.NoModifier)
    canvas.view.dropEvent(drop)
    assert drop.isAccepted()
    assert steps.is_one()
    assert len(graph().nodes) == 8
    assert (("image.output", "conv.input") in ends(graph())) is (where.x() > 600)


def test_a_drag_of_something_else_is_ignored(hand, canvas):
    data = QMimeData()
    data.setText("a text")
    event = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    canvas.view.dragEnterEvent(event)
    assert not event.isAccepted()
