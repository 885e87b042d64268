"""Drawing wires from port to port: each is one step of the history, or none."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.graph.model import Graph, Node, Project
from gui.canvas.items.marks import PortState
from tests.gui.canvas.graphs import EMPTY, ends
from tests.gui.canvas.hand import MIDDLE, RIGHT, Steps, wire


def test_a_wire_is_drawn_by_dragging(hand, document, graph):
    hand.click(QPointF(230, 30))
    hand.key(Qt.Key.Key_Delete)
    steps = Steps(document)
    hand.drag("image.output", "conv<input")
    assert ("image.output", "conv.input") in ends(graph())
    assert steps.is_one()


def test_a_wire_jumps_to_a_port_near_by(hand, document, graph, canvas):
    hand.press("flat.output")
    hand.move(QPointF(700 - 30, 220 + 60 - 20))  # not on loss.input, but near it
    assert canvas.scene.nodes["loss"].ports[("input", True)] is PortState.TARGET
    steps = Steps(document)
    hand.release()
    assert ("flat.output", "loss.input") in ends(graph())
    assert ("head.output", "loss.input") not in ends(graph())  # an input takes one wire
    assert steps.is_one()


def test_a_wire_dropped_on_a_node_takes_its_first_free_port(hand, document, graph):
    document.load(two_adds())
    steps = Steps(document)
    hand.drag("a.output", "sum")
    assert ("a.output", "sum.input") in ends(graph())
    assert steps.is_one()
    hand.drag("b.output", "sum")
    assert ("b.output", "sum.other") in ends(graph())


def two_adds():
    nodes = {"a": Node("Input", {}, (0, 0)), "b": Node("Input", {}, (0, 200)), "sum": Node("add", {}, (500, 100))}
    return Project(graphs={"Net": Graph(nodes)})


def test_a_wire_is_drawn_from_an_input_too(hand, document, graph):
    hand.click(QPointF(230, 30))
    hand.key(Qt.Key.Key_Delete)
    steps = Steps(document)
    hand.drag("conv<input", "image.output")
    assert ("image.output", "conv.input") in ends(graph())
    assert steps.is_one()


def test_click_and_click_wires_too(hand, document, graph, canvas):
    hand.click(QPointF(230, 30))
    hand.key(Qt.Key.Key_Delete)
    steps = Steps(document)
    hand.click("image.output")
    assert canvas.view.gesture is not None
    hand.move("conv<input")
    hand.click("conv<input")
    assert canvas.view.gesture is None
    assert ("image.output", "conv.input") in ends(graph())
    assert steps.is_one()


def test_a_quick_second_click_wires_too(hand, document, graph, canvas):
    hand.click(QPointF(230, 30))
    hand.key(Qt.Key.Key_Delete)
    hand.click("image.output")
    hand.move("conv<input")
    hand.double_click("conv<input")
    assert canvas.view.gesture is None
    assert ("image.output", "conv.input") in ends(graph())


def test_a_right_click_drops_a_live_wire(hand, document, canvas):
    steps = Steps(document)
    hand.click("image.output")
    hand.move(EMPTY)
    hand.click(EMPTY, RIGHT)
    assert canvas.view.gesture is None
    assert steps.are_none()


def test_a_cycle_is_refused_with_the_reason(hand, document, canvas, qtbot):
    steps = Steps(document)
    hand.press("head.output")
    hand.move("conv<input")
    assert canvas.scene.nodes["conv"].ports[("input", True)] is PortState.CLOSED
    with qtbot.waitSignal(canvas.hinted, check_params_cb=lambda text: "cycle" in text):
        hand.release()
    assert steps.are_none()
    assert canvas.scene.nodes["conv"].ports is None


def test_ports_that_want_another_kind_of_number_are_grey(hand, document, canvas):
    document.load(lookup())
    hand.press("fc.output")
    hand.move("table<input")
    assert canvas.scene.nodes["table"].ports[("input", True)] is PortState.CLOSED
    steps = Steps(document)
    hand.release()
    assert steps.are_none()


def lookup():
    nodes = {"fc": Node("Linear", {}, (0, 0)), "table": Node("Embedding", {}, (400, 0))}
    return Project(graphs={"Net": Graph(nodes)})


def test_the_end_of_a_wire_is_dragged_to_another_port(hand, document, graph):
    steps = Steps(document)
    hand.drag("loss<target", "loss<input")
    assert ("label.output", "loss.input") in ends(graph())
    assert ("label.output", "loss.target") not in ends(graph())
    assert steps.is_one()


def test_a_wire_end_dropped_on_nothing_removes_the_wire(hand, document, graph):
    steps = Steps(document)
    hand.drag("loss<target", EMPTY)
    assert ("label.output", "loss.target") not in ends(graph())
    assert steps.is_one()


def test_a_wire_end_dropped_on_its_own_port_changes_nothing(hand, document):
    steps = Steps(document)
    hand.press("loss<target")
    hand.move(QPointF(600, 300))
    hand.move("loss<target")
    hand.release()
    assert steps.are_none()


def test_escape_drops_the_wire(hand, document, canvas):
    steps = Steps(document)
    hand.press("loss<target")
    hand.move(EMPTY)
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert steps.are_none()
    assert not canvas.scene.wires[wire("label.output", "loss.target")].is_hidden


def test_a_variadic_port_takes_one_wire_after_another(hand, document, graph):
    nodes = {"a": Node("Input", {}, (0, 0)), "b": Node("Input", {}, (0, 200)), "cat": Node("cat", {}, (400, 100))}
    document.load(Project(graphs={"Net": Graph(nodes)}))
    hand.drag("a.output", "cat<tensors[0]")
    hand.drag("b.output", "cat<tensors[1]")
    assert ends(graph()) == {("a.output", "cat.tensors[0]"), ("b.output", "cat.tensors[1]")}


def test_panning_while_a_wire_is_live_keeps_it(hand, canvas, graph):
    hand.press("label.output")
    hand.move(QPointF(600, 350))
    before = canvas.view.visible_rect
    QApplication.sendEvent(canvas.view.viewport(), _mouse(QEvent.Type.MouseButtonPress, QPoint(400, 400)))
    QApplication.sendEvent(canvas.view.viewport(), _mouse(QEvent.Type.MouseMove, QPoint(360, 400)))
    QApplication.sendEvent(canvas.view.viewport(), _mouse(QEvent.Type.MouseButtonRelease, QPoint(360, 400)))
    assert canvas.view.visible_rect.left() == pytest.approx(before.left() + 40)
    assert canvas.view.gesture is not None
    hand.move("loss<input")
    hand.release()
    assert ("label.output", "loss.input") in ends(graph())


def _mouse(what, at):
    button = Qt.MouseButton.NoButton if what is QEvent.Type.MouseMove else MIDDLE
    return QMouseEvent(what, QPointF(at), QPointF(at), button, MIDDLE, Qt.KeyboardModifier.NoModifier)


def test_the_border_pans_while_a_wire_is_live(hand, canvas, qtbot):
    hand.press("label.output")
    before = canvas.view.visible_rect.right()
    hand.move(QPointF(canvas.view.visible_rect.right() - 4, 400))
    qtbot.waitUntil(lambda: canvas.view.visible_rect.right() > before + 50)
    hand.key(Qt.Key.Key_Escape)
    after = canvas.view.visible_rect
    QApplication.processEvents()
    assert canvas.view.visible_rect == after
