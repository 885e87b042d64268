"""The rules of blocks: their graphs, repeats and shared weights."""

import pytest

from engine.check.rules import graph_problems
from engine.graph.model import Graph, Node, Project
from tests.engine.check.rule_problems import after_fix, only, problems_of
from tests.small_projects import classifier, graph, node, project


def test_a_block_needs_its_graph():
    network = project({"x": "Input", "b": Node("Block", graph="Stm"), "y": "Output"},
                    blocks={"Stem": graph({"x": "Input", "y": "Output"}, "x > y")})  # fmt: skip
    problem = problems_of(network, "G009")[0]
    assert problem.node == "b"
    assert "Did you mean Stem?" in problem.hint
    assert problem.fix is not None
    problem.fix.edit.apply(network)
    assert "G009" not in {left.code for left in graph_problems(network)}


def blocks_of(**inside: Graph) -> Project:
    """A project whose main graph uses the block ``A`` by the name ``a``."""
    return project({"x": "Input", "a": Node("Block", graph="A"), "y": "Output"}, "x > a.x", "a.y > y", blocks=inside)


def passing(**nodes: Node | str) -> Graph:
    """A block that returns its input, with other nodes beside."""
    return graph({"x": "Input", "y": "Output", **nodes}, "x > y")


def test_recursion_is_a_problem_not_a_hang():
    network = blocks_of(
        A=passing(b=Node("Block", graph="B")), B=passing(a=Node("Block", graph="A")),
    )  # fmt: skip
    problem = problems_of(network, "G010")[0]
    assert "A -> B -> A" in problem.message or "B -> A -> B" in problem.message
    assert problem.node in {"a.b", "a.b.a"}


def test_blocks_that_unfold_without_end_are_refused():
    inside = {
        f"B{n}": passing(p=Node("Block", graph=f"B{n + 1}"), q=Node("Block", graph=f"B{n + 1}")) for n in range(40)
    }
    network = project({"b": Node("Block", graph="B0"), "y": "Output"}, blocks={**inside, "B40": passing()})
    assert len(problems_of(network, "G022")) == 1


def test_losses_inside_a_block_are_refused_at_their_path():
    problem = problems_of(blocks_of(A=passing(l="MSELoss")), "G011")[0]
    assert (problem.node, problem.graph) == ("a.l", "A")


@pytest.mark.parametrize("repeat", [0, -1, 10**9])
def test_a_repeat_has_a_range(repeat: int):
    network = blocks_of(A=passing())
    network.graphs["Net"].nodes["a"].repeat = repeat
    problem = problems_of(network, "G012")[0]
    assert str(repeat) in problem.message
    assert after_fix(network, problem) == ()


def test_a_repeated_block_has_inputs_for_all_its_outputs():
    network = blocks_of(A=graph({"x": "Input", "y": "Output", "z": "Output"}, "x > y", "x > z"))
    network.graphs["Net"].nodes["a"].repeat = 2
    assert "1 inputs and 2 outputs" in only(network, "G012").message


def test_a_repeated_block_may_have_inputs_that_stay_the_same():
    inside = graph(
        {"x": "Input", "mask": "Input", "add": "add", "y": "Output"}, "x > add", "mask > add.other", "add > y"
    )
    network = project(
        {"x": "Input", "a": Node("Block", graph="A", repeat=2), "y": "Output"}, "x > a.x", "x > a.mask", "a.y > y",
        blocks={"A": inside},
    )  # fmt: skip
    assert graph_problems(network) == ()


def sharing(**owner: Node) -> Project:
    """Two Linear layers in a row; ``b`` uses the weights of ``a``, unless other nodes are given."""
    nodes = {"a": node("Linear", out_features=4), "b": Node("Linear", shares="a"), **owner}
    return project({"x": "Input", **nodes, "y": "Output"}, "x > a", "a > b", "b > y")


def test_shared_weights_are_legal():
    assert graph_problems(sharing()) == ()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"b": Node("Linear", shares="b")}, "its own weights"),
        ({"b": Node("Linear", shares="q")}, "does not exist"),
        ({"a": Node("Tanh")}, "of kind Tanh"),
        ({"a": Node("Linear", shares="b")}, "uses those of"),
        ({"a": Node("Linear", bypass=True)}, "bypassed"),
        ({"a": Node("sum"), "b": Node("sum", shares="a")}, "no weights to share"),
    ],
)
def test_weights_are_shared_only_with_a_node_that_allows_it(changed: dict[str, Node], says: str):
    problem = problems_of(sharing(**changed), "G013")[0]
    assert says in problem.message


def test_a_node_that_shares_weights_has_no_parameters_of_its_own():
    network = sharing(b=Node("Linear", {"out_features": 9}, shares="a"))
    problem = only(network, "P004")
    assert "out_features" in problem.message
    assert after_fix(network, problem) == ()


@pytest.mark.parametrize("name", ["torch", "nn", "F", "print", "Literal", "SinusoidalPositionEncoding"])
def test_a_block_cannot_hide_what_the_source_uses(name: str):
    network = blocks_of(A=passing())
    network.graphs[name] = network.graphs.pop("A")
    network.graphs["Net"].nodes["a"].graph = name
    problem = only(network, "G016")
    assert name in problem.message
    assert after_fix(network, problem) == ()


def test_an_unused_block_is_a_warning():
    network = classifier()
    network.graphs["Spare"] = passing()
    problem = only(network, "G021")
    assert problem.severity == "warning"
    assert after_fix(network, problem) == ()


def test_a_problem_inside_a_block_has_the_path_of_its_first_use():
    network = project(
        {"x": "Input", "outer": Node("Block", graph="A"), "y": "Output"}, "x > outer.x", "outer.y > y",
        blocks={
            "A": graph({"x": "Input", "inner": Node("Block", graph="B"), "y": "Output"}, "x > inner.x", "inner.y > y"),
            "B": graph({"x": "Input", "fc": node("Linear", out_features=0), "y": "Output"}, "x > fc", "fc > y"),
        },
    )  # fmt: skip
    assert only(network, "P002").node == "outer.inner.fc"
