"""Losses and metrics that the analysis accepts give one number, whatever the shapes and types of what they compare."""

import itertools

import pytest
import torch
from torch import Tensor

from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.expression import call
from engine.graph.model import Node
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.build import _names as namespace
from engine.runtime.data.field_spec import FieldSpec
from tests.small_projects import node, project

SAMPLES = 5
SHAPES = ((), (1,), (3,), (3, 1))
SCORES = [
    entry
    for entry in layers().values()
    if entry.role in ("loss", "metric") and [port.name for port in entry.inputs] == ["input", "target"]
]


def variants(entry: Layer) -> list[dict[str, Value]]:
    """Values for every way in which a metric can read what it is given."""
    choices = [(name, getattr(param, "options", ())) for name in ("task", "average") if (param := entry.param(name))]
    names = [name for name, _ in choices]
    more: dict[str, Value] = {"k": 2} if entry.param("k") else {}
    return [
        {**dict(zip(names, each, strict=True)), **more}
        for each in itertools.product(*(options for _, options in choices))
    ]


def declared(entry: Layer) -> list[tuple[int, ...]]:
    """The shapes of samples of a metric that declares every axis."""
    sizes = {"C": 3, "H": 12, "W": 13, "P": 4, "M": 2}
    axes = [shape.axes[1:] for one in entry.shape.inputs for shape in one] if entry.shape.is_closed else []
    return [tuple(sizes.get(axis) or int(axis) for axis in each if axis in sizes or axis.isdigit()) for each in axes]


def numbers(shape: tuple[int, ...], dtype: str) -> Tensor:
    return torch.rand(SAMPLES, *shape) if dtype == "float32" else torch.zeros((SAMPLES, *shape), dtype=torch.int64)


@pytest.mark.parametrize("entry", [entry for entry in SCORES if entry.role == "metric"], ids=lambda entry: entry.kind)
def test_true_or_false_is_no_score(entry: Layer):
    nodes = {"said": "Input", "eq": node("eq", other=0.0), "true": "Input", "score": Node(entry.kind), "y": "Output"}
    example = project(nodes, "said > eq", "eq > score", "true > score.target", "said > y")
    fields = {"said": FieldSpec((3,), "float32"), "true": FieldSpec((3,), "float32")}
    (problem,) = analyse(example, fields).errors
    assert (problem.code, problem.node, problem.port) == ("S004", "score", "input")
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert not any(each.code == "S004" for each in analyse(example, fields).errors)


@pytest.mark.filterwarnings("ignore:reduction. .mean. divides the total loss")
@pytest.mark.parametrize("entry", SCORES, ids=lambda entry: entry.kind)
def test_what_is_accepted_can_be_computed(entry: Layer):
    accepted = 0
    for values in variants(entry):
        shapes = dict.fromkeys((*SHAPES, *declared(entry)))
        for scores, true in itertools.product(itertools.product(shapes, ("float32", "int64")), repeat=2):
            nodes = {"said": "Input", "true": "Input", "score": Node(entry.kind, dict(values)), "y": "Output"}
            example = project(nodes, "said > score", "true > score.target", "said > y")
            classes = 3 if true[1] == "int64" else None
            if analyse(example, {"said": FieldSpec(*scores), "true": FieldSpec(*true, classes)}).errors:
                continue
            accepted += 1
            fields = {"said": numbers(*scores), "true": numbers(*true)}
            text = call(entry, "score", {"input": "said", "target": "true"}, values)
            assert eval(text, namespace(entry), fields).shape == ()  # noqa: S307 (names and literals only)
    assert accepted
