"""A CNN without Flatten: its loss reports where Flatten is missing, and one click fixes it."""

from itertools import pairwise
from pathlib import Path

import pytest

from engine.graph.compose.removing import heal
from engine.graph.edits import SetParam
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import check_project
from tests.analyses import analysis_of, assert_fixed, only, scored
from tests.small_projects import node
from tests.training import template


def without_flatten() -> Project:
    project = template("digits-cnn")
    heal(project, "Net", ["flat"]).apply(project)
    return project


@pytest.mark.parametrize("in_features", [None, 4], ids=["derived", "by hand"])
def test_the_shipped_cnn_without_flatten_is_mended_by_one_click(in_features: int | None):
    project = without_flatten()
    if in_features is not None:
        SetParam("Net", "fc1", "in_features", in_features).apply(project)
    [problem] = check_project(project, Path(), training=True).errors
    assert (problem.code, problem.node) == ("S009", "loss")
    assert problem.hint.startswith("Add Flatten before fc1: it gets (N, 32, 4, 4)")
    assert problem.fix is not None
    assert problem.fix.label == "Insert Flatten"
    problem.fix.edit.apply(project)
    into = {wire.target.node: wire.source.node for wire in project.graphs["Net"].wires}
    assert into["fc1"] == "flatten1"
    assert into["flatten1"] == "pool1"
    assert check_project(project, Path(), training=True).errors == ()


def test_what_stands_between_the_dense_layers_is_passed_over():
    kinds = (node("Linear", out_features=5), "ReLU", "Dropout", "LayerNorm", node("Linear", out_features=10))
    example = scored("image", *kinds, loss="CrossEntropyLoss", target="label")
    problem = only(example)
    assert "before n1: it gets (N, 1, 8, 8)" in problem.hint
    assert_fixed(example, problem)


def test_numbers_to_predict_ask_for_it_too():
    example = scored("image", "Conv2d", node("Linear", out_features=1), loss="MSELoss", target="target")
    problem = only(example)
    assert "Add Flatten before n2" in problem.hint
    assert_fixed(example, problem)


@pytest.mark.parametrize(
    ("field", "kinds", "target"),
    [
        (
            "tokens",  # a class for each step
            ("Embedding", node("TransformerEncoderLayer", nhead=4, batch_first=True), node("Linear", out_features=9)),
            "tokens",
        ),
        ("image", (node("Conv2d", out_channels=10, kernel_size=3),), "label"),  # no dense layer
        ("image", (node("Linear", out_features=3), node("Conv2d", out_channels=10)), "label"),  # which needs the axes
        ("image", (node("Linear", out_features=3), node("Softmax", dim=3)), "label"),  # so does this
    ],
)
def test_it_is_not_offered_where_it_would_not_mend(field: str, kinds: tuple, target: str):
    problems = analysis_of(scored(field, *kinds, loss="CrossEntropyLoss", target=target)).errors
    assert [problem.code for problem in problems] == ["S009"]
    assert "Flatten" not in problems[0].hint
    assert problems[0].fix is None or "Flatten" not in problems[0].fix.label


def test_it_is_not_offered_before_shared_weights():
    example = scored("image", node("Linear", out_features=8), Node("Linear", shares="n1"),
                   loss="CrossEntropyLoss", target="label")  # fmt: skip
    [problem] = analysis_of(example).errors
    assert problem.fix is None


def chain(gap: float) -> Project:
    """A convolution, a dense layer and a loss in one line, ``gap`` from left edge to left edge."""
    project = scored("image", "Conv2d", node("Linear", out_features=9), loss="CrossEntropyLoss", target="label")
    nodes = project.graphs["Net"].nodes
    for place, name in enumerate(list(nodes)):
        nodes[name].pos = (gap * place, 40.0)
    return project


@pytest.mark.parametrize("gap", [248.0, 700.0])
def test_neighbours_make_room_for_what_is_inserted(gap: float):
    example = chain(gap)
    graph = example.graphs["Net"]
    before = {name: each.pos for name, each in graph.nodes.items()}
    order = [wire.target.node for wire in graph.wires if wire.source.node == "n1"]
    problem = only(example)
    assert problem.fix is not None
    inverse = problem.fix.edit.apply(example)
    [new] = set(graph.nodes) - set(before)
    row = sorted((each.pos for name, each in graph.nodes.items() if name in ("n1", new, *order)), key=lambda at: at[0])
    apart = [right[0] - left[0] for left, right in pairwise(row)]
    assert min(apart) >= 248.0
    assert graph.nodes["n1"].pos == before["n1"]
    assert gap < 700.0 or graph.nodes[order[0]].pos == before[order[0]]
    inverse.apply(example)
    assert {name: each.pos for name, each in graph.nodes.items()} == before
