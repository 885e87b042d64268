"""Keys, menus and the search popup: everything can be done without a mouse."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QPushButton

from engine.check.diagnostics import Diagnostic, Fix
from engine.graph import compose
from engine.graph.edits import AddNode, SetFrames, SetNotes
from engine.graph.model import Frame, Graph, Node, Note, Project
from tests.gui.canvas.hand import ALT, CTRL, RIGHT, SHIFT, Steps, wire

EMPTY = QPointF(620, 480)
KEY = Qt.Key


def ends(graph):
    return {(str(each.source), str(each.target)) for each in graph.wires}


# Adding by search


def search(canvas, hand, text, key=KEY.Key_Return):
    popup = canvas.layer_popup.search
    assert popup.isVisible()
    assert popup.field.hasFocus()
    hand.type(text, popup.field)
    hand.key(key, widget=popup.field)
    assert not popup.isVisible()


def test_tab_adds_at_the_pointer(canvas, hand, graph, document, selection):
    hand.click(EMPTY)
    steps = Steps(document)
    hand.key(KEY.Key_Tab)
    search(canvas, hand, "drop")
    assert graph().nodes["dropout"].kind == "Dropout"
    assert canvas.scene.nodes["dropout"].scene_rect.contains(EMPTY)
    assert selection.nodes == {"dropout"}
    assert steps.is_one()
    assert canvas.view.hasFocus()


def test_an_input_is_named_after_the_field_that_it_reads(canvas, hand, graph):
    before = set(graph().nodes)
    for _ in range(2):
        hand.click(EMPTY)
        hand.key(KEY.Key_Tab)
        search(canvas, hand, "input label")
    new = [name for name in graph().nodes if name not in before]
    assert [graph().nodes[name].params for name in new] == 2 * [{"field": "label"}]
    assert all(name.rstrip("0123456789") == "label" for name in new)


def test_a_double_click_adds_there(canvas, hand, graph):
    hand.double_click(EMPTY)
    search(canvas, hand, "gelu")
    assert canvas.scene.nodes["gelu"].scene_rect.contains(EMPTY)


def test_tab_with_a_selection_adds_behind_it_and_wires(canvas, hand, graph, document, selection):
    selection.select(("act",))
    steps = Steps(document)
    hand.key(KEY.Key_Tab)
    search(canvas, hand, "maxpool2d")
    assert ("act.output", "max_pool.input") in ends(graph())
    assert graph().nodes["max_pool"].pos == (850.0, 0.0)
    assert steps.is_one()


def test_tab_twice_draws_a_chain(canvas, hand, graph):
    hand.click("act")
    for text in ("max_pool2d", "flatten"):
        hand.key(KEY.Key_Tab)
        search(canvas, hand, text.replace("_", ""))
    assert {("act.output", "max_pool.input"), ("max_pool.output", "flatten.input")} <= ends(graph())


def test_tab_on_a_wire_inserts(canvas, hand, graph, document):
    hand.click(QPointF(230, 30))
    steps = Steps(document)
    hand.key(KEY.Key_Tab)
    search(canvas, hand, "batchnorm2d")
    assert {("image.output", "batch_norm.input"), ("batch_norm.output", "conv.input")} <= ends(graph())
    assert steps.is_one()


def test_a_double_click_on_a_wire_offers_only_what_fits_between(canvas, hand, graph):
    hand.double_click(QPointF(230, 30))
    kinds = {entry.kind for entry in canvas.layer_popup.search.rows.matches}
    assert "Conv2d" in kinds
    assert not kinds & {"Input", "Output", "CrossEntropyLoss"}


def test_a_wire_dropped_on_nothing_asks_for_what_takes_it(canvas, hand, graph, document, selection):
    hand.drag("head.output", EMPTY)
    popup = canvas.layer_popup.search
    kinds = {entry.kind for entry in popup.rows.matches}
    assert {"Linear", "ReLU", "MSELoss"} <= kinds
    assert not kinds & {"Input", "Embedding"}  # no inputs, or one for whole numbers
    steps = Steps(document)
    search(canvas, hand, "relu")
    assert ("head.output", "relu.input") in ends(graph())
    start = canvas.scene.wires[wire("head.output", "relu.input")].ends[1]
    assert (start - EMPTY).manhattanLength() < 12
    assert steps.is_one()


def test_a_wire_dragged_from_an_input_asks_for_what_feeds_it(canvas, hand, graph, document):
    document.do(AddNode("Net", "extra", Node("MSELoss", {}, (700, 400))))
    hand.drag("extra<target", EMPTY)
    kinds = {entry.kind for entry in canvas.layer_popup.search.rows.matches}
    assert "CrossEntropyLoss" not in kinds
    search(canvas, hand, "sigmoid")
    assert ("sigmoid.output", "extra.target") in ends(graph())


def test_escape_in_the_search_adds_nothing(canvas, hand, document):
    steps = Steps(document)
    hand.drag("head.output", EMPTY)
    hand.key(KEY.Key_Escape, widget=canvas.layer_popup.search.field)
    assert not canvas.layer_popup.search.isVisible()
    assert steps.are_none()


def test_keys_move_in_the_search(canvas, hand, graph):
    hand.double_click(EMPTY)
    popup = canvas.layer_popup.search
    hand.type("conv", popup.field)
    titles = [entry.title for entry in popup.rows.matches]
    assert titles[0].startswith("Conv")
    hand.key(KEY.Key_Down, widget=popup.field)
    hand.key(KEY.Key_Down, widget=popup.field)
    hand.key(KEY.Key_Up, widget=popup.field)
    hand.key(KEY.Key_Return, widget=popup.field)
    assert any(node.kind == titles[1] for name, node in graph().nodes.items() if name != "conv")


@pytest.mark.parametrize(
    ("query", "kind"),
    [("linear", "Linear"), ("lin", "Linear"), ("dense", "Linear"), ("bn2", "BatchNorm2d"), ("c2d", "Conv2d"),
     ("conv2d", "Conv2d"), ("cross", "CrossEntropyLoss"), ("residual", "add"), ("concat", "cat"), ("relu", "ReLU"),
     ("tel", "TransformerEncoderLayer"), ("multi head", "MultiheadAttention"), ("batch norm 1", "BatchNorm1d")],
)  # fmt: skip
def test_the_search_finds_what_people_type(canvas, hand, query, kind):
    hand.double_click(EMPTY)
    hand.type(query, canvas.layer_popup.search.field)
    assert canvas.layer_popup.search.rows.matches[0].kind == kind


def test_the_search_offers_fields_and_blocks(canvas, hand, document, graph):
    document.load(with_block())
    hand.double_click(QPointF(600, 300))
    hand.type("stem", canvas.layer_popup.search.field)
    assert canvas.layer_popup.search.rows.matches[0].block == "Stem"
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    assert graph().nodes["stem2"].graph == "Stem"

    hand.double_click(QPointF(600, 400))
    hand.type("input label", canvas.layer_popup.search.field)
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    assert any(node.params == {"field": "label"} for node in graph().nodes.values())


def with_block():
    inner = Graph(
        {"x": Node("Input"), "act": Node("ReLU", {}, (220, 0)), "y": Node("Output", {}, (440, 0))},
        [wire("x.output", "act.input"), wire("act.output", "y.input")],
    )
    outer = Graph(
        {"image": Node("Input"), "stem": Node("Block", pos=(300, 0), graph="Stem", repeat=2)},
        [wire("image.output", "stem.x")],
    )
    return Project(graphs={"Net": outer, "Stem": inner})


# Editing by key


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


def test_a_frame_is_drawn_around_the_selection_and_named(hand, document, graph, canvas, selection):
    steps = Steps(document)
    selection.select(("conv", "act"))
    hand.key(KEY.Key_G, CTRL)
    editor = canvas.findChild(QLineEdit, "inline_editor")
    assert editor.hasFocus()
    hand.type("stem", editor)
    hand.key(KEY.Key_Return, widget=editor)
    (frame,) = graph().frames
    assert frame.title == "stem"
    assert canvas.scene.frames[0].rect.contains(canvas.scene.rect_of(("conv", "act")))
    assert steps.is_one()
    assert document.history.undoText() == "Add a frame"
    canvas.text_editor.edit(canvas.scene.frames[0])
    again = canvas.findChildren(QLineEdit, "inline_editor")[-1]
    hand.type("trunk", again)
    hand.key(KEY.Key_Return, widget=again)
    assert graph().frames[0].title == "trunk"
    document.history.undo()
    assert graph().frames[0].title == "stem"
    document.history.undo()
    assert graph().frames == ()


def test_a_note_is_written_where_the_pointer_is(hand, document, graph, canvas):
    hand.move(EMPTY)
    steps = Steps(document)
    hand.key(KEY.Key_N, SHIFT)
    editor = canvas.findChild(QPlainTextEdit, "inline_editor")
    hand.type("remember", editor)
    hand.key(KEY.Key_Return, CTRL, widget=editor)
    assert graph().notes == (Note("remember", (620.0, 480.0, 240.0, 80.0)),)
    assert steps.is_one()


def test_ctrl_enter_in_a_note_triggers_no_action(hand, graph, canvas, qtbot):
    trained = []
    train = QAction(canvas, shortcut=QKeySequence("Ctrl+Return"))
    train.triggered.connect(trained.append)
    canvas.window().addAction(train)
    canvas.window().activateWindow()
    qtbot.waitUntil(canvas.window().isActiveWindow)
    hand.key(KEY.Key_N, SHIFT)
    editor = canvas.findChild(QPlainTextEdit, "inline_editor")
    hand.type("remember", editor)
    hand.key(KEY.Key_Return, CTRL, widget=editor)
    assert [note.text for note in graph().notes][-1:] == ["remember"]
    assert not trained


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


def test_a_new_node_without_inputs_feeds_the_selected_node(hand, canvas, selection, document, graph):
    document.do(compose.disconnect(document.project, "Net", wire("label.output", "loss.target")))
    selection.select(["loss"])
    steps = Steps(document)
    hand.key(KEY.Key_Tab)
    search(canvas, hand, "input")
    new = selection.single
    assert (f"{new}.output", "loss.target") in ends(graph())
    rects = {name: item.scene_rect for name, item in canvas.scene.nodes.items()}
    assert rects[new].right() < rects["loss"].left()
    assert not any(rects[new].intersects(rect) for name, rect in rects.items() if name != new)
    assert steps.is_one()
    selection.select(["loss"])
    hand.key(KEY.Key_Tab)
    search(canvas, hand, "input")  # nothing is free any more
    assert not [each for each in graph().wires if each.source.node == selection.single]


def test_tab_adds_no_node_on_top_of_others(hand, canvas, selection, document):
    selection.clear()
    hand.move("head")
    hand.key(KEY.Key_Tab)
    search(canvas, hand, "dropout")
    rects = [item.scene_rect for item in canvas.scene.nodes.values()]
    assert not any(one.intersects(other) for place, one in enumerate(rects) for other in rects[place + 1 :])


def test_a_refusal_keeps_a_name_as_it_is(hand, document, canvas, qtbot):
    hints = []
    canvas.hinted.connect(hints.append)
    hand.drag("head.output", "conv<input")
    assert hints[-1].startswith("conv leads to head")
    with qtbot.waitSignal(document.edit_refused) as signal:
        hand.key(KEY.Key_J)
    assert signal.args[0].startswith("Select two nodes")


def test_an_empty_note_is_none(hand, document, canvas):
    steps = Steps(document)
    hand.key(KEY.Key_N, SHIFT)
    hand.key(KEY.Key_Escape, widget=canvas.findChild(QPlainTextEdit, "inline_editor"))
    assert steps.are_none()


def test_frames_and_notes_are_deleted(hand, document, graph):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    document.do(SetNotes("Net", (Note("Hello", (560, 420, 200, 80)),)))
    hand.click(QPointF(300, -50))
    hand.key(KEY.Key_Delete)
    assert graph().frames == ()
    hand.click(QPointF(600, 440))
    hand.key(KEY.Key_Delete)
    assert graph().notes == ()


def test_a_frame_is_renamed_by_double_click(hand, document, graph, canvas):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    steps = Steps(document)
    hand.double_click(QPointF(300, -50))
    editor = canvas.findChild(QLineEdit, "inline_editor")
    hand.type("trunk", editor)
    hand.key(KEY.Key_Return, widget=editor)
    assert graph().frames[0].title == "trunk"
    assert steps.is_one()


# Selection and navigation


def test_up_and_downstream(hand, selection):
    hand.click("flat")
    hand.key(KEY.Key_BracketLeft)
    assert selection.nodes == {"image", "conv", "act", "flat"}
    hand.click("flat")
    hand.key(KEY.Key_BracketRight)
    assert selection.nodes == {"flat", "head", "loss"}


def test_select_all_and_escape(hand, selection, graph):
    hand.key(KEY.Key_A, CTRL)
    assert selection.nodes == set(graph().nodes)
    hand.key(KEY.Key_Escape)
    assert selection.nodes == set()


def test_arrows_follow_wires_else_the_nearest_node(hand, selection):
    hand.click("image")
    for key, name in (
        (KEY.Key_Right, "conv"), (KEY.Key_Right, "act"), (KEY.Key_Right, "flat"), (KEY.Key_Left, "act"),
        (KEY.Key_Down, "loss"), (KEY.Key_Left, "head"), (KEY.Key_Down, "label"), (KEY.Key_Up, "head"),
    ):  # fmt: skip
        hand.key(key)
        assert selection.nodes == {name}
    hand.key(KEY.Key_Right, SHIFT)
    assert selection.nodes == {"head", "loss"}


def test_ctrl_arrows_move(hand, document, graph, selection):
    selection.select(("act", "head"))
    steps = Steps(document)
    hand.key(KEY.Key_Right, CTRL)
    assert graph().nodes["act"].pos == (610.0, 0.0)
    assert graph().nodes["head"].pos == (310.0, 200.0)
    assert steps.is_one()
    hand.key(KEY.Key_Up, CTRL)
    assert graph().nodes["act"].pos == (610.0, -10.0)
    assert document.history.count() == 2


def test_enter_dives_into_a_block_and_else_edits(canvas, hand, document, selection, qtbot):
    document.load(with_block())
    selection.select(("stem",))
    hand.key(KEY.Key_Return)
    assert (selection.graph, selection.path) == ("Stem", ("stem",))
    assert set(canvas.scene.nodes) == {"x", "act", "y"}

    selection.select(("act",))
    with qtbot.waitSignal(canvas.edit_wanted, check_params_cb=lambda name: name == "act"):
        hand.key(KEY.Key_Return)

    selection.clear()
    hand.key(KEY.Key_Up, CTRL)
    assert selection.path == ()
    assert selection.nodes == {"stem"}


def test_a_double_click_dives_too(canvas, hand, document, selection):
    document.load(with_block())
    hand.double_click("stem")
    assert selection.graph == "Stem"


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


def test_find_goes_through_the_matches(canvas, hand, selection):
    hand.key(KEY.Key_F, CTRL)
    field = canvas.finder.field
    assert field.hasFocus()
    hand.type("in", field)  # Input, Linear, and a node with such a value
    assert canvas.finder.count.text() == "3 found"
    assert canvas.scene.nodes["image"].is_match is True
    assert canvas.scene.nodes["conv"].is_match is False
    hand.key(KEY.Key_Return, widget=field)
    assert selection.nodes == {"image"}
    hand.key(KEY.Key_Return, widget=field)
    assert selection.nodes == {"head"}
    hand.key(KEY.Key_Return, SHIFT, widget=field)
    assert selection.nodes == {"image"}
    hand.key(KEY.Key_Escape, widget=field)
    assert canvas.scene.nodes["conv"].is_match is None
    assert not canvas.finder.isVisible()


def test_find_covers_none_of_its_matches(canvas, hand):
    finder, view = canvas.finder, canvas.view
    hand.key(KEY.Key_F, CTRL)
    node = canvas.scene.nodes["act"]
    corner = view.scene_at(QPointF(finder.geometry().center()))
    view.centerOn(view.visible_rect.center() + node.scene_rect.center() - corner)  # the node is where the search is
    assert view.viewportTransform().mapRect(node.scene_rect).intersects(QRectF(finder.geometry()))
    hand.type("relu", finder.field)
    assert node.is_match
    assert not view.viewportTransform().mapRect(node.scene_rect).intersects(QRectF(finder.geometry()))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("out_channels=8", {"conv"}),
        ("kernel", {"conv"}),
        ("bias", set()),
        ("relu", {"act"}),
        ("label", {"label"}),
        ("zzz", set()),
    ],
)
def test_find_by_kind_and_parameter(canvas, hand, query, names):
    hand.key(KEY.Key_F, CTRL)
    hand.type(query, canvas.finder.field)
    assert {name for name, item in canvas.scene.nodes.items() if item.is_match} == names


# The view


def test_home_fits_all_and_f_the_selection(canvas, hand, selection):
    canvas.view.set_zoom(3.0)
    hand.key(KEY.Key_Home)
    assert canvas.view.visible_rect.contains(canvas.scene.content)

    selection.select(("conv",))
    hand.key(KEY.Key_F)
    middle = canvas.view.visible_rect.center() - canvas.scene.nodes["conv"].scene_rect.center()
    assert middle.manhattanLength() < 3


def test_reveal_shows_a_node_far_away(canvas, document, selection):
    document.do(AddNode("Net", "far", Node("ReLU", {}, (9000, 9000))))
    assert canvas.reveal("far")
    assert selection.nodes == {"far"}
    assert canvas.view.visible_rect.contains(canvas.scene.nodes["far"].scene_rect)
    assert not canvas.reveal("nowhere")


def test_reveal_goes_into_blocks(canvas, document, selection):
    document.load(with_block())
    assert canvas.reveal("stem.act")
    assert (selection.graph, selection.nodes) == ("Stem", {"act"})


def test_each_graph_is_shown_as_it_was_left(canvas, document, selection):
    document.load(with_block())
    canvas.view.set_zoom(1.5)
    canvas.view.centerOn(100, 100)
    canvas.view.view_changed.emit()
    before = canvas.view.visible_rect.center()
    selection.dive("stem")
    canvas.view.set_zoom(0.8)
    selection.up()
    assert canvas.zoom == pytest.approx(1.5)
    assert (canvas.view.visible_rect.center() - before).manhattanLength() < 2


def test_the_info_card_is_shown_and_hidden(canvas, hand, selection):
    selection.select(("conv",))
    hand.key(KEY.Key_I)
    card = canvas.info.card
    assert card.isVisible()
    assert card.subject == "conv"
    hand.key(KEY.Key_I)
    assert not card.isVisible()


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


def test_notes_and_frames_are_reached_moved_written_and_removed_by_keys(hand, canvas, document, graph, selection):
    document.do(SetNotes("Net", (Note("Hello", (440, -260, 200, 80)),)))
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    selection.select(["conv"])
    hand.key(KEY.Key_Up)
    assert canvas.scene.selected_annotation is canvas.scene.frames[0]
    assert not selection.nodes
    steps, before = Steps(document), graph().nodes["conv"].pos
    hand.key(KEY.Key_Down, CTRL)
    assert graph().frames[0].rect[1] == -50
    assert graph().nodes["conv"].pos == (before[0], before[1] + 10)
    assert steps.is_one()
    document.history.undo()
    hand.key(KEY.Key_Up)
    assert canvas.scene.selected_annotation is canvas.scene.notes[0]
    hand.key(KEY.Key_Return)
    editor = canvas.findChild(QPlainTextEdit, "inline_editor")
    editor.selectAll()
    hand.type("Bye", editor)
    hand.key(KEY.Key_Return, CTRL, widget=editor)
    assert graph().notes[0].text == "Bye"
    hand.key(KEY.Key_Delete)
    assert graph().notes == ()
    assert len(graph().nodes) == 7


def test_j_disconnects_connected_nodes(hand, selection, graph, document):
    selection.select(["conv", "act"])
    steps = Steps(document)
    hand.key(KEY.Key_J)
    assert ("conv.output", "act.input") not in ends(graph())
    assert steps.is_one()
    hand.key(KEY.Key_J)
    assert ("conv.output", "act.input") in ends(graph())


def test_screen_readers_get_what_is_selected(canvas, hand, selection):
    selection.select(["conv"])
    assert canvas.view.accessibleDescription().startswith("conv, Conv2d, 8 @")
    hand.key(KEY.Key_Right)
    assert canvas.view.accessibleDescription().startswith("act, ReLU")
    selection.select(["conv", "act"])
    assert canvas.view.accessibleDescription() == "2 nodes selected"
    selection.select_wire(wire("conv.output", "act.input"))
    assert canvas.view.accessibleDescription() == "The wire from conv.output to act.input"
    selection.clear()
    assert canvas.view.accessibleDescription() == ""


@pytest.mark.parametrize(("selected", "action"), [("conv", "graph.bypass"), ("", "graph.add"), ("wire", "edit.delete")])
def test_the_menu_key_opens_the_menu_of_the_selection(canvas, selection, selected, action):
    if selected == "wire":
        selection.select_wire(wire("conv.output", "act.input"))
    else:
        selection.select([selected] if selected else [])
    place = canvas.view.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, canvas.view.viewport().mapToGlobal(place))
    QApplication.sendEvent(canvas.view, event)
    menu = canvas.findChild(QMenu, "canvas_menu")
    assert action in {entry.objectName() for entry in menu.actions()}
    menu.close()


def test_the_menu_of_a_node_has_the_actions_of_nodes(canvas, hand, selection):
    hand.click("conv", RIGHT)
    menu = canvas.findChild(QMenu, "canvas_menu")
    entries = {action.objectName() for action in menu.actions()}
    assert {"graph.bypass", "edit.delete"} <= entries
    assert selection.nodes == {"conv"}
    menu.close()
    QApplication.processEvents()


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


def test_a_broken_wire_shows_why_and_is_fixed_by_one_key_and_click(canvas, hand, document, graph, qtbot):
    fix = Fix("Remove the wire", compose.disconnect(document.project, "Net", wire("flat.output", "head.input")))
    problem = Diagnostic("S001", "error", "Linear wants 5, gets 7.", node="head", port="input", graph="Net", fix=fix)
    canvas.scene._results = SimpleNamespace(nodes={}, problems=(problem,), fields=(), reported=())
    canvas.scene.follow_results()
    hand.move(QPointF(230, 230))
    card = canvas.info.card
    qtbot.waitUntil(card.isVisible)
    assert any("wants 5, gets 7" in label.text() for label in card.findChildren(QLabel))
    hand.key(KEY.Key_I)
    steps = Steps(document)
    button = card.findChild(QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert ("flat.output", "head.input") not in ends(graph())
    assert not card.isVisible()
    assert steps.is_one()


def test_the_card_is_shown_while_the_pointer_rests(canvas, hand, qtbot):
    hand.move("conv")
    qtbot.waitUntil(canvas.info.card.isVisible)
    assert canvas.info.card.subject == "conv"
    hand.move(EMPTY)
    qtbot.waitUntil(lambda: not canvas.info.card.isVisible())


def test_the_port_under_the_pointer_is_in_the_status_bar(canvas, hand, qtbot):
    with qtbot.waitSignal(canvas.hinted, check_params_cb=lambda text: text.startswith("loss.target")):
        hand.move("loss<target")


def test_nothing_heavy_is_loaded_by_drawing(canvas, hand, selection):
    """In a fresh process, since other tests load what they like."""
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from gui.canvas.canvas import Canvas; from gui.actions.actions import Actions;"
        "from gui.state.document import Document;"
        "from gui.state.selection import Selection; from gui.theme import Theme; d = Document(); s = Selection(d);"
        "c = Canvas(d, s, None, Theme(app), Actions()); c.show(); app.processEvents(); c.grab();"
        "print([m for m in ('torch', 'numpy', 'networkx', 'pyqtgraph') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_search_is_as_high_as_its_matches(canvas, hand):
    popup = canvas.layer_popup.search
    hand.key(KEY.Key_Tab)
    full = popup.height()
    hand.type("lstm", popup.field)
    assert 0 < popup.list.height() < full / 2
    assert popup.height() == popup.sizeHint().height()
    hand.type("zzzz", popup.field)
    assert popup.list.height() == 0
    assert popup.hint.isVisible()
    assert popup.hint.text() == "No layer, field or block has such a name."
    hand.key(KEY.Key_Escape, widget=popup.field)
