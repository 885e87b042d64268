"""Mouse gestures: each is one step of the history, or none."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph import compose
from engine.graph.edits import AddNode, SetFrames, SetNotes
from engine.graph.model import End, Frame, Graph, Node, Note, Project
from gui.canvas.items.marks import PortState
from gui.canvas.scene.hits import hit_test
from gui.palette.payload import drag_data
from tests.gui.canvas.hand import ALT, CTRL, LEFT, MIDDLE, RIGHT, SHIFT, Steps, wire

EMPTY = QPointF(620, 480)


def ends(graph):
    return {(str(each.source), str(each.target)) for each in graph.wires}


# Selecting


def test_a_click_selects_one_node_and_one_on_nothing_none(hand, selection):
    hand.click("conv")
    assert selection.nodes == {"conv"}

    hand.click("act")
    assert selection.nodes == {"act"}

    hand.click(EMPTY)
    assert selection.nodes == set()


def test_shift_adds_and_ctrl_toggles(hand, selection):
    hand.click("conv")
    hand.click("act", keys=SHIFT)
    assert selection.nodes == {"conv", "act"}

    hand.click("conv", keys=CTRL)
    assert selection.nodes == {"act"}


def test_a_rectangle_selects_what_it_touches(hand, selection, document):
    steps = Steps(document)
    hand.drag(QPointF(270, -30), QPointF(640, 40))
    assert selection.nodes == {"conv", "act"}

    hand.drag(QPointF(270, 170), QPointF(400, 300), keys=SHIFT)
    assert selection.nodes == {"conv", "act", "head"}

    hand.drag(QPointF(270, -30), QPointF(400, 40), keys=CTRL)
    assert selection.nodes == {"act", "head"}
    assert steps.are_none()


def test_escape_restores_the_selection(hand, selection):
    hand.click("loss")
    hand.press(QPointF(270, -30))
    hand.move(QPointF(640, 40))
    hand.key(Qt.Key.Key_Escape)
    assert selection.nodes == {"loss"}
    hand.release()
    assert selection.nodes == {"loss"}


def test_a_click_on_a_wire_selects_it(hand, selection):
    hand.click(QPointF(230, 30))
    assert selection.wire == wire("image.output", "conv.input")
    assert selection.nodes == set()


# Moving


def test_dragging_moves_the_selection_in_one_step(hand, document, graph, selection):
    selection.select(("label", "loss"))
    steps = Steps(document)
    hand.drag("label", hand_at(graph, "label", 120, 140))
    assert steps.is_one()
    assert graph().nodes["label"].pos == (420.0, 540.0)
    assert graph().nodes["loss"].pos == (820.0, 360.0)


def hand_at(graph, name, dx, dy):
    x, y = graph().nodes[name].pos
    return QPointF(x + 80 + dx, y + 30 + dy)


def test_a_drag_snaps_to_the_grid_and_to_others(hand, graph):
    hand.drag("label", hand_at(graph, "label", 133, 97))
    assert graph().nodes["label"].pos == (430.0, 500.0)

    hand.drag("label", QPointF(380 + 4, 500 + 30))  # nearly below head, whose left edge is at 300
    assert graph().nodes["label"].pos[0] == 300.0


def test_alt_does_not_snap(hand, graph):
    hand.drag("label", hand_at(graph, "label", 133, 97), keys=ALT)
    assert graph().nodes["label"].pos == (433.0, 497.0)


def test_escape_puts_dragged_nodes_back(hand, document, canvas, graph):
    steps = Steps(document)
    hand.press("label")
    hand.move(QPointF(500, 600))
    assert canvas.scene.nodes["label"].pos() != QPointF(300, 400)
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert canvas.scene.nodes["label"].pos() == QPointF(300, 400)
    assert steps.are_none()


def test_wires_follow_a_dragged_node(hand, canvas):
    hand.drag("label", QPointF(500, 600))
    item = canvas.scene.wires[wire("label.output", "loss.target")]
    start, _ = item.ends
    assert start == canvas.scene.nodes["label"].pos() + QPointF(160, 30)
    assert item.path.elementAt(0).x == start.x()


def test_dots_between_dragged_nodes_move_with_them(hand, document, selection, graph):
    hand.click(QPointF(230, 30), keys=ALT)
    selection.select(("image", "conv"))
    dots = graph().wires[0].points
    steps = Steps(document)
    hand.drag("image", QPointF(80, 30 - 100), keys=ALT)
    assert graph().wires[0].points == tuple((x, y - 100) for x, y in dots)
    assert steps.is_one()


# Wiring


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


# Dropping on wires


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


# Swiping and dots


def test_a_swipe_cuts_every_wire_it_crosses(hand, document, graph):
    steps = Steps(document)
    hand.drag(QPointF(520, 180), QPointF(560, 290), QPointF(600, 480), button=RIGHT, keys=CTRL)
    assert len(graph().wires) == 4
    assert steps.is_one()


def test_a_swipe_adds_dots(hand, document, graph):
    steps = Steps(document)
    hand.drag(QPointF(230, -20), QPointF(230, 80), button=RIGHT, keys=SHIFT)
    assert graph().wires[0].points == ((230.0, 30.0),)
    assert steps.is_one()


def test_alt_click_adds_a_dot_that_can_be_dragged_and_removed(hand, document, graph):
    hand.click(QPointF(230, 30), keys=ALT)
    assert graph().wires[0].points == ((230.0, 30.0),)

    steps = Steps(document)
    hand.drag(QPointF(230, 30), QPointF(240, 110))
    assert graph().wires[0].points == ((240.0, 110.0),)
    assert steps.is_one()

    steps = Steps(document)
    hand.click(QPointF(240, 110), keys=ALT)
    assert graph().wires[0].points == ()
    assert steps.is_one()


# Frames and notes


def test_a_frame_moves_with_its_nodes(hand, document, graph):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    steps = Steps(document)
    hand.drag(QPointF(400, -45), QPointF(400, -45 - 100))
    assert graph().frames[0].rect == (260, -160, 560, 160)
    assert graph().nodes["conv"].pos == (300, -100)
    assert graph().nodes["act"].pos == (600, -100)
    assert graph().nodes["head"].pos == (300, 200)
    assert steps.is_one()


def test_a_frame_is_resized_at_its_corner(hand, document, graph):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    steps = Steps(document)
    hand.drag(QPointF(816, 96), QPointF(906, 126))
    assert graph().frames[0].rect == (260, -60, 650, 190)
    assert steps.is_one()


def test_a_note_is_dragged(hand, document, graph):
    document.do(SetNotes("Net", (Note("Hello", (560, 420, 200, 80)),)))
    steps = Steps(document)
    hand.drag(QPointF(620, 450), QPointF(660, 470))
    assert graph().notes[0].rect == (600, 440, 200, 80)
    assert steps.is_one()


# Pan and zoom


def test_the_wheel_zooms_at_the_pointer(hand, canvas, qtbot):
    at = hand.spot("head")
    before = canvas.view.scene_at(at)
    with qtbot.waitSignal(canvas.zoomed):
        hand.wheel("head", notches=2)
    assert canvas.zoom == pytest.approx(1.3225)
    after = canvas.view.scene_at(at)
    assert (after - before).manhattanLength() < 2


def test_middle_and_space_drags_pan(hand, canvas, document):
    steps = Steps(document)
    before = canvas.view.visible_rect
    hand.press(QPointF(500, 300), MIDDLE)
    hand.move(QPointF(450, 300), steps=1)
    hand.release()
    assert canvas.view.visible_rect.left() == pytest.approx(before.left() + 50)

    QTest.keyPress(canvas.view, Qt.Key.Key_Space)
    hand.press(QPointF(500, 300))
    hand.move(QPointF(450, 300), steps=1)
    hand.release()
    QTest.keyRelease(canvas.view, Qt.Key.Key_Space)
    assert canvas.view.visible_rect.left() == pytest.approx(before.left() + 100)
    assert steps.are_none()


def test_ports_are_24_pixels_wide_at_any_zoom_that_shows_them(hand, canvas):
    for zoom in (0.35, 0.6, 1.0, 2.0):
        canvas.view.set_zoom(zoom)
        port = hand.spot("image.output")
        for dx in (-11.5, 11.5):
            hit = hit_test(canvas.scene, canvas.view.scene_at(port + QPointF(dx, 0)), canvas.view.zoom)
            assert hit.end == End("image", "output"), (zoom, dx)


def test_a_document_that_is_read_only_stays_as_it_is(hand, document, canvas):
    document.set_read_only(True)
    steps = Steps(document)
    hand.drag("label", QPointF(500, 600))
    hand.drag("flat.output", "loss<input")
    hand.drag(QPointF(520, 180), QPointF(600, 480), button=RIGHT, keys=CTRL)
    hand.click("conv")
    hand.key(Qt.Key.Key_Delete)
    assert steps.are_none()
    assert canvas.scene.nodes["label"].pos() == QPointF(300, 400)


def test_an_edit_from_elsewhere_ends_a_gesture(hand, document, canvas):
    hand.press("act")
    hand.move(QPointF(700, 100))
    document.do(compose.remove(document.project, "Net", ("act",)))
    assert canvas.view.gesture is None
    assert "act" not in canvas.scene.nodes
    hand.move(QPointF(720, 120))
    hand.release()
    assert "act" not in document.project.graphs["Net"].nodes
