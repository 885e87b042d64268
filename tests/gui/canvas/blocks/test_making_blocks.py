"""Blocks made, named, opened and taken apart on the canvas, by real events."""

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from engine.graph.edits import AddNode, SetParam
from engine.graph.model import Node
from tests.gui.canvas.graphs import EMPTY, ends, with_block
from tests.gui.canvas.hand import ALT, CTRL, SHIFT, Steps
from tests.gui.canvas.in_step import assert_in_step

KEY = Qt.Key


def _collapse(hand) -> QLineEdit:
    hand.key(KEY.Key_G, CTRL | SHIFT)
    return hand.canvas.findChildren(QLineEdit, "inline_editor")[-1]


def test_a_selection_becomes_a_block_that_is_named_at_once(hand, document, graph, canvas, selection):
    selection.select(("conv", "act"))
    steps = Steps(document)
    editor = _collapse(hand)
    assert steps.is_one()
    assert_in_step(canvas)
    assert selection.single == "block"
    assert (editor.text(), editor.selectedText(), editor.hasFocus()) == ("Block", "Block", True)
    assert ("image.output", "block.x") in ends(graph())
    assert ("block.y", "flat.input") in ends(graph())

    steps = Steps(document)
    hand.type("ConvUnit", editor)
    hand.key(KEY.Key_Return, widget=editor)
    assert steps.is_one()
    assert selection.single == "conv_unit"
    assert graph().nodes["conv_unit"].graph == "ConvUnit"
    assert document.history.undoText() == "Rename block Block to ConvUnit"
    document.history.undo()
    document.history.undo()
    assert selection.nodes == {"conv", "act"}
    assert_in_step(canvas)


def test_a_block_keeps_its_name_after_escape_or_a_wrong_one(hand, document, selection, qtbot):
    selection.select(("conv", "act"))
    steps = Steps(document)
    editor = _collapse(hand)
    hand.type("Stem", editor)
    hand.key(KEY.Key_Escape, widget=editor)
    assert steps.is_one()
    assert set(document.project.graphs) == {"Net", "Block"}

    selection.select(("head",))
    editor = _collapse(hand)
    hand.type("my block", editor)
    with qtbot.waitSignal(document.edit_refused, check_params_cb=lambda text: "try my_block" in text):
        hand.key(KEY.Key_Return, widget=editor)
    assert set(document.project.graphs) == {"Net", "Block", "Block2"}


def test_a_selection_that_leaves_and_comes_back_is_mended_by_the_same_keys(hand, document, canvas, selection, qtbot):
    selection.select(("conv", "flat"))
    steps = Steps(document)
    with qtbot.waitSignal(canvas.blocks.offer_changed) as change:
        hand.key(KEY.Key_G, CTRL | SHIFT)
    (offer,) = change.args
    assert "act is between the selected nodes" in offer.reason
    assert offer.remedy == "Take act along"
    assert steps.are_none()
    hand.key(KEY.Key_G, CTRL | SHIFT)
    assert steps.is_one()
    assert set(document.project.graphs["Block"].nodes) == {"x", "conv", "act", "flat", "y"}
    hand.key(KEY.Key_Escape, widget=canvas.findChild(QLineEdit, "inline_editor"))


def test_an_offer_ends_with_its_selection(hand, document, canvas, selection):
    offers = []
    canvas.blocks.offer_changed.connect(offers.append)
    selection.select(("conv", "flat"))
    hand.key(KEY.Key_G, CTRL | SHIFT)
    selection.select(("head",))
    assert [offer and offer.remedy for offer in offers] == ["Take act along", None]
    hand.key(KEY.Key_G, CTRL | SHIFT)
    assert "head" in document.project.graphs["Block"].nodes
    hand.key(KEY.Key_Escape, widget=canvas.findChild(QLineEdit, "inline_editor"))


def test_nothing_that_can_be_a_block_is_explained_only(hand, document, canvas, selection, qtbot):
    selection.select(("image",))
    steps = Steps(document)
    with qtbot.waitSignal(document.edit_refused, check_params_cb=lambda text: "stay outside of blocks" in text):
        hand.key(KEY.Key_G, CTRL | SHIFT)
    assert steps.are_none()


def test_the_menu_of_a_node_makes_a_block(hand, document, canvas, selection):
    selection.select(("conv", "act"))
    place = canvas.view.mapFromScene(canvas.scene.nodes["conv"].scene_rect.center())
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(canvas.view, QContextMenuEvent(reason, place, canvas.view.viewport().mapToGlobal(place)))
    menu = canvas.findChild(QMenu, "canvas_menu")
    steps = Steps(document)
    next(entry for entry in menu.actions() if entry.objectName() == "graph.make_block").trigger()
    menu.close()
    assert steps.is_one()
    assert document.project.graphs["Net"].nodes["block"].graph == "Block"


