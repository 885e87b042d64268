"""Commands on the selection by key: each is one undo step, or none."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from engine.graph import compose
from engine.graph.edits import AddNode
from engine.graph.model import Node
from tests.gui.canvas.graphs import EMPTY, ends, with_block
from tests.gui.canvas.hand import CTRL, SHIFT, Steps

KEY = Qt.Key


def test_delete_and_delete_heal(hand, document, graph):
    hand.click("conv")
    steps = Steps(document)
    hand.key(KEY.Key_Delete)
    assert "conv" not in graph().nodes
    assert steps.is_one()

    document.history.undo()
    hand.click("conv")
    steps = Steps(document)
    hand.key(KEY.Key_Delete, SHIFT)
    assert ("image.output", "act.input") in ends(graph())
    assert steps.is_one()


def test_bypass_goes_on_and_off(hand, document, graph, canvas):
    hand.click("act")
    steps = Steps(document)
    hand.key(KEY.Key_M)
    assert graph().nodes["act"].bypass
    assert canvas.scene.nodes["act"].look.bypass
    assert steps.is_one()
    hand.key(KEY.Key_M)
    assert not graph().nodes["act"].bypass


def test_j_connects_two_nodes(hand, document, graph, selection):
    document.do(AddNode("Net", "drop", Node("Dropout", {}, (900, 0))))
    selection.select(("act", "drop"))
    steps = Steps(document)
    hand.key(KEY.Key_J)
    assert ("act.output", "drop.input") in ends(graph())
    assert steps.is_one()


def test_j_says_why_not(hand, document, selection, qtbot):
    selection.select(("image", "label"))
    steps = Steps(document)
    with qtbot.waitSignal(document.edit_refused, check_params_cb=lambda text: "No output of" in text):
        hand.key(KEY.Key_J)
    assert steps.are_none()


def test_copy_and_paste_at_the_pointer(hand, document, graph, selection, canvas):
    selection.select(("conv", "act"))
    hand.key(KEY.Key_C, CTRL)
    assert '"torchloom-fragment"' in QGuiApplication.clipboard().text()
    hand.move(EMPTY)
    steps = Steps(document)
    hand.key(KEY.Key_V, CTRL)
    assert selection.nodes == {"conv2", "act2"}
    assert ("conv2.output", "act2.input") in ends(graph())
    assert canvas.scene.rect_of(selection.nodes).contains(EMPTY)
    assert steps.is_one()


def test_paste_with_wires_keeps_what_came_in(hand, document, graph, selection):
    selection.select(("conv",))
    hand.key(KEY.Key_C, CTRL)
    hand.move(EMPTY)
    hand.key(KEY.Key_V, CTRL | SHIFT)
    assert ("image.output", "conv2.input") in ends(graph())


def test_a_clipboard_with_something_else_is_refused(hand, document, qtbot):
    QGuiApplication.clipboard().setText("import os")
    steps = Steps(document)
    with qtbot.waitSignal(document.edit_refused):
        hand.key(KEY.Key_V, CTRL)
    assert steps.are_none()


def test_cut_and_duplicate(hand, document, graph, selection):
    selection.select(("act",))
    steps = Steps(document)
    hand.key(KEY.Key_D, CTRL)
    assert graph().nodes["act2"].pos == (640.0, 40.0)
    assert steps.is_one()

    selection.select(("act2",))
    hand.key(KEY.Key_X, CTRL)
    assert "act2" not in graph().nodes
    hand.move(EMPTY)
    hand.key(KEY.Key_V, CTRL)
    assert "act2" in graph().nodes


def test_undo_of_a_paste_selects_what_was_before_and_redo_what_was_pasted(hand, document, selection):
    selection.select(("conv", "act"))
    hand.key(KEY.Key_C, CTRL)
    selection.select(("head",))
    hand.move(EMPTY)
    hand.key(KEY.Key_V, CTRL)
    document.history.undo()
    assert selection.nodes == {"head"}
    selection.select(("loss",))
    document.history.redo()
    assert selection.nodes == {"conv2", "act2"}
    hand.key(KEY.Key_Delete)
    assert not selection.nodes
    document.history.undo()
    assert selection.nodes == {"conv2", "act2"}
    selection.clear()
    document.history.undo()
    assert selection.nodes == {"head"}


def test_undo_of_a_paste_in_another_graph_leaves_the_selection(hand, document, selection, graph):
    document.do(compose.make_block(document.project, "Net", ["conv", "act"], "Stem"))
    selection.select(("head",))
    hand.key(KEY.Key_C, CTRL)
    hand.move(EMPTY)
    hand.key(KEY.Key_V, CTRL)
    (use,) = graph().of_kind("Block")
    assert selection.dive(use)
    selection.select(("conv",))
    document.history.undo()
    assert selection.nodes == {"conv"}


def test_nodes_that_undo_restores_are_selected_again(hand, document, selection):
    selection.select(["conv", "act"])
    hand.key(KEY.Key_Delete)
    assert not selection.nodes
    document.history.undo()
    assert selection.nodes == {"conv", "act"}
    hand.key(KEY.Key_Delete)
    selection.select(["flat"])
    document.history.undo()
    assert selection.nodes == {"flat"}


def test_a_refusal_keeps_a_name_as_it_is(hand, document, canvas, qtbot):
    hints = []
    canvas.hinted.connect(hints.append)
    hand.drag("head.output", "conv<input")
    assert hints[-1].startswith("conv leads to head")
    with qtbot.waitSignal(document.edit_refused) as signal:
        hand.key(KEY.Key_J)
    assert signal.args[0].startswith("Select two nodes")


def test_a_block_is_unpacked(canvas, hand, document, selection, graph):
    document.load(with_block())
    selection.select(("stem",))
    steps = Steps(document)
    hand.key(KEY.Key_U, CTRL | SHIFT)
    assert "stem" not in graph().nodes
    assert sum(node.kind == "ReLU" for node in graph().nodes.values()) == 2
    assert steps.is_one()


def test_an_edit_inside_a_block_changes_its_uses(canvas, hand, document, selection):
    document.load(with_block())
    assert [spot.port for spot in canvas.scene.nodes["stem"].look.inputs] == ["x"]
    document.do(AddNode("Stem", "z", Node("Input")))
    assert [spot.port for spot in canvas.scene.nodes["stem"].look.inputs] == ["x", "z"]


def test_j_disconnects_connected_nodes(hand, selection, graph, document):
    selection.select(["conv", "act"])
    steps = Steps(document)
    hand.key(KEY.Key_J)
    assert ("conv.output", "act.input") not in ends(graph())
    assert steps.is_one()
    hand.key(KEY.Key_J)
    assert ("conv.output", "act.input") in ends(graph())


def test_refusals_leave_no_step(hand, document, graph, selection, qtbot):
    selection.select(())
    steps = Steps(document)
    with qtbot.waitSignal(document.edit_refused):
        hand.key(KEY.Key_J)
    with qtbot.waitSignal(document.edit_refused):
        hand.key(KEY.Key_G, CTRL)
    hand.key(KEY.Key_Delete)
    hand.key(KEY.Key_M)
    hand.key(KEY.Key_D, CTRL)
    assert steps.are_none()
