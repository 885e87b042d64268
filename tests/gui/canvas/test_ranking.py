"""The search lists first what is meant for the value in the wire."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPointF, Qt

from engine.graph.edits import AddNode
from engine.graph.model import Node
from gui.state.analysis_results import NodeResults
from tests.gui.canvas.graphs import EMPTY
from tests.gui.canvas.hand import CTRL

KEY = Qt.Key
SHAPES = {"image": ("N", 1, 8, 8), "conv": ("N", 8, 6, 6), "act": ("N", 8, 6, 6), "flat": ("N", 288), "head": ("N", 10)}


@pytest.fixture
def results(canvas):
    """What the analysis would find in the small graph."""
    nodes = {name: NodeResults({"output": shape}, {"output": "float"}) for name, shape in SHAPES.items()}
    canvas.scene._results = SimpleNamespace(nodes=nodes, problems=(), fields=(), reported=())
    canvas.scene.follow_results()


@pytest.fixture
def proposals(canvas, hand, results):
    """A function that gives the kinds in the search for a text, the first first."""

    def look(text=""):
        popup = canvas.layer_popup.search
        assert popup.isVisible()
        hand.type(text, popup.field)
        kinds = [entry.kind for entry in popup.rows.matches]
        hand.key(KEY.Key_Escape, widget=popup.field)
        return kinds

    return look


def in_order(kinds, *expected):
    return sorted(expected, key=kinds.index) == list(expected)


def test_a_wire_with_images_proposes_what_takes_images(hand, proposals):
    hand.drag("act.output", EMPTY)
    kinds = proposals()
    assert {"Conv2d", "MaxPool2d", "BatchNorm2d", "ReLU"} <= set(kinds[:7])
    for flat in ("Conv1d", "Conv3d", "MaxPool1d", "MaxPool3d", "BatchNorm1d", "BatchNorm3d", "Linear", "LSTM"):
        assert in_order(kinds, "Conv2d", flat)
        assert in_order(kinds, "MaxPool2d", flat)
        assert in_order(kinds, "BatchNorm2d", flat)
    assert in_order(kinds, "Linear", "Conv1d")  # that one could not be


@pytest.mark.parametrize(("text", "first"), [("conv", "Conv2d"), ("batch", "BatchNorm2d"), ("maxp", "MaxPool2d")])
def test_typing_ranks_equal_matches_by_the_value_in_the_wire(hand, proposals, text, first):
    hand.drag("act.output", EMPTY)
    assert proposals(text)[0] == first


def test_what_is_typed_in_full_wins(hand, proposals):
    hand.drag("act.output", EMPTY)
    assert proposals("conv1d")[0] == "Conv1d"


def test_a_wire_with_features_proposes_dense_layers(hand, proposals):
    hand.drag("flat.output", EMPTY)
    kinds = proposals()
    assert kinds[0] == "Linear"
    assert {"BatchNorm1d", "ReLU", "Dropout"} <= set(kinds[:7])
    assert in_order(kinds, "BatchNorm1d", "BatchNorm2d")
    hand.drag("flat.output", EMPTY)
    assert proposals("batch")[0] == "BatchNorm1d"


def test_tab_behind_a_node_and_into_a_wire_rank_alike(canvas, hand, selection, proposals):
    selection.select(("act",))
    hand.key(KEY.Key_Tab)
    assert proposals()[0] == "Conv2d"
    selection.select(("flat",))
    hand.key(KEY.Key_Tab)
    assert proposals()[0] == "Linear"
    hand.double_click(QPointF(530, 30))  # the wire from conv to act
    assert proposals()[0] == "Conv2d"


def test_a_wire_from_an_input_proposes_what_gives_that_many(hand, document, proposals):
    document.do(AddNode("Net", "late", Node("Conv2d", {"out_channels": 8, "kernel_size": 3}, (700, 380))))
    hand.drag("late<input", EMPTY)
    kinds = proposals()
    assert in_order(kinds, "Conv2d", "Conv1d")
    assert in_order(kinds, "ReLU", "LSTM")


def test_without_results_the_usual_layers_come_first(canvas, hand):
    hand.drag("flat.output", EMPTY)
    assert [entry.kind for entry in canvas.layer_popup.search.rows.matches[:3]] == ["Linear", "Conv2d", "ReLU"]
    hand.key(KEY.Key_Escape, widget=canvas.layer_popup.search.field)


@pytest.mark.parametrize("source", ["conv.output", "act.output"])
def test_behind_a_node_without_results_yet_its_kind_decides(canvas, hand, source):
    hand.drag(source, EMPTY)
    hand.type("batch", canvas.layer_popup.search.field)
    assert canvas.layer_popup.search.rows.matches[0].kind == "BatchNorm2d"
    hand.key(KEY.Key_Escape, widget=canvas.layer_popup.search.field)


def test_a_size_typed_behind_a_kind_is_set_on_the_node_that_is_added(canvas, hand, selection, graph):
    selection.select(("act",))
    hand.key(KEY.Key_Tab)
    hand.type("conv 3x3", canvas.layer_popup.search.field)
    assert canvas.layer_popup.search.rows.data(canvas.layer_popup.search.rows.index(0)) == "Conv2d kernel_size 3"
    before = set(graph().nodes)
    hand.key(KEY.Key_Return, widget=canvas.layer_popup.search.field)
    (new,) = set(graph().nodes) - before
    assert graph().nodes[new].params["kernel_size"] == 3


def test_the_search_in_the_graph_takes_a_kind_and_its_size(canvas, hand):
    hand.key(KEY.Key_F, CTRL)
    hand.type("conv 3x3", canvas.finder.field)
    assert [name for name, item in canvas.scene.nodes.items() if item.is_match] == ["conv"]
