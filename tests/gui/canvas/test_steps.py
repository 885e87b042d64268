"""The other gestures of the table: each by real events, and as one step for undo and redo."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QWheelEvent
from PySide6.QtWidgets import QApplication

from engine.check.diagnostics import Diagnostic
from engine.graph.edits import AddNode
from engine.graph.model import Node
from tests.gui.canvas.graphs import EMPTY, ends, with_block
from tests.gui.canvas.hand import ALT, CTRL, SHIFT, Steps, wire
from tests.gui.canvas.in_step import assert_in_step

KEY = Qt.Key


def test_a_layer_added_by_double_click_is_one_step(canvas, hand, document):
    steps = Steps(document)
    hand.double_click(EMPTY)
    hand.type("gelu", canvas.layer_popup.search.field)
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    assert steps.is_one()
    assert_in_step(canvas)


def test_a_node_that_is_dropped_with_shift_is_only_moved(canvas, hand, document, graph):
    document.do(AddNode("Net", "norm", Node("BatchNorm2d", {}, (500, 500))))
    before, steps = ends(graph()), Steps(document)
    hand.drag("norm", QPointF(230, 30), keys=SHIFT)
    assert ends(graph()) == before
    assert steps.is_one()
    assert_in_step(canvas)


def test_a_live_wire_stays_while_the_wheel_zooms(canvas, hand, document, graph):
    document.do(AddNode("Net", "more", Node("MSELoss", {}, (700, 400))))
    steps = Steps(document)
    hand.press("label.output")
    hand.move(QPointF(600, 350))
    hand.wheel(QPointF(600, 350), notches=2)
    assert canvas.zoom > 1.2
    assert canvas.view.gesture is not None
    hand.move("more<target")
    hand.release()
    assert ("label.output", "more.target") in ends(graph())
    assert steps.is_one()


def test_a_live_wire_that_was_clicked_stays_while_panning(canvas, hand, document, graph):
    steps = Steps(document)
    hand.click("label.output")
    hand.drag(QPointF(500, 300), QPointF(440, 300), button=Qt.MouseButton.MiddleButton)
    assert canvas.view.gesture is not None
    hand.move("loss<input")
    hand.click("loss<input")
    assert ("label.output", "loss.input") in ends(graph())
    assert steps.is_one()


def test_two_fingers_on_a_pad_pan_and_with_ctrl_zoom(canvas, hand, document):
    pad = QPointingDevice(
        "pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.PixelScroll | QInputDevice.Capability.Scroll, 2, 0, "", QPointingDeviceUniqueId(),
    )  # fmt: skip
    steps, before, at = Steps(document), canvas.view.visible_rect, hand.spot("head")

    def scroll(keys: Qt.KeyboardModifier) -> None:
        event = QWheelEvent(
            at, canvas.view.viewport().mapToGlobal(at), QPoint(-30, -40), QPoint(-60, -80), Qt.MouseButton.NoButton,
            keys, Qt.ScrollPhase.ScrollUpdate, False, Qt.MouseEventSource.MouseEventNotSynthesized, pad,
        )  # fmt: skip
        QApplication.sendEvent(canvas.view.viewport(), event)

    scroll(Qt.KeyboardModifier.NoModifier)
    assert canvas.view.visible_rect.topLeft() - before.topLeft() == QPointF(30, 40)
    assert canvas.zoom == 1.0
    scroll(CTRL)
    assert canvas.zoom < 1.0
    assert steps.are_none()


@pytest.mark.parametrize("name", ["paste wired", "cut", "all", "row", "column", "down", "layout", "branch"])
def test_each_of_these_is_one_step(canvas, hand, document, selection, name):
    if name == "paste wired":
        selection.select(("conv",))
        hand.key(KEY.Key_C, CTRL)
        hand.move(EMPTY)
    selected, key = {
        "paste wired": ((), (KEY.Key_V, CTRL | SHIFT)),
        "cut": (("act", "conv"), (KEY.Key_X, CTRL)),
        "all": (tuple(document.project.graphs["Net"].nodes), (KEY.Key_D, CTRL)),
        "row": (("image", "head"), (KEY.Key_H, SHIFT)),
        "column": (("image", "head", "loss"), (KEY.Key_V, SHIFT)),
        "down": (("image", "head", "label"), (KEY.Key_V, CTRL | ALT)),
        "layout": (("head", "loss", "label"), (KEY.Key_L,)),
        "branch": (("flat",), (KEY.Key_L,)),
    }[name]
    if name == "down":
        hand.drag("head", QPointF(380, 330))  # off the middle
    selection.select(selected)
    steps = Steps(document)
    hand.key(*key)
    assert steps.is_one()
    assert_in_step(canvas)


def test_distributing_downwards_leaves_equal_gaps(canvas, hand, selection):
    hand.drag("head", QPointF(380, 330))
    selection.select(("image", "head", "label"))
    hand.key(KEY.Key_V, CTRL | ALT)
    image, head, label = (canvas.scene.nodes[name].scene_rect for name in ("image", "head", "label"))
    assert head.top() - image.bottom() == label.top() - head.bottom()


def test_the_layout_of_a_branch_leaves_what_feeds_it(hand, selection, graph):
    selection.select(("flat",))
    hand.key(KEY.Key_L, CTRL)
    assert [graph().nodes[name].pos for name in ("image", "conv", "act")] == [(0, 0), (300, 0), (600, 0)]
    assert graph().nodes["loss"].pos != (700, 220)


def test_one_selected_node_does_not_narrow_the_layout(hand, document, selection, graph):
    hand.key(KEY.Key_L)
    whole = {name: node.pos for name, node in graph().nodes.items()}
    document.history.undo()
    selection.select(("flat",))
    hand.key(KEY.Key_L)
    assert {name: node.pos for name, node in graph().nodes.items()} == whole
    assert selection.single == "flat"


def test_everything_is_arranged_although_several_are_selected(hand, selection, graph):
    selection.select(("head", "loss"))
    hand.key(KEY.Key_L, SHIFT)
    assert graph().nodes["conv"].pos != (300, 0)


def test_the_menu_names_what_each_layout_arranges(canvas, selection, actions):
    names = ("graph.arrange", "graph.arrange_selection", "graph.arrange_branch")
    assert [actions[name].text() for name in names] == ["Arrange all", "Arrange selection", "Arrange branch"]

    def keys():
        return {name: [each.toString() for each in actions[name].shortcuts()] for name in names[:2]}

    assert keys() == {names[0]: ["L", "Shift+L"], names[1]: []}
    selection.select(("head", "loss"))
    assert keys() == {names[0]: ["Shift+L"], names[1]: ["L"]}
    assert "(L)" in actions[names[1]].toolTip()
    selection.select(("head",))
    assert keys() == {names[0]: ["L", "Shift+L"], names[1]: []}


def test_find_by_problem(canvas, hand):
    wrong = Diagnostic("S001", "error", "Linear wants 5 features, gets 7.", node="head", port="input", graph="Net")
    canvas.scene._results = SimpleNamespace(nodes={}, problems=(wrong,), fields=(), reported=())
    canvas.scene.follow_results()
    hand.key(KEY.Key_F, CTRL)
    hand.type("wants 5", canvas.finder.field)
    assert {name for name, item in canvas.scene.nodes.items() if item.is_match} == {"head"}


def test_what_is_drawn_inside_a_block_is_one_step_and_changes_all_its_uses(canvas, hand, document, selection):
    document.load(with_block())
    selection.select(("stem",))
    hand.key(KEY.Key_Return)
    hand.click("act")
    steps = Steps(document)
    hand.key(KEY.Key_Tab)
    hand.type("dropout", canvas.layer_popup.search.field)
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    inner = document.project.graphs["Stem"]
    assert ("act.output", "dropout.input") in ends(inner)
    assert steps.is_one()
    assert_in_step(canvas)
    hand.drag("dropout.output", "y<input")
    assert wire("dropout.output", "y.input") in inner.wires
    hand.key(KEY.Key_Escape)
    hand.key(KEY.Key_Up, CTRL)
    assert selection.path == ()
    assert_in_step(canvas)


def test_a_double_click_on_a_wire_inserts_in_one_step(canvas, hand, document, graph):
    steps = Steps(document)
    hand.double_click(QPointF(230, 30))
    hand.type("batchnorm2d", canvas.layer_popup.search.field)
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    assert {("image.output", "batch_norm.input"), ("batch_norm.output", "conv.input")} <= ends(graph())
    assert steps.is_one()


def test_no_node_is_highlighted_after_the_pointer_left(canvas, hand):
    hand.move("conv")
    assert canvas.scene.nodes["conv"].is_hovered
    QApplication.sendEvent(canvas.view, QEvent(QEvent.Type.Leave))
    assert not canvas.scene.nodes["conv"].is_hovered