def test_an_edit_within_a_block_changes_all_uses_and_an_independent_one_is_left_alone(
    hand, document, canvas, selection
):
    document.load(with_block())
    document.do(AddNode("Net", "other", Node("Block", pos=(300, 200), graph="Stem")))
    document.do(AddNode("Net", "own", Node("Block", pos=(300, 400), graph="Stem")))
    canvas.fit()
    hand.click("own")
    steps = Steps(document)
    hand.key(KEY.Key_U, CTRL | ALT)
    assert steps.is_one()
    assert document.project.graphs["Net"].nodes["own"].graph == "Stem2"

    hand.double_click("stem")
    assert selection.path == ("stem",)
    hand.click("x")
    hand.key(KEY.Key_Tab)
    hand.type("output", canvas.layer_popup.search.field)
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    hand.key(KEY.Key_Up, ALT)
    assert selection.path == ()
    ports = {name: [spot.port for spot in canvas.scene.nodes[name].look.outputs] for name in ("stem", "other", "own")}
    assert ports == {"stem": ["y", "output"], "other": ["y", "output"], "own": ["y"]}
    assert_in_step(canvas)


def test_the_only_use_cannot_be_made_independent(hand, document, canvas, actions):
    document.load(with_block())
    canvas.fit()
    hand.click("stem")
    assert not actions["graph.make_independent"].isEnabled()
    assert "only use of Stem" in actions["graph.make_independent"].toolTip()
    hand.click(EMPTY + QPointF(0, 100))
    assert not actions["graph.make_block"].isEnabled()


@pytest.mark.parametrize(
    ("answer", "graphs", "use"),
    [("Use mine", {"Net", "Stem"}, "Stem"), ("Add under a new name", {"Net", "Stem", "Stem2"}, "Stem2"), ("", {}, "")],
)
def test_pasting_another_block_of_the_same_name_asks_once(hand, document, canvas, selection, answer, graphs, use):
    document.load(with_block())
    selection.select(("stem",))
    hand.key(KEY.Key_C, CTRL)
    document.do(SetParam("Stem", "act", "inplace", value=True))
    steps, looks = Steps(document), []

    def reply() -> None:
        question = QApplication.activeModalWidget()
        looks.append(question)
        button = next((each for each in question.findChildren(QPushButton) if each.text() == answer), None)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton) if button else QTest.keyClick(question, KEY.Key_Escape)

    QTimer.singleShot(0, reply)
    hand.key(KEY.Key_V, CTRL)
    assert len(looks) == 1
    if not answer:
        assert steps.are_none()
        return
    assert steps.is_one()
    assert set(document.project.graphs) == graphs
    assert document.project.graphs["Net"].nodes["stem2"].graph == use
    assert_in_step(canvas)


def test_an_equal_block_is_used_without_a_question(hand, document, canvas, selection):
    document.load(with_block())
    selection.select(("stem",))
    hand.key(KEY.Key_C, CTRL)
    hand.key(KEY.Key_V, CTRL)
    assert set(document.project.graphs) == {"Net", "Stem"}
    assert document.project.graphs["Net"].nodes["stem2"].graph == "Stem"


def test_the_frame_around_the_nodes_goes_into_the_block(hand, document, graph, canvas, selection):
    selection.select(("conv", "act"))
    hand.key(KEY.Key_G, CTRL)
    hand.type("Stem", canvas.findChildren(QLineEdit, "inline_editor")[-1])
    hand.key(KEY.Key_Return, widget=canvas.findChildren(QLineEdit, "inline_editor")[-1])
    (frame,) = graph().frames
    before = document.project.graphs["Net"]
    selection.select(("conv", "act"))
    steps = Steps(document)
    hand.key(KEY.Key_Escape, widget=_collapse(hand))
    assert steps.is_one()
    assert graph().frames == ()
    assert document.project.graphs["Block"].frames == (frame,)
    assert_in_step(canvas)
    selection.dive("block")
    (item,) = canvas.scene.frames
    ports = [canvas.scene.nodes[name].scene_rect for name in ("x", "y")]
    assert not any(item.rect.intersects(each) for each in ports)
    selection.up()
    document.history.undo()
    assert document.project.graphs["Net"] == before
    assert_in_step(canvas)
