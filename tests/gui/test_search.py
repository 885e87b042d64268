"""Fuzzy search, the same in the palette and on the canvas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.index import layers
from engine.graph.compose import usual_rounds
from engine.graph.model import Graph, Node, Project
from gui.canvas.search.layer_entries import entries
from gui.canvas.search.layer_search import Rows
from gui.matching.fuzzy import FULL, NAMES, ranked, score
from gui.palette.layer_rows import matching_rows

PROJECT = Project(graphs={"Net": Graph(), "Stem": Graph()})
OTHER_NAMES = [(name, kind) for kind, layer in layers().items() for name in layer.other_names]


def in_palette(query):
    return [row.node.kind for row in matching_rows(PROJECT, query)]


def on_canvas(query):
    rows = Rows()
    rows.all = list(entries(PROJECT, "Net"))
    rows.filter(query)
    return [entry.kind for entry in rows.matches]


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize(("name", "kind"), OTHER_NAMES)
def test_every_other_name_leads_to_its_kind(search, name, kind):
    assert kind in search(name)[: 4 + sum(name == other for other, _ in OTHER_NAMES)]


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("linear", "Linear"), ("lin", "Linear"), ("dense", "Linear"), ("fullyconnected", "Linear"),
        ("bn2", "BatchNorm2d"), ("c2d", "Conv2d"), ("conv2d", "Conv2d"),
        ("tel", "TransformerEncoderLayer"), ("multi head", "MultiheadAttention"), ("att", "MultiheadAttention"),
        ("batch norm 1", "BatchNorm1d"), ("batch norm 2d", "BatchNorm2d"), ("max pool", "MaxPool2d"),
        ("learned filters image", "Conv2d"), ("cross ent", "CrossEntropyLoss"), ("loss", "CrossEntropyLoss"),
        ("residual", "add"), ("concat", "cat"), ("mha", "MultiheadAttention"), ("mse", "MSELoss"),
        ("binary cross", "BCEWithLogitsLoss"), ("stem", "Block"), ("label", "Input"), ("gelu", "GELU"),
    ],
)  # fmt: skip
def test_both_searches_put_the_expected_kind_first(search, text, kind):
    assert search(text)[0] == kind


def test_a_loop_found_on_the_canvas_has_rounds():
    stem = Graph({"x": Node("Input"), "y": Node("Output")})
    project = Project(graphs={"Net": Graph(), "Stem": stem})
    loop = next(entry for entry in entries(project, "Net") if entry.kind == "Loop")
    assert loop.node() == Node("Loop", graph="Stem", loop=usual_rounds(project, "Stem"))
    assert not [entry for entry in entries(project, "Stem") if entry.kind == "Loop"]  # a block cannot contain itself


def test_nonsense_finds_nothing():
    assert in_palette("xqzw") == on_canvas("xqzw") == []
    assert in_palette("linear xqzw") == []  # every word must match


def test_earlier_and_tighter_is_better():
    better = [
        score("relu", text) for text in ("ReLU", "ReLU6", "LeakyReLU", "Prelude relu", "Xrelu", "RectifiedElastic LU")
    ]
    assert better == sorted(better, reverse=True)
    assert score("relu", "Linear") == 0


def test_letters_with_gaps_count_only_from_word_to_word():
    assert score("bn2", "BatchNorm2d") > 0
    assert score("bt2", "BatchNorm2d") == 0
    assert score("bn2", "BatchNorm2d", loosely=False) == 0


def test_a_text_of_less_weight_ranks_lower_and_matches_strictly():
    items = [("other", [("pool", NAMES)]), ("own", [("pool", FULL)]), ("inside", [("whirlpool", NAMES)])]
    assert ranked("pool", items) == ["own", "other"]


def test_an_empty_query_keeps_everything_in_order():
    items = [(place, [("any", FULL)]) for place in range(5)]
    assert ranked("", items) == [0, 1, 2, 3, 4]


def node_of(search, text):
    if search is in_palette:
        return matching_rows(PROJECT, text)[0].node
    rows = Rows()
    rows.all = list(entries(PROJECT, "Net"))
    rows.filter(text)
    return rows.matches[0].node()


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("conv 3x3", "Conv2d", {"kernel_size": 3}), ("3x3 conv", "Conv2d", {"kernel_size": 3}),
        ("conv 3×5", "Conv2d", {"kernel_size": (3, 5)}), ("conv 3x3x3", "Conv3d", {"kernel_size": 3}),
        ("conv 128 1x1", "Conv2d", {"out_channels": 128, "kernel_size": 1}),
        ("conv2d 16 5", "Conv2d", {"out_channels": 16, "kernel_size": 5}),
        ("conv 3x3 stride=2 pad=1", "Conv2d", {"kernel_size": 3, "stride": 2}),
        ("max pool 2x2", "MaxPool2d", {"kernel_size": 2}), ("linear 64", "Linear", {"out_features": 64}),
        ("dense 10", "Linear", {"out_features": 10}), ("dropout 0.1", "Dropout", {"p": 0.1}),
        ("lstm 32", "LSTM", {"hidden_size": 32}),
    ],
)  # fmt: skip
def test_words_that_are_values_are_set_on_the_new_node(search, text, kind, values):
    node = node_of(search, text)
    assert node.kind == kind
    assert values.items() <= node.params.items()
    assert all(layers()[kind].param(name).problem(value) is None for name, value in node.params.items())


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize("text", ["relu 3x3", "linear 3x3", "conv 0x0", "dropout 7", "conv stride=many", "conv =3"])
def test_a_word_that_cannot_be_a_value_of_a_kind_does_not_find_it(search, text):
    kinds = search(text)
    assert text.split()[0] not in " ".join(kinds).lower()


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize("text", ["conv 3x", "conv stride=", "conv kernel=3x", "conv st=2"])
def test_a_half_typed_value_keeps_the_matches(search, text):
    assert {"Conv1d", "Conv2d"} <= set(search(text))


def test_a_digit_that_belongs_to_a_name_is_no_value():
    assert node_of(in_palette, "conv 3").kind == "Conv3d"
    assert node_of(in_palette, "relu 6").kind == "ReLU6"


def test_a_value_that_is_the_default_is_not_written():
    assert "stride" not in node_of(on_canvas, "conv stride=1").params


@given(st.text("abcdx0123456789=.- ×*conv", max_size=12))
def test_any_text_sets_only_legal_values(text):
    for row in matching_rows(PROJECT, text):
        declared = layers()[row.node.kind]
        assert all(declared.param(name).problem(value) is None for name, value in row.node.params.items())
