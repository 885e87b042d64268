"""Networks that differentiate: their source, what they give, and what cannot be differentiated."""

from pathlib import Path

import pytest
import torch

from engine.check.rules import graph_problems
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Graph, Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import graph, node, project

FIELDS = {"x": FieldSpec((4,), "float32")}
SCORE = ("Linear", {"out_features": 1})


def differentiating(*more: str, blocks: dict[str, Graph] | None = None, **nodes: Node | str) -> Project:
    """A critic of squares, and the gradient of its score by its input."""
    example = {"x": "Input", "square": "mul", "critic": node("Linear", out_features=1), "grad": "grad", "y": "Output"}
    wires = ["x > square", "x > square.other", "square > critic", "critic > grad.outputs", "x > grad.inputs"]
    return project({**example, **nodes}, *wires, "grad > y", *more, blocks=blocks)


def test_the_gradient_is_torchs_and_weights_learn_from_it(tmp_path: Path) -> None:
    example = differentiating("grad > loss", "x > loss.target", loss="MSELoss")
    analysis = analyse(example, FIELDS)
    text = generate(example, analysis.derived).text
    model = load_model(text, example, tmp_path / "model.py")
    network, x = model.network(), torch.rand(3, 4)
    weight = network.critic.weight

    outputs = network(x=x)
    model.losses(outputs, {"x": x})["total"].backward()

    assert analysis.problems == ()
    assert analysis.nodes["grad"].outputs == {"output": ("N", 4)}
    assert "x = differentiable(x)" in text
    assert "torch.autograd.grad(critic.sum(), x, create_graph=True)[0]" in text.replace("h.sum", "critic.sum")
    assert torch.allclose(outputs, 2 * x * weight)
    assert weight.grad.abs().sum() > 0
    assert not x.requires_grad
    assert x.grad is None
    again = parse(text)
    assert generate(again.project, again.derived).text == text


def test_it_differentiates_by_a_value_that_nothing_before_it_learns(tmp_path: Path) -> None:
    example = differentiating("grad > loss", "x > loss.target", loss="MSELoss")
    example.graphs["Net"] = graph(
        {"x": "Input", "gen": node("Linear", out_features=4), "square": "mul", "critic": node("Linear", out_features=1),
         "grad": "grad", "y": "Output"},
        "x > gen", "gen > square", "gen > square.other", "square > critic", "critic > grad.outputs",
        "gen > grad.inputs", "grad > y",
    )  # fmt: skip
    analysis = analyse(example, FIELDS)
    text = generate(example, analysis.derived).text + "\n\ndef losses(o, b): ...\n\n\ndef metrics(o, b): ...\n"
    network = load_model(text, example, tmp_path / "model.py").network()
    network.gen.requires_grad_(requires_grad=False)
    x = torch.rand(3, 4)

    assert torch.allclose(network(x=x), 2 * network.gen(x) * network.critic.weight)


@pytest.mark.parametrize("repeat", [1, 2])
def test_it_works_inside_a_block_and_by_what_a_block_takes(repeat: int, tmp_path: Path) -> None:
    inner = graph(
        {"x": "Input", "square": "mul", "critic": node("Linear", out_features=1), "grad": "grad", "y": "Output"},
        "x > square", "x > square.other", "square > critic", "critic > grad.outputs", "x > grad.inputs", "grad > y",
    )  # fmt: skip
    example = project(
        {"x": "Input", "slope": Node("Block", graph="Slope", repeat=repeat), "y": "Output"},
        "x > slope.x", "slope.y > y", blocks={"Slope": inner},
    )  # fmt: skip
    analysis = analyse(example, FIELDS)
    text = generate(example, analysis.derived).text
    network = load_model(text + "\n\ndef losses(o, b): ...\n\n\ndef metrics(o, b): ...\n", example, tmp_path / "m.py")

    assert analysis.problems == ()
    assert network.network()(x=torch.rand(3, 4)).shape == (3, 4)
    again = parse(text)
    assert generate(again.project, again.derived).text == text


def test_a_value_has_no_gradient_by_one_that_it_is_not_computed_from() -> None:
    example = project(
        {"x": "Input", "other": "Input", "fc": "Linear", "whole": "long", "scores": "float", "grad": "grad",
         "y": "Output", "z": "Output"},
        "x > fc", "fc > grad.outputs", "other > grad.inputs", "grad > y", "other > whole", "whole > scores",
        "scores > z",
    )  # fmt: skip
    (problem,) = graph_problems(example)
    assert problem.code == "G025"
    assert problem.message == "grad (grad) differentiates fc with respect to other, but fc is not computed from it."

    by_itself = project(
        {"x": "Input", "grad": "grad", "y": "Output"}, "x > grad.outputs", "x > grad.inputs", "grad > y"
    )
    assert [each.code for each in graph_problems(by_itself)] == ["G025"]


def test_whole_numbers_and_shapes_pass_no_gradient_on() -> None:
    for kind, params in (("long", {}), ("full_like", {"fill_value": 1.0}), ("eq", {"other": 1.0})):
        example = project(
            {"x": "Input", "it": node(kind, **params), "real": "float", "fc": "Linear", "grad": "grad", "y": "Output"},
            "x > it", "it > real", "real > fc", "fc > grad.outputs", "x > grad.inputs", "grad > y",
        )  # fmt: skip
        assert [each.code for each in graph_problems(example)] == ["G025"], kind


def test_a_block_that_computes_from_another_input_is_a_problem() -> None:
    inner = graph(
        {"a": "Input", "b": "Input", "fa": "Linear", "fb": "Linear", "ya": "Output", "yb": "Output"},
        "a > fa", "b > fb", "fa > ya", "fb > yb",
    )  # fmt: skip
    for output, codes in (("ya", []), ("yb", ["G025"])):
        example = project(
            {"x": "Input", "z": "Input", "two": Node("Block", graph="Two"), "grad": "grad", "y": "Output",
             "o": "Output", "p": "Output"},
            "x > two.a", "z > two.b", f"two.{output} > grad.outputs", "x > grad.inputs", "grad > y",
            "two.ya > o", "two.yb > p", blocks={"Two": inner},
        )  # fmt: skip
        assert [each.code for each in graph_problems(example)] == codes


def test_nothing_may_overwrite_what_is_differentiated_by() -> None:
    example = project(
        {"x": "Input", "gen": "Linear", "relu": node("ReLU", inplace=True), "critic": "Linear", "grad": "grad",
         "y": "Output"},
        "x > gen", "gen > relu", "relu > critic", "critic > grad.outputs", "gen > grad.inputs", "grad > y",
    )  # fmt: skip
    assert "G023" in [each.code for each in graph_problems(example)]
