"""Selecting, moving and swiping with the mouse: each is one step of the history, or none."""

from PySide6.QtCore import QPointF, Qt

from engine.graph import compose
from engine.graph.edits import SetFrames, SetNotes
from engine.graph.model import End, Frame, Note
from gui.canvas.scene.hit_test import hit_test
from tests.gui.canvas.graphs import EMPTY
from tests.gui.canvas.hand import ALT, CTRL, RIGHT, SHIFT, Steps, wire


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
