"""The hints about losses are right: their inputs, their targets, and what the data shows."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.graph.compose.naming import new_node
from engine.graph.model import Data, Node, Part
from engine.runtime.analysis.analyse import check_project
from engine.runtime.training.job import Job
from engine.runtime.training.train import start
from tests.array_networks import codes, linear, network, numbered, problems_of, saved, spread
from tests.small_projects import graph, node

# Classes


def test_one_score_is_no_choice(tmp_path: Path):
    example = network("CrossEntropyLoss", "label", linear(1))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "label": numbered(3)})
    (problem,) = problems_of(example, tmp_path)
    assert (problem.code, problem.severity, problem.node) == ("S016", "error", "loss")
    assert problem.hint == "Set out_features of n1 to 3."
    problem.fix.edit.apply(example)
    assert codes(example, tmp_path) == []


@pytest.mark.parametrize("loss", ["CrossEntropyLoss", "NLLLoss"])
@pytest.mark.parametrize("classes", [1, 2])
def test_one_score_is_no_choice_whatever_the_classes(loss: str, classes: int, tmp_path: Path):
    layers = (linear(1), *((node("LogSoftmax", dim=1),) if loss == "NLLLoss" else ()))
    example = network(loss, "label", *layers)
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "label": numbered(classes)})
    assert [problem.code for problem in problems_of(example, tmp_path) if problem.severity == "error"] == ["S016"]


def test_one_score_against_one_real_number_is_no_choice_either(tmp_path: Path):
    example = network("CrossEntropyLoss", "truth", linear(1))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "truth": spread(0, 1)})
    (problem,) = problems_of(example, tmp_path)
    assert problem.code == "S016"
    assert "BCEWithLogitsLoss" in problem.hint
    assert "out_features" not in problem.hint


def test_one_score_is_never_advised_for_a_loss_of_classes(tmp_path: Path):
    example = network("CrossEntropyLoss", "truth", linear(2))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "truth": spread(0.25, 0.75)})
    (problem,) = problems_of(example, tmp_path)
    assert problem.code == "S009"
    assert "out_features" not in problem.hint
    assert problem.fix.label == "Read truth as class numbers"
    problem.fix.edit.apply(example)
    assert example.data.params["label"] == "truth"


def test_fractions_that_are_class_numbers_are_read_as_classes_by_one_click(tmp_path: Path):
    example = network("CrossEntropyLoss", "truth", linear(2))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "truth": numbered(2).astype(np.float64)})
    (problem,) = problems_of(example, tmp_path)
    assert problem.code == "S009"
    assert "name it in label" in problem.hint
    problem.fix.edit.apply(example)
    report = check_project(example, tmp_path)
    assert report.problems == ()
    assert report.reading.classes == {"0": 20, "1": 20}


def test_one_score_for_classes_does_not_train(tmp_path: Path):
    example = network("CrossEntropyLoss", "truth", linear(1))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "truth": numbered(2).astype(np.float64)})
    with pytest.raises(EngineError, match="there is no class to choose"):
        start(Job(example, tmp_path, tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_a_column_of_numbers_can_be_read_as_classes(tmp_path: Path):
    rows = "\n".join(f"{place},{place % 30}" for place in range(60))
    (tmp_path / "table.csv").write_text(f"size,kind\n{rows}\n")
    example = network("CrossEntropyLoss", "target", linear(30), field="features")
    example.data = Data("Csv", {"path": "table.csv", "target": "kind"})
    problem = next(problem for problem in problems_of(example, tmp_path) if problem.code == "S009")
    problem.fix.edit.apply(example)
    assert "S009" not in codes(example, tmp_path)
    assert not any(problem.severity == "error" for problem in problems_of(example, tmp_path))


def test_shares_of_more_classes_want_as_many_scores(tmp_path: Path):
    example = network("CrossEntropyLoss", "share", linear(2))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "share": spread(0, 1, 3)})
    (problem,) = problems_of(example, tmp_path)
    assert problem.hint == "Set out_features of n1 to 3."


def test_more_scores_than_classes_are_left_alone(tmp_path: Path):
    example = network("CrossEntropyLoss", "label", linear(10))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "label": numbered(8)})
    (problem,) = problems_of(example, tmp_path)
    assert (problem.code, problem.severity, problem.fix) == ("S010", "warning", None)
    assert problem.hint == "Set out_features of n1 to 8, unless the data lacks some classes."


def test_named_classes_count_whether_the_data_has_them_or_not(tmp_path: Path):
    example = network("CrossEntropyLoss", "label", linear(10))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "label": numbered(8)})
    example.data.params["class_names"] = tuple("abcdefghij")
    assert codes(example, tmp_path) == []


def test_the_classes_of_a_shipped_set_are_all_there(tmp_path: Path):
    example = network("CrossEntropyLoss", "label", linear(10), field="features")
    example.data = Data("Iris")
    (problem,) = problems_of(example, tmp_path)
    assert (problem.code, problem.severity) == ("S010", "warning")
    problem.fix.edit.apply(example)
    assert codes(example, tmp_path) == []


# Targets


@pytest.mark.parametrize("loss", ["BCEWithLogitsLoss", "BCELoss"])
@pytest.mark.parametrize(("low", "high"), [(-1, 1), (0, 255), (1, 2)])
def test_targets_of_yes_or_no_go_from_0_to_1(loss: str, low: float, high: float, tmp_path: Path):
    layers = (linear(1), *(("Sigmoid",) if loss == "BCELoss" else ()))
    example = network(loss, "t", *layers)
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(low, high)})
    (problem,) = problems_of(example, tmp_path)
    assert (problem.code, problem.severity, problem.node, problem.port) == ("S017", "error", "loss", "target")
    assert f"from {low} to {high}" in problem.message
    problem.fix.edit.apply(example)
    assert codes(example, tmp_path) == []


def test_targets_from_0_to_1_are_fine(tmp_path: Path):
    example = network("BCEWithLogitsLoss", "t", linear(1))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(0, 1)})
    assert codes(example, tmp_path) == []


def test_normalized_targets_are_no_yes_or_no(tmp_path: Path):
    example = network("BCEWithLogitsLoss", "t", linear(1))
    arrays = {"x": spread(-1, 1, 4), "t": spread(0, 1)}
    example.data = saved(tmp_path, arrays, (Part("Normalize", {"field": "t"}),))
    (problem,) = problems_of(example, tmp_path)
    assert "normalized" in problem.message
    problem.fix.edit.apply(example)
    assert codes(example, tmp_path) == []


def test_whole_numbers_are_looked_at_too(tmp_path: Path):
    example = network("BCEWithLogitsLoss", "t", linear(1))
    nodes, wires = example.graphs["Net"].nodes, example.graphs["Net"].wires
    nodes |= {"real": Node("float"), "column": node("unsqueeze", dim=1)}
    wires.pop()
    wires += graph({}, "answer > real", "real > column", "column > loss.target").wires
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": np.where(numbered(2), 1, -1)})
    (problem,) = problems_of(example, tmp_path)
    assert (problem.code, problem.fix) == ("S017", None)


def test_shares_of_classes_go_from_0_to_1(tmp_path: Path):
    example = network("CrossEntropyLoss", "share", linear(3))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "share": spread(0, 5, 3)})
    assert codes(example, tmp_path) == ["S017"]


def test_a_loss_of_masks_or_classes_takes_numbers_of_classes_but_no_other_range(tmp_path: Path):
    example = network("FocalLoss", "t", linear(3))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": numbered(3)})
    assert codes(example, tmp_path) == []
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(0, 255, 3)})
    assert codes(example, tmp_path) == ["S017"]


@pytest.mark.parametrize(("log_target", "expected"), [(False, ["S017"]), (True, [])])
def test_a_divergence_takes_shares_or_their_logarithms(log_target, expected: list[str], tmp_path: Path):
    example = network(node("KLDivLoss", log_target=log_target), "t", linear(3), node("LogSoftmax", dim=1))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(-5, 0, 3)})
    assert codes(example, tmp_path) == expected


# What the network can give


@pytest.mark.parametrize("loss", ["MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"])
@pytest.mark.parametrize(
    ("kind", "low", "high", "is_reported"),
    [
        ("Sigmoid", 0, 1848, True),
        ("Sigmoid", 0, 1, False),
        ("Sigmoid", 0.2, 0.8, False),
        ("Tanh", -1, 1, False),
        ("Tanh", -3, 3, True),
        ("ReLU", -5, 5, True),
        ("ReLU", 0, 500, False),
        ("Softmax", 0, 10, True),
        ("Softplus", -1, 1, True),
        ("GELU", -5, 5, True),
        ("LeakyReLU", -5, 500, False),
    ],
)
def test_targets_beyond_the_last_activation_are_a_problem(loss: str, kind: str, low, high, is_reported, tmp_path: Path):
    example = network(loss, "t", linear(2), new_node(kind))
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(low, high, 2)})
    problems = problems_of(example, tmp_path)
    assert [(problem.code, problem.severity) for problem in problems] == [("S018", "warning")] * is_reported
    for problem in problems:
        assert f"n2 ({kind})" in problem.message
        problem.fix.edit.apply(example)
        assert codes(example, tmp_path) == []


def test_an_activation_within_a_block_counts(tmp_path: Path):
    example = network("MSELoss", "t", linear(1), Node("Block", graph="End"))
    example.graphs["Net"].wires = graph(
        {}, "x > n1", "n1 > n2.x", "n2.y > loss", "answer > loss.target"
    ).wires  # fmt: skip
    example.graphs["End"] = graph({"x": "Input", "act": "Sigmoid", "y": "Output"}, "x > act", "act > y")
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(0, 50)})
    assert codes(example, tmp_path) == ["S018"]


@pytest.mark.parametrize(("high", "expected"), [(1.0, []), (5.0, ["S018"])])
def test_rescaled_targets_are_judged_as_they_are_learned(high: float, expected: list[str], tmp_path: Path):
    example = network("MSELoss", "t", linear(1), "Sigmoid")
    arrays = {"x": spread(-1, 1, 4), "t": spread(0, 50)}
    example.data = saved(tmp_path, arrays, (Part("Rescale", {"field": "t", "high": high}),))
    assert codes(example, tmp_path) == expected


def test_shipped_data_is_looked_at_as_ones_own(tmp_path: Path):
    example = network("CrossEntropyLoss", "label", linear(2), field="features")
    example.data = Data("BreastCancer")
    (problem,) = check_project(example, tmp_path).problems
    assert (problem.code, problem.severity) == ("D111", "warning")
    assert "4,254" in problem.message
