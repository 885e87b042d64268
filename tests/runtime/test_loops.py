"""Loops: the source is a plain ``for`` that equals one written by hand, and the analysis counts each round."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engine.catalog.expressions import Expression
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.block_params import BlockParam
from engine.graph.loops import LoopSettings
from engine.graph.model import Graph, Node, Project
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import graph, node, project

SEQUENCE = {"x": FieldSpec((5, 3), "float32"), "h": FieldSpec((4,), "float32")}


def step() -> Graph:
    """A cell that takes an entry and the state before, and gives the new state and its answer."""
    return graph(
        {"x": "Input", "h": "Input", "cell": node("GRUCell", hidden_size=4), "fc": node("Linear", out_features=2),
         "h_next": "Output", "y": "Output"},
        "x > cell", "h > cell.hx", "cell > h_next", "cell > fc", "fc > y",
    )  # fmt: skip


def over(settings: LoopSettings, block: Graph, *wires: str, **nodes: Node | str) -> Project:
    """A project whose main graph runs a loop over its input."""
    loop = Node("Loop", graph="Step", loop=settings)
    return project({"x": "Input", "h": "Input", "loop": loop, **nodes}, *wires, blocks={"Step": block})


def recurrent() -> Project:
    settings = LoopSettings(over=(("x", 1),), carry=(("h", "h_next"),), collect=("y",))
    wires = ("x > loop.x", "h > loop.h", "loop.y > answers", "loop.h_next > last")
    return over(settings, step(), *wires, answers="Output", last="Output")


class Twin(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cell, self.fc = nn.GRUCell(3, 4), nn.Linear(4, 2)

    def forward(self, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        answers = []
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
            answers.append(self.fc(h))
        return torch.stack(answers, 1), h


def network(example: Project, folder: Path, fields: dict[str, FieldSpec]) -> tuple[Analysis, str, nn.Module]:
    analysis = analyse(example, fields)
    assert [problem.message for problem in analysis.problems if problem.severity == "error"] == []
    text = generate(example, analysis.derived).text
    ends = "\n\ndef losses(o, b): ...\n\n\ndef metrics(o, b): ...\n"
    return analysis, text, load_model(text + ends, example, folder / "model.py").network()


def test_a_recurrent_loop_equals_a_for_written_by_hand(tmp_path: Path) -> None:
    analysis, text, model = network(recurrent(), tmp_path, SEQUENCE)
    twin = Twin()
    model.load_state_dict({f"loop.{name}": value for name, value in twin.state_dict().items()})
    x, h = torch.rand(6, 5, 3, requires_grad=True), torch.rand(6, 4)
    x_again = x.detach().clone().requires_grad_()

    outputs = model(x=x, h=h)
    answers, last = twin(x_again, h)
    outputs["answers"].square().sum().backward()
    answers.square().sum().backward()

    assert torch.equal(outputs["answers"], answers)
    assert torch.equal(outputs["last"], last)
    assert torch.equal(x.grad, x_again.grad)
    for name, weight in twin.named_parameters():
        assert torch.equal(model.get_parameter(f"loop.{name}").grad, weight.grad)
    assert "for each_x in x.unbind(1):" in text
    assert analysis.nodes["loop"].outputs == {"h_next": ("N", 4), "y": ("N", 5, 2)}
    assert analysis.parameters == sum(weight.numel() for weight in twin.parameters())
    assert analysis.nodes["loop.fc"].macs == 5 * 4 * 2
    again = parse(text)
    assert again.project.graphs["Net"].nodes["loop"].loop == recurrent().graphs["Net"].nodes["loop"].loop
    assert generate(again.project, again.derived).text == text


def test_a_counted_loop_with_one_output_rebinds_it(tmp_path: Path) -> None:
    block = graph(
        {"z": "Input", "x": "Input", "fc": node("Linear", out_features=4), "add": "add", "tanh": "Tanh",
         "out": "Output"},
        "z > fc", "fc > add", "x > add.other", "add > tanh", "tanh > out",
    )  # fmt: skip
    example = over(
        LoopSettings(count=3, carry=(("z", "out"),)), block, "h > loop.z", "h > loop.x", "loop.out > y", y="Output"
    )
    analysis, text, model = network(example, tmp_path, SEQUENCE)
    h = torch.rand(2, 4)
    z = h
    for _ in range(3):
        z = torch.tanh(model.loop.fc(z) + h)

    assert torch.equal(model(h=h), z)
    assert "for _ in range(3):" in text
    assert analysis.nodes["loop.fc"].macs == 3 * 4 * 4
    again = parse(text)
    assert generate(again.project, again.derived).text == text


def test_a_loop_that_only_collects_maps_a_block_over_an_axis(tmp_path: Path) -> None:
    block = graph({"x": "Input", "fc": node("Linear", out_features=2), "y": "Output"}, "x > fc", "fc > y")
    example = over(LoopSettings(over=(("x", -2),), collect=("y",)), block, "x > loop.x", "loop.y > all", all="Output")
    _, text, model = network(example, tmp_path, SEQUENCE)
    x = torch.rand(6, 5, 3)

    torch.testing.assert_close(model(x=x), model.loop.fc(x))
    again = parse(text)
    assert generate(again.project, again.derived).text == text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (LoopSettings(), "count of the loop"),
        (LoopSettings(over=(("x", 1),), count=3, carry=(("h", "h_next"),)), "has a count too"),
        (LoopSettings(count=10**9, carry=(("h", "h_next"),)), "1 to 10000"),
        (LoopSettings(over=(("x", 0),), carry=(("h", "h_next"),)), "holds the samples"),
        (LoopSettings(over=(("x", 7),), carry=(("h", "h_next"),)), "without that axis"),
        (LoopSettings(over=(("z", 1),), carry=(("h", "h_next"),)), "no input of Step"),
        (LoopSettings(over=(("x", 1),), carry=(("h", "gone"),)), "no output of Step"),
        (LoopSettings(over=(("x", 1),), carry=(("h", "y"),)), "carries y to h"),
        (LoopSettings(over=(("x", 1), ("h", 1)), collect=("y",)), "different sizes"),
        (LoopSettings(over=(("x", 1),), carry=(("h", "h_next"), ("h", "y"))), "takes its value from two places"),
    ],
)
def test_rounds_that_do_not_fit_are_explained(settings: LoopSettings, message: str) -> None:
    example = recurrent()
    example.graphs["Net"].nodes["loop"].loop = settings
    problems = [problem for problem in analyse(example, SEQUENCE).problems if problem.severity == "error"]
    assert any(message in problem.message for problem in problems), problems
    assert all("loop" in (problem.node or "") for problem in problems)


def test_the_count_may_be_a_parameter_of_the_block_around_it(tmp_path: Path) -> None:
    inner = graph({"z": "Input", "fc": node("Linear", out_features=4), "out": "Output"}, "z > fc", "fc > out")
    rounds = Node("Loop", graph="Step", loop=LoopSettings(count=Expression("depth * 2"), carry=(("z", "out"),)))
    block = graph({"x": "Input", "rounds": rounds, "y": "Output"}, "x > rounds.z", "rounds.out > y")
    block.params["depth"] = BlockParam("int", 1)
    use = Node("Block", {"depth": 2}, graph="Deep")
    example = project(
        {"h": "Input", "deep": use, "y": "Output"}, "h > deep.x", "deep.y > y", blocks={"Deep": block, "Step": inner}
    )
    analysis, text, model = network(example, tmp_path, SEQUENCE)
    h = z = torch.rand(2, 4)
    for _ in range(4):
        z = model.deep.rounds.fc(z)

    assert torch.equal(model(h=h), z)
    assert "range(self.depth * 2)" in text
    again = parse(text)
    assert generate(again.project, again.derived).text == text
    assert analysis.nodes["deep.rounds.fc"].macs == 4 * 4 * 4


def twice(*wires: str, state: str = "h", **outputs: str) -> Project:
    """A loop whose block takes what the round before gives at two inputs, the second one in the first round elsewhere.

    ``outputs``: of the block, beside ``y``, with the node that gives each.
    """
    block = graph(
        {"h": "Input", "c": "Input", "fc": node("Linear", out_features=4), "mul": "mul", "tanh": "Tanh",
         "y": "Output", **dict.fromkeys(outputs, "Output")},
        "h > fc", "fc > mul", "c > mul.other", "mul > tanh", "tanh > y",
        *(f"{source} > {name}" for name, source in outputs.items()),
    )  # fmt: skip
    settings = LoopSettings(count=3, carry=(("h", "y"), ("c", "y")), collect=tuple(outputs))
    nodes = {"relu": "ReLU", "out": "Output", **{f"all_{name}": "Output" for name in outputs}}
    more = [f"loop.{name} > all_{name}" for name in outputs]
    return over(settings, block, "h > relu", *wires, f"{state} > loop.c", "loop.y > out", *more, **nodes)


@pytest.mark.parametrize("outputs", [{}, {"scores": "fc"}])
@pytest.mark.parametrize(("h", "c"), [("h", "relu"), ("relu", "h"), ("relu", "relu"), ("h", "h")])
def test_an_output_may_be_carried_to_two_inputs(tmp_path: Path, h: str, c: str, outputs: dict[str, str]) -> None:
    example = twice(f"{h} > loop.h", state=c, **outputs)
    _, text, model = network(example, tmp_path, SEQUENCE)
    values = {"h": (value := torch.rand(2, 4) - 0.5), "relu": torch.relu(value)}
    y, before = values[h], values[c]
    scores = []
    for _ in range(3):
        scores.append(model.loop.fc(y))
        y = before = torch.tanh(model.loop.fc(y) * before)

    answer = model(h=value)
    assert torch.equal(answer["out"] if outputs else answer, y)
    assert not outputs or torch.equal(answer["all_scores"], torch.stack(scores, 1))
    assert ("previous_c" in text) == (h != c)
    again = parse(text)
    assert again.project.graphs["Net"].nodes["loop"].loop == example.graphs["Net"].nodes["loop"].loop
    assert generate(again.project, again.derived).text == text


def test_what_is_carried_to_two_inputs_is_not_overwritten_at_one() -> None:
    example = twice("h > loop.h", state="relu")
    nodes, wires = example.graphs["Step"].nodes, example.graphs["Step"].wires
    nodes["over"] = node("ReLU", inplace=True)
    wires[0:1] = graph({}, "h > over", "over > fc").wires
    assert "G023" in {problem.code for problem in analyse(example, SEQUENCE).problems}


@pytest.mark.parametrize("kind", ["Loop", "Block"])
def test_rounds_that_begin_as_the_bypass_are_written_without_a_second_branch(tmp_path: Path, kind: str) -> None:
    block = graph(
        {"z": "Input", "fc": node("Linear", out_features=4), "out": "Output", "again": "Output"},
        "z > fc", "fc > out", "fc > again",
    )  # fmt: skip
    use = Node("Loop", graph="Step", loop=LoopSettings(count=2, carry=(("z", "out"),)))
    if kind == "Block":
        del block.nodes["again"], block.wires[-1]
        use = Node("Block", graph="Step", repeat=2)
    use.bypass = Expression("depth == 1")
    outer = graph({"x": "Input", "rounds": use, "add": "add", "y": "Output"},
                  "x > rounds.z", "rounds.out > add", "x > add.other", "add > y")  # fmt: skip
    outer.params["depth"] = BlockParam("int", 1)
    nodes = {"h": "Input", "one": Node("Block", graph="Deep"), "two": Node("Block", {"depth": 2}, graph="Deep")}
    wires = ("h > one.x", "one.y > two.x", "two.y > y")
    example = project({**nodes, "y": "Output"}, *wires, blocks={"Deep": outer, "Step": block})
    _, text, model = network(example, tmp_path, SEQUENCE)
    h = torch.rand(2, 4)
    z = h + h
    modules = model.two.rounds if kind == "Block" else [model.two.rounds] * 2
    rest = z
    for module in modules:
        rest = module.fc(rest)

    assert torch.equal(model(h=h), rest + z)
    assert "else:" not in text
    again = parse(text)
    assert generate(again.project, again.derived).text == text


@pytest.mark.parametrize("port", ["nn", "input", "x_", "_x", "__"])
def test_a_loop_is_parsed_whatever_the_names_of_its_inputs(port: str) -> None:
    block = graph(
        {port: "Input", "h": "Input", "add": "add", "y": "Output"}, f"{port} > add", "h > add.other", "add > y"
    )
    settings = LoopSettings(count=2, carry=(("h", "y"), (port, "y")))
    nodes = {"x": "Input", "relu": "ReLU", "a": Node("Loop", graph="Step", loop=settings)}
    nodes |= {"b": Node("Loop", graph="Step", loop=LoopSettings(over=((port, 1),))), "y": "Output"}
    wires = ("x > relu", "x > a.h", f"relu > a.{port}", f"a.y > b.{port}", "x > b.h", "b.y > y")
    text = generate(project(nodes, *wires, blocks={"Step": block}), {}).text
    again = parse(text)
    assert generate(again.project, again.derived).text == text
