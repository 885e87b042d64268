"""One fault of a block, a loop or an equation is one problem, at its place, in a sentence that can be read."""

from pathlib import Path

import pytest

from engine.catalog.expressions import Expression
from engine.graph.block_params import BlockParam
from engine.graph.loops import LoopSettings
from engine.graph.model import NO_DATA, Graph, Node, Part, Project, Published
from engine.graph.weights import WeightSettings
from engine.runtime.analysis.analyse import check_project
from tests.small_projects import graph, node, project

MAX_SENTENCE = 300


def problems_of(network: Project) -> list[tuple[str, str | None]]:
    """The code and the place of each problem; every sentence must be short enough to be read."""
    problems = check_project(network, Path()).problems
    assert all(len(problem.message) < MAX_SENTENCE for problem in problems)
    return [(problem.code, problem.node) for problem in problems]


def using(block: Graph, use: Node, x: Node | None = None, **blocks: Graph) -> Project:
    """A network that uses the block ``B`` once, without data."""
    nodes = {"x": x or node("Input", shape=(8,)), "use": use, "out": "Output"}
    network = project(nodes, "x > use.x", "use.y > out", blocks={"B": block, **blocks})
    network.data = NO_DATA
    return network


def linear(out_features: object = 8, **params: BlockParam) -> Graph:
    block = graph({"x": "Input", "fc": node("Linear", out_features=out_features), "y": "Output"}, "x > fc", "fc > y")
    block.params = dict(params)
    return block


def block_use(kind: str = "Block", graph_name: str | None = "B", **fields: object) -> Node:
    return Node(kind, graph=graph_name, **fields)


def whole(default: object, **fields: object) -> BlockParam:
    return BlockParam("int", default, **fields)


@pytest.mark.parametrize("repeat", [0, 1001, 10**9])
def test_a_repeat_out_of_range_is_one_problem(repeat: int) -> None:
    assert problems_of(using(linear(), block_use(repeat=repeat))) == [("G012", "use")]
    loop = block_use("Loop", repeat=repeat, loop=LoopSettings(count=2))
    assert problems_of(using(linear(), loop)) == [("G028", "use")]


@pytest.mark.parametrize("default", [0, 10**12, "a", None, 1.5, (1, 2)])
def test_a_default_that_is_not_legal_is_a_problem_of_the_block_alone(default: object) -> None:
    block = linear(Expression("c"), c=whole(default, min=1, max=100))
    assert problems_of(using(block, block_use())) == [("P011", None)]
    assert problems_of(using(block, block_use(params={"c": 4}))) == [("P011", None)]
    assert problems_of(using(block, block_use(repeat=3))) == [("P011", None)]
    assert problems_of(using(block, block_use("Loop", loop=LoopSettings(count=2)))) == [("P011", None)]


def test_a_value_that_is_not_legal_is_a_problem_of_the_use_alone() -> None:
    block = linear(Expression("c"), c=whole(2, min=1))
    assert problems_of(using(block, block_use(params={"c": 0}))) == [("P002", "use")]


@pytest.mark.parametrize("params", [{}, {"c": 4}])
def test_bounds_that_exclude_every_value_are_a_problem_of_the_block_alone(params: dict[str, int]) -> None:
    block = linear(Expression("c"), c=whole(4, min=5, max=3))
    assert problems_of(using(block, block_use(params=params))) == [("P011", None)]


@pytest.mark.parametrize("kind", ["Block", "Loop"])
@pytest.mark.parametrize("name", ["Bb", "Other", None])
def test_a_missing_block_is_one_problem(kind: str, name: str | None) -> None:
    use = block_use(kind, name, loop=LoopSettings(count=2) if kind == "Loop" else None, params={"c": 1})
    network = using(linear(), use)
    if name == "Other":
        del network.graphs["B"]
    assert problems_of(network) == [("G009", "use")]


def test_a_block_that_contains_itself_is_one_problem() -> None:
    itself = graph({"x": "Input", "b": block_use(), "y": "Output"}, "x > b.x", "b.y > y")
    assert problems_of(using(itself, block_use())) == [("G010", "use.b")]
    other = graph({"x": "Input", "b": block_use(graph_name="C"), "y": "Output"}, "x > b.x", "b.y > y")
    assert problems_of(using(other, block_use(), C=itself)) == [("G010", "use.b.b")]


