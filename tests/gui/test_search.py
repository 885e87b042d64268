"""Fuzzy search, the same wherever something is looked for."""

import pytest

from engine.catalog.index import layers
from engine.graph.model import Graph, Project
from gui.canvas.entries import entries
from gui.canvas.search import Rows
from gui.palette.rows import found
from gui.search import FULL, NAMES, ranked, score
from gui.synonyms import OTHER_NAMES

PROJECT = Project(graphs={"Net": Graph(), "Stem": Graph()})
NAMED = [(name, kind) for kind, names in OTHER_NAMES.items() for name in names if kind in layers()]


def in_palette(query):
    return [row.node.kind for row in found(PROJECT, query)]


def on_canvas(query):
    rows = Rows()
    rows.all = list(entries(PROJECT, "Net"))
    rows.filter(query)
    return [entry.kind for entry in rows.shown]


def test_other_names_are_for_kinds_that_there_are():
    assert OTHER_NAMES.keys() <= layers().keys()


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize(("name", "kind"), NAMED)
def test_every_other_name_leads_to_its_kind(search, name, kind):
    assert kind in search(name)[:5]


@pytest.mark.parametrize("search", [in_palette, on_canvas])
@pytest.mark.parametrize(
    ("typed", "kind"),
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
def test_both_searches_find_first_what_is_meant(search, typed, kind):
    assert search(typed)[0] == kind


def test_nonsense_finds_nothing():
    assert in_palette("xqzw") == on_canvas("xqzw") == []
    assert in_palette("linear xqzw") == []  # every word must be met


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


def test_a_lighter_text_ranks_behind_and_is_met_tightly():
    items = [("other", [("pool", NAMES)]), ("own", [("pool", FULL)]), ("inside", [("whirlpool", NAMES)])]
    assert ranked("pool", items) == ["own", "other"]


def test_nothing_typed_keeps_everything_in_order():
    items = [(place, [("any", FULL)]) for place in range(5)]
    assert ranked("", items) == [0, 1, 2, 3, 4]
