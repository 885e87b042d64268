"""Arithmetic of a value and a number in place of a second wire."""

import pytest

from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.check.rules import graph_problems
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.errors import EngineError
from engine.graph.model import Project
from tests.small_projects import node, project

OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "remainder": "%", "eq": "==", "ge": ">="}


def computed(kind: str, *wires: str, **params: Value) -> Project:
    """A network that computes one thing with its input."""
    return project({"x": "Input", "it": node(kind, **params), "y": "Output"}, "x > it", "it > y", *wires)


@pytest.mark.parametrize("kind", OPERATORS)
@pytest.mark.parametrize("number", [2, 0.5, -1, 1e-5, 0])
def test_a_number_is_written_after_the_operator_and_read_back(kind: str, number: float) -> None:
    network = computed(kind, other=number)
    text = generate(network, {}).text

    assert graph_problems(network) == ()
    assert f"x = x {OPERATORS[kind]} {number!r}" in text
    assert parse(text).project.graphs["Net"].nodes["it"].params == {"other": number}
    assert generate(parse(text).project, {}).text == text


@pytest.mark.parametrize("kind", OPERATORS)
def test_without_a_wire_a_number_is_required(kind: str) -> None:
    (problem,) = graph_problems(computed(kind))

    assert problem.code == "G005"
    assert problem.message == f"it ({kind}) has no wire into other."
    assert problem.hint == "Wire a value into other, or set the number other."


@pytest.mark.parametrize("kind", OPERATORS)
def test_beside_a_wire_a_number_has_no_effect(kind: str) -> None:
    network = computed(kind, "x > it.other", other=2)
    (problem,) = graph_problems(network)

    assert (problem.code, problem.severity) == ("P005", "warning")
    assert problem.message == f"it ({kind}): other = 2 has no effect: a value is wired into other."
    assert f"x {OPERATORS[kind]} x" in generate(network, {}).text
    problem.fix.edit.apply(network)
    assert graph_problems(network) == ()


def numbered(kind: str, number: float) -> Project:
    """A network in which a number is the first operand."""
    second = layers()[kind].inputs[1].name
    return project({"x": "Input", "it": node(kind, input=number), "y": "Output"}, f"x > it.{second}", "it > y")


@pytest.mark.parametrize(("kind", "source"), [("sub", "{} - x"), ("div", "{} / x"), ("pow", "{} ** x"),
                                              ("floor_divide", "floor_divide({}, x)")])  # fmt: skip
@pytest.mark.parametrize("number", [2, 0.5, -1, -0.5])
def test_a_number_may_be_the_first_operand(kind: str, source: str, number: float) -> None:
    network = numbered(kind, number)
    text = generate(network, {}).text
    operand = f"({number!r})" if kind == "pow" and number < 0 else repr(number)

    assert graph_problems(network) == ()
    assert f"x = {source.format(operand)}  # it" in text
    assert parse(text).project.graphs["Net"].nodes["it"].params == {"input": number}
    assert generate(parse(text).project, {}).text == text


def test_two_numbers_are_no_operation() -> None:
    example = project({"it": node("sub", input=1, other=2), "y": "Output"}, "it > y")
    (problem,) = graph_problems(example)

    assert problem.message == "it (sub) has no wire into other."
    with pytest.raises(EngineError, match="needs a wire"):
        generate(example, {})


def test_a_bypassed_node_cannot_pass_a_number_on() -> None:
    example = numbered("sub", 1)
    example.graphs["Net"].nodes["it"].bypass = True
    (problem,) = graph_problems(example)

    assert problem.message == "it is bypassed and passes input on, which is a number without a wire."


def test_a_value_of_one_number_everywhere_has_the_shape_of_another() -> None:
    text = generate(computed("full_like", fill_value=1.0), {}).text

    assert "x = torch.full_like(x, 1.0)" in text
    assert parse(text).project.graphs["Net"].nodes["it"].params == {"fill_value": 1.0}


@pytest.mark.parametrize(
    ("params", "wires", "source"),
    [
        ({"input": 1, "other": -0.5}, (), "torch.where(x, 1, -0.5)"),
        ({"other": 0.0}, ("x > it.input",), "torch.where(h, x, 0.0)"),
        ({"input": 0.0}, ("x > it.other",), "torch.where(h, 0.0, x)"),
    ],
)
def test_numbers_take_the_places_of_operands_of_a_function(params: dict, wires: tuple[str, ...], source: str) -> None:
    nodes = {"x": "Input", "mask": node("gt", other=0), "it": node("where", **params), "y": "Output"}
    network = project(nodes, "x > mask", "mask > it.condition", "it > y", *wires)
    text = generate(network, {}).text

    assert graph_problems(network) == ()
    assert source in text
    assert parse(text).project.graphs["Net"].nodes["it"].params == params
    assert generate(parse(text).project, {}).text == text
