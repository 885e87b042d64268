"""The texts on nodes and wires."""

from itertools import product

import pytest

from engine.catalog.expressions import Expression
from engine.catalog.index import layers
from engine.graph.block_params import BlockParam
from engine.graph.edits import SetWeights
from engine.graph.model import End, Graph, Node, Project
from engine.graph.weights import Follows, WeightSettings
from gui.canvas.items.node_layout import LEFT, look
from gui.canvas.items.parameter_summary import summary
from gui.canvas.items.size_text import counts, human, pieces


@pytest.mark.parametrize("kind", sorted(layers()))
def test_ports_are_named_where_a_side_has_several(canvas, kind):
    inner = Graph({"a": Node("Input"), "b": Node("Input"), "c": Node("Output")})
    project_ = Project(
        graphs={"Net": Graph({"it": Node(kind, graph="Inner" if kind == "Block" else None)}), "Inner": inner}
    )
    paints = canvas.scene.paints
    node_look = look(project_, "Net", "it", paints.measure, (), ())
    for side in (node_look.inputs, node_look.outputs):
        has_several = len({port.base for port in (End("it", spot.port) for spot in side)}) > 1
        assert all(bool(spot.label) is (has_several or kind == "Block") for spot in side)
        assert (
            len({spot.label for spot in side}) == len({End("it", spot.port).base for spot in side}) or not has_several
        )
    for left, right in product(node_look.inputs, node_look.outputs):
        if left.y == right.y and left.label and right.label:
            width = paints.measure(left.label, "label") + paints.measure(right.label, "label") + 2 * LEFT
            assert width < node_look.width
    assert all(spot.y <= node_look.height - 10 for spot in (*node_look.inputs, *node_look.outputs))


@pytest.mark.parametrize(
    ("kind", "params", "text"),
    [
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}, "32 @ 3×3 · pad 1"),
        ("Conv1d", {"out_channels": 32, "kernel_size": 3}, "32 @ 3"),
        ("Conv2d", {"kernel_size": (3, 5), "bias": False}, "64 @ 3×5 · no bias"),
        ("Linear", {"out_features": 10}, "→ 10"),
        ("Dropout", {"p": 0.25}, "p = 0.25"),
        ("MaxPool2d", {}, "2×2"),
        ("Flatten", {}, "from dim 1"),
        ("Flatten", {"end_dim": 2}, "from dim 1 to 2"),
        ("LSTM", {"hidden_size": 64, "num_layers": 2, "batch_first": True}, "→ 64 · 2 layers"),
        ("MultiheadAttention", {"num_heads": 8}, "8 heads"),
        ("ReLU", {"inplace": True}, "inplace"),
        ("ReLU", {}, "activation"),
        ("CrossEntropyLoss", {"label_smoothing": 0.05}, "smoothing 0.05"),
        ("Input", {"field": "image"}, "image · Digits"),
        ("Frobnicate", {}, "unknown kind"),
        ("MultiheadAttention", {"num_heads": Expression("num_heads")}, "heads"),
        ("MultiheadAttention", {"num_heads": Expression("heads")}, "heads"),
        ("MultiheadAttention", {"num_heads": Expression("width // 64")}, "heads width//64"),
        ("LeakyReLU", {"negative_slope": Expression("slope")}, "slope"),
    ],
)
def test_the_line_of_parameters_that_matter(kind, params, text):
    node = Node(kind, params)
    assert summary(Project(graphs={"Net": Graph({"n": node})}), "Net", "n", node) == text


def test_a_value_that_is_passed_on_under_its_name_is_named_once():
    inner = Graph({"x": Node("Input")}, params={name: BlockParam("int", 1) for name in ("channels", "stride")})
    use = Node("Block", {"channels": Expression("channels"), "stride": Expression("stride * 2")}, graph="Inner")
    project_ = Project(graphs={"Net": Graph({"n": use}), "Inner": inner})
    assert summary(project_, "Net", "n", use) == "channels · stride stride*2"


@pytest.mark.parametrize(
    ("params", "width"),
    [
        ({}, 160),
        ({"stride": 2, "padding": 3}, 200),  # as wide as the text
        ({"stride": 2, "padding": 3, "dilation": 2, "bias": False}, 180),  # it is cut in any case
    ],
)
def test_a_node_is_as_wide_as_its_parameters_where_they_fit(canvas, params, width):
    node = Node("Conv2d", {"out_channels": 64, "kernel_size": 7, **params})
    project_ = Project(graphs={"Net": Graph({"n": node})})
    assert look(project_, "Net", "n", canvas.scene.paints.measure, (), ()).width == width


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (320, "320"), (999, "999"), (1000, "1k"), (18432, "18.4k"), (999_499, "999k"), (999_500, "1M")],
)
def test_counts_have_at_most_five_characters(count, text):
    assert human(count) == text
    assert len(human(count)) <= 5


def test_a_caption_names_only_what_is_there():
    assert counts(0, 0) == ""
    assert counts(64, 0) == "64 params"
    assert counts(64, 0, 4) == "16 params × 4"
    assert counts(64, 9, 4) == "64 params · 9 multiply-adds"  # of a graph that has changed since


def test_an_axis_of_the_input_is_no_change():
    flat = pieces(("N", 512), before=("N", 32, 4, 4))
    assert [piece.voice for piece in flat if piece.text == "512"] == ["bold"]
    last = pieces(("N", 128), before=("N", 8, 128))
    assert [piece.voice for piece in last if piece.text == "128"] == [""]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (WeightSettings(frozen=True), "→ 10 · frozen"),
        (WeightSettings(frozen=False, decay=False, lr_scale=1.0), "→ 10"),
        (WeightSettings(lr_scale=0.1), "→ 10 · lr ×0.1"),
        (WeightSettings(follows=Follows("a", 0.9)), "→ 10 · follower"),
    ],
)
def test_a_node_shows_how_its_weights_learn(settings, text):
    node = Node("Linear", {"out_features": 10}, settings=settings)
    assert summary(Project(graphs={"Net": Graph({"n": node})}), "Net", "n", node) == text


def test_the_canvas_shows_settings_of_weights_at_once(canvas, document) -> None:
    document.do(SetWeights("Net", "head", WeightSettings(frozen=True)))
    assert canvas.scene.nodes["head"].look.detail.endswith("frozen")
    document.history.undo()
    assert not canvas.scene.nodes["head"].look.detail.endswith("frozen")
