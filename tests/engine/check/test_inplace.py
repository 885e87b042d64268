"""The rules about layers that overwrite their input, through layouts, bypasses, blocks and repeats."""

from dataclasses import replace
from itertools import pairwise

import pytest

from engine.check.diagnostics import Diagnostic
from engine.check.rules import graph_problems
from engine.graph.model import Graph, Node, Project
from tests.small_projects import graph, node, project


def overwriting() -> Node:
    """A layer that overwrites its input."""
    return node("ReLU", inplace=True)


def only(network: Project, code: str) -> Diagnostic:
    """The project's single problem."""
    problems = graph_problems(network)
    assert [problem.code for problem in problems] == [code], problems
    return problems[0]


def residual(*wires: str, **nodes: Node | str) -> Project:
    """A shortcut around a ReLU that overwrites its input."""
    return project(
        {"x": "Input", "fc": "Linear", "relu": overwriting(), "add": "add", "y": "Output", **nodes}, *wires, "add > y"
    )


def chain(*kinds: Node | str) -> Project:
    """A Linear, these nodes, called n1, n2 ..., and an output."""
    names = [f"n{place}" for place in range(1, len(kinds) + 1)]
    line = ["x", "fc", *names, "y"]
    nodes = {"x": "Input", "fc": "Linear", **dict(zip(names, kinds, strict=True)), "y": "Output"}
    return project(nodes, *(f"{a} > {b}" for a, b in pairwise(line)))


def through_block(
    inside: Graph, *, before: Node | str = "Linear", after: Node | str = "Identity", **use: int
) -> Project:
    """A Linear, a node, a use of a block with one input ``x`` and one output ``y``, a node, and an output."""
    nodes = {"x": "Input", "fc": "Linear", "before": before, "a": Node("Block", graph="A", **use), "after": after}
    wires = ("x > fc", "fc > before", "before > a.x", "a.y > after", "after > z")
    return project({**nodes, "z": "Output"}, *wires, blocks={"A": inside})


def line(*kinds: Node | str) -> Graph:
    """A block of nodes in a row, called m1, m2 ..."""
    names = [f"m{place}" for place in range(1, len(kinds) + 1)]
    row = ["x", *names, "y"]
    nodes = {"x": "Input", **dict(zip(names, kinds, strict=True)), "y": "Output"}
    return graph(nodes, *(f"{a} > {b}" for a, b in pairwise(row)))


def test_nothing_else_reads_what_is_overwritten():
    network = residual("x > fc", "fc > relu", "relu > add", "fc > add.other")
    problem = only(network, "G023")
    assert (problem.node, "add" in problem.message) == ("relu", True)
    problem.fix.edit.apply(network)
    assert graph_problems(network) == ()


def test_a_value_of_another_layout_is_still_overwritten():
    network = residual("x > fc", "fc > flat", "flat > relu", "relu > add", "fc > add.other", flat="Flatten")
    assert only(network, "G023").node == "relu"


def test_overwriting_what_nothing_else_reads_is_legal():
    assert graph_problems(residual("x > fc", "fc > relu", "relu > add", "x > add.other")) == ()


def test_a_reader_that_leads_nowhere_is_no_reader():
    network = residual("x > fc", "fc > relu", "relu > add", "x > add.other", "fc > aside", aside="Sigmoid")
    assert [problem.code for problem in graph_problems(network)] == ["G008"]


@pytest.mark.parametrize("kind", ["ReLU", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "amax"])
@pytest.mark.parametrize(
    "between",
    [
        (),
        ("Identity",),
        ("Flatten", node("Unflatten", unflattened_size=(2, -1))),
        (node("reshape", shape=(-1, 4)), node("select", dim=1, index=0)),
        (replace(node("GELU"), bypass=True),),
        (node("Dropout", p=0.0),),
    ],
)
def test_a_result_that_the_gradient_needs_is_not_overwritten(kind: str, between: tuple[Node | str, ...]):
    network = chain(kind, *between, node("Dropout", inplace=True))
    problem = only(network, "G024")
    assert problem.node == f"n{len(between) + 2}"
    assert f"n1 ({kind})" in problem.message
    problem.fix.edit.apply(network)
    assert graph_problems(network) == ()


@pytest.mark.parametrize("kind", ["GELU", "SiLU", "LeakyReLU", "ELU", "BatchNorm1d", "LayerNorm", "GLU", "Linear"])
def test_a_result_that_no_gradient_needs_may_be_overwritten(kind: str):
    assert graph_problems(chain(kind, node("Dropout", inplace=True))) == ()


@pytest.mark.parametrize(("kind", "codes"), [("LeakyReLU", ["G024"]), ("ELU", ["G024"]), ("SiLU", []), ("ReLU6", [])])
def test_some_layers_need_their_result_only_where_they_overwrite_their_input(kind: str, codes: list[str]):
    network = chain(node(kind, inplace=True), node("Dropout", inplace=True))
    assert [problem.code for problem in graph_problems(network)] == codes