LONG = f"max({', '.join(['c'] * 200)})"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 // 0", "P006"),
        ("c // (c - 2)", "P006"),
        ("size(x, 1) // 0", "P006"),
        ("9**9**9", "P006"),
        ("c**c**c**c**c**c", "P006"),
        ("nothing", "P007"),
        ("size(z, 1)", "P009"),
        ("size(x, 9)", "P006"),
        ("c +", "P010"),
        ("c / 2", "P002"),
        (f"{LONG} // 0", "P006"),
        (f"{LONG} + nothing", "P007"),
        (f"{LONG} / 8", "P002"),
    ],
)
def test_an_expression_without_a_value_is_one_problem(text: str, code: str) -> None:
    reader, wires = node("Dropout", p=Expression("c / 4")), ("x > reader", "reader > fc", "fc > y")
    block = graph({"x": "Input", "reader": reader, "fc": node("Linear", out_features=Expression(text)), "y": "Output"},
                  *wires)  # fmt: skip
    block.params = {"c": whole(2)}
    assert problems_of(using(block, block_use())) == [(code, "use.fc")]
    block.nodes["fc"] = block_use(graph_name="C", params={"c": Expression(text)})
    block.wires = graph({}, "x > reader", "reader > fc.x", "fc.y > y").wires
    assert problems_of(using(block, block_use(), C=linear(Expression("c"), c=whole(2)))) == [(code, "use.fc")]


@pytest.mark.parametrize("count", [10**9, 0, -1, 2.5, True, "many", Expression("10**9"), Expression("9**9**9")])
def test_a_count_of_rounds_out_of_range_is_one_problem(count: object) -> None:
    ((_, place),) = problems_of(using(linear(), block_use("Loop", loop=LoopSettings(count=count))))
    assert place == "use"


def test_a_loop_over_a_very_long_axis_is_one_problem() -> None:
    loop = block_use("Loop", loop=LoopSettings(over=(("x", 1),)))
    assert problems_of(using(linear(), loop, node("Input", shape=(10**9, 8)))) == [("S007", "use")]


@pytest.mark.parametrize(
    "equation", ["ab" * 2500, "ij," * 2500, "ab,bc->ac", "abc->a", f"{'ab' * 2500}->{'ab' * 2500}", "a1->a", "ab->q"]
)
def test_letters_that_do_not_fit_are_one_problem(equation: str) -> None:
    nodes = {"x": node("Input", shape=(8,)), "e": node("einsum", equation=equation), "out": "Output"}
    network = project(nodes, "x > e.operands[0]", "e > out")
    network.data = NO_DATA
    ((_, place),) = problems_of(network)
    assert place == "e"


@pytest.mark.parametrize("block", ["Bb", "Net"])
def test_a_file_of_a_library_has_the_block_that_it_offers(block: str) -> None:
    network = using(linear(), block_use())
    network.published = Published(block)
    assert problems_of(network) == [("G029", None)]
    network.published = Published("B", version=7)
    assert problems_of(network) == []


def test_an_input_without_a_shape_is_one_problem_at_the_input() -> None:
    network = using(linear(), block_use(), node("Input"))
    (problem,) = check_project(network, Path()).problems
    assert (problem.code, problem.severity, problem.node) == ("S019", "error", "x")
    assert "use.fc" in problem.message
    assert "shape" in problem.hint
    network.published = Published("B")  # which only shows the block
    (problem,) = check_project(network, Path()).problems
    assert (problem.code, problem.severity, problem.node) == ("S020", "warning", "x")


@pytest.mark.parametrize(("weight", "expected"), [("in_proj_weight", [("W001", "att")]), ("q_proj_weight", [])])
def test_attention_to_keys_of_another_width_has_no_joint_weight(weight: str, expected: list[tuple[str, str]]) -> None:
    att = node("MultiheadAttention", num_heads=2, batch_first=True)
    att.settings = WeightSettings(init={weight: Part("xavier_uniform_", {})})
    nodes = {"q": node("Input", shape=(5, 8)), "k": node("Input", shape=(7, 6)), "att": att, "out": "Output"}
    network = project(nodes, "q > att.query", "k > att.key", "k > att.value", "att.attn_output > out")
    network.data = NO_DATA
    assert problems_of(network) == expected
