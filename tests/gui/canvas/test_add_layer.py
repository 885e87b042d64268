"""Layers are added by the search popup, without a mouse."""

import pytest
from PySide6.QtCore import QPointF, Qt

from engine.graph import compose
from engine.graph.edits import AddNode
from engine.graph.model import Node
from tests.gui.canvas.graphs import EMPTY, ends, with_block
from tests.gui.canvas.hand import Steps, wire

KEY = Qt.Key


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
    assert graph().nodes["max_pool"].pos == (860.0, 0.0)
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