def test_dropout_has_a_result_of_its_own_in_training():
    assert graph_problems(chain("Sigmoid", "Dropout", overwriting())) == ()


def test_dropout_passes_its_input_on_in_evaluation():
    network = residual("x > fc", "fc > drop", "drop > relu", "relu > add", "fc > add.other", drop="Dropout")
    assert only(network, "G023").node == "relu"


def test_only_the_output_of_a_recurrent_layer_is_needed():
    def read(port: str) -> Project:
        nodes = {"x": "Input", "lstm": "LSTM", "relu": overwriting(), "y": "Output"}
        return project(nodes, "x > lstm", f"lstm.{port} > relu", "relu > y")

    assert only(read("output"), "G024").node == "relu"
    assert graph_problems(read("h_n")) == ()


@pytest.mark.parametrize("between", [(), ("Flatten",), (node("Dropout"),)])
def test_the_data_is_not_overwritten(between: tuple[Node | str, ...]):
    names = [f"n{place}" for place in range(len(between))]
    row = ["x", *names, "relu", "fc", "y"]
    nodes = {
        "x": "Input",
        **dict(zip(names, between, strict=True)),
        "relu": overwriting(),
        "fc": "Linear",
        "y": "Output",
    }
    network = project(nodes, *(f"{a} > {b}" for a, b in pairwise(row)))
    problem = only(network, "G023")
    assert problem.node == "relu"
    assert "data" in problem.message


def test_a_value_that_a_block_gives_is_followed_into_it():
    assert only(through_block(line("Sigmoid"), after=overwriting()), "G024").node == "after"
    assert graph_problems(through_block(line("GELU"), after=overwriting())) == ()


def test_a_value_that_a_block_takes_is_followed_out_of_it():
    assert only(through_block(line("Flatten", overwriting()), before="Sigmoid"), "G024").node == "a.m2"
    assert graph_problems(through_block(line("Flatten", overwriting()), before="GELU")) == ()


def test_a_value_is_followed_through_a_block_that_passes_it_on():
    assert only(through_block(line("Identity"), before="Sigmoid", after=overwriting()), "G024").node == "after"


def test_a_bypassed_block_passes_its_input_on():
    network = through_block(line("Sigmoid"), after=overwriting())
    network.graphs["Net"].nodes["a"].bypass = True
    assert graph_problems(network) == ()
    network.graphs["Net"].nodes["before"].kind = "Tanh"
    assert only(network, "G024").node == "after"


def test_a_block_does_not_overwrite_what_another_node_reads():
    network = through_block(line(overwriting()))
    assert graph_problems(network) == ()
    nodes, wires = network.graphs["Net"].nodes, network.graphs["Net"].wires
    nodes |= {"also": Node("Output")}
    wires += graph({}, "before > also").wires
    assert only(network, "G023").node == "a.m1"


def test_every_use_of_a_block_counts():
    network = through_block(line(overwriting()))
    nodes, wires = network.graphs["Net"].nodes, network.graphs["Net"].wires
    nodes |= {"tanh": Node("Tanh"), "b": Node("Block", graph="A"), "also": Node("Output")}
    wires += graph({}, "x > tanh", "tanh > b.x", "b.y > also").wires
    assert only(network, "G024").node == "a.m1"


def test_what_a_repetition_gives_the_next_one_counts():
    inside = line(overwriting(), "Linear", "Sigmoid")
    assert graph_problems(through_block(inside)) == ()
    assert only(through_block(inside, repeat=2), "G024").node == "a.m1"


def test_repetitions_that_read_the_same_value_do_not_overwrite_it():
    inside = graph(
        {"x": "Input", "more": "Input", "relu": overwriting(), "add": "add", "y": "Output"},
        "more > relu", "relu > add", "x > add.other", "add > y",
    )  # fmt: skip

    def network(repeat: int) -> Project:
        nodes = {"x": "Input", "one": "Linear", "two": "Linear", "a": Node("Block", graph="A", repeat=repeat)}
        wires = ("x > one", "x > two", "one > a.x", "two > a.more", "a.y > z")
        return project({**nodes, "z": "Output"}, *wires, blocks={"A": inside})

    assert graph_problems(network(1)) == ()
    assert "every repetition" in only(network(2), "G023").message


def test_a_node_that_shares_weights_overwrites_as_their_owner_does():
    network = chain("Sigmoid", "GELU", overwriting())
    nodes, wires = network.graphs["Net"].nodes, network.graphs["Net"].wires
    nodes |= {"again": Node("ReLU", shares="n3"), "also": Node("Output")}
    wires += graph({}, "n1 > again", "again > also").wires
    problems = [problem for problem in graph_problems(network) if problem.node == "again"]
    assert [problem.code for problem in problems] == ["G023"]
    problems[0].fix.edit.apply(network)
    assert graph_problems(network) == ()
