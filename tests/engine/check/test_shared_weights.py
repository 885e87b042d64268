"""Rules about single weights that are those of other nodes."""

import pytest

from engine.catalog.expressions import Expression
from engine.check.rules import graph_problems
from engine.graph.model import Node, Part, Project
from engine.graph.weights import Follows, WeightSettings, WeightsFile
from tests.small_projects import graph, project


def dense(*, bypass: bool | Expression = False, shares_all_of: str | None = None, **settings: object) -> Node:
    params = {} if shares_all_of else {"out_features": 4}
    return Node("Linear", params, bypass=bypass, shares=shares_all_of, settings=WeightSettings(**settings))


def network(**nodes: Node) -> Project:
    """Layers ``a`` and ``b`` in a row, or other nodes, and the use ``c`` of a block with one layer ``fc``."""
    inside = graph({"x": "Input", "fc": nodes.pop("fc", dense()), "y": "Output"}, "x > fc", "fc > y")
    layers = {"a": dense(), "b": dense(), "c": Node("Block", graph="A"), **nodes}
    wires = ("x > a", "a > b", "b > c.x", "c.y > y")
    return project({"x": "Input", **layers, "y": "Output"}, *wires, blocks={"A": inside})


def use(repeat: int = 1, **settings: object) -> Node:
    return Node("Block", graph="A", repeat=repeat, settings=WeightSettings(**settings))


NORM = {"weight": Part("weight_norm")}
ONES = {"weight": Part("ones_")}


def of(weight: str, key: str = "weight") -> dict[str, str]:
    return {key: weight}


def test_weights_of_layers_and_in_blocks_can_be_shared() -> None:
    shared = network(
        b=dense(shares={"weight": "a.weight", "bias": "c.fc.bias"}), c=use(shares={"fc.weight": "a.weight"})
    )
    assert graph_problems(shared) == ()


WRONG = [
    ("W012", {"b": dense(shares=of("b.bias"))}, "a weight of its own", "another node"),
    ("W012", {"b": dense(shares=of("q.weight"))}, "there is no node q", "Name a node"),
    ("W012", {"b": dense(shares=of("c.fd.weight"))}, "c has no node fd", ""),
    ("W012", {"b": dense(shares=of("c.weight"))}, "c has no node weight", "Name a layer in it"),
    ("W012", {"a": dense(bypass=True), "b": dense(shares=of("a.weight"))}, "a is bypassed", "Turn off bypass"),
    ("W012", {"a": dense(shares_all_of="b"), "c": use(shares=of("a.weight", "fc.weight"))}, "weights of b", "of b"),
    ("W012", {"b": dense(shares=of("c.fc.weight")), "c": use(3)}, "c is repeated 3 times", "once"),
    (
        "W012",
        {"a": dense(bypass=Expression("4 > 3")), "b": dense(shares=of("a.weight"))},
        "a is bypassed by an expression",
        "every use",
    ),
    ("W012", {"c": use(2, shares=of("a.weight", "fc.weight"))}, "c is repeated 2 times", ""),
    ("W012", {"a": dense(follows=Follows("b", 0.9)), "c": use(shares=of("a.weight", "fc.weight"))}, "follows", "b"),
    ("W012", {"a": dense(shares=of("b.weight")), "b": dense(shares=of("a.weight"))}, "is itself a.weight", "a.weight"),
    ("W012", {"a": dense(parametrize=NORM), "b": dense(shares=of("a.weight"))}, "weight_norm", ""),
    ("W012", {"fc": dense(parametrize=NORM), "b": dense(shares=of("c.fc.weight"))}, "norm", ""),
    ("W012", {"c": use(shares=of("a.weight", "fd.weight"))}, "c has no node fd", ""),
    ("W006", {"b": dense(shares=of("a.weight"), init=ONES)}, "b has ones_ to fill it", "Set it for a"),
    ("W006", {"b": dense(shares=of("a.weight"), parametrize=NORM)}, "weight_norm", ""),
    ("W006", {"b": dense(shares=of("a.weight"), frozen=True)}, "b has frozen weights", "Set it for a"),
    ("W006", {"fc": dense(frozen=True), "c": use(shares=of("a.weight", "fc.weight"))}, "c.fc has frozen", ""),
    ("W006", {"b": dense(shares=of("a.weight"), weights=WeightsFile("w.safetensors"))}, "a file to start from", ""),
    ("W006", {"b": dense(shares=of("a.weight"), follows=Follows("a", 0.9))}, "cannot have shares of its own", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "nodes", "message", "hint"), WRONG)
def test_what_cannot_be_shared_is_explained_and_mended(code, nodes, message, hint) -> None:
    wrong = network(**nodes)
    problem = graph_problems(wrong)[0]
    assert problem.code == code
    assert message in problem.message
    assert hint in problem.hint
    for _ in range(2):
        for each in graph_problems(wrong)[:1]:
            each.fix.edit.apply(wrong)
    assert graph_problems(wrong) == ()


def test_other_settings_of_a_node_with_a_shared_weight_are_its_own() -> None:
    free = dense(shares=of("a.weight"), init={"bias": Part("ones_")}, lr_scale=0.5, decay=False)
    assert graph_problems(network(b=free)) == ()


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"init": {"fc.weight": ONES["weight"]}}, ""),
        ({"init": {"head.weight": ONES["weight"]}}, "to fill {0}head.weight, but inside of"),
        ({"parametrize": {"fc.weight": NORM["weight"]}}, "to compute {0}fc.weight, but inside of"),
        ({"parametrize": {"head.weight": NORM["weight"]}}, "{0}fc.weight and {0}head.weight are one weight"),
        ({"init": {"head.bias": ONES["weight"]}, "parametrize": {"fc.bias": NORM["weight"]}}, ""),
    ],
)
def test_a_use_sets_a_weight_that_is_shared_inside_by_its_owner_alone(settings, message: str, depth: int) -> None:
    whole = network(fc=dense())
    inside = whole.graphs["A"]
    inside.nodes["head"] = dense(shares=of("fc.weight"))
    inside.wires = graph({}, "x > fc", "fc > head", "head > y").wires
    outer, prefix = whole.graphs["Net"], ""
    if depth == 2:
        outer.nodes["c"] = Node("Block", graph="B")
        whole.graphs["B"] = graph(
            {"x": "Input", "inner": Node("Block", graph="A"), "y": "Output"}, "x > inner.x", "inner.y > y"
        )
        prefix = "inner."
    inner = {field: {prefix + name: part for name, part in parts.items()} for field, parts in settings.items()}
    outer.nodes["c"].settings = WeightSettings(**inner)
    problems = graph_problems(whole)
    assert [each.code for each in problems] == ["W006"] * bool(message)
    for problem in problems:
        assert message.format(prefix) in problem.message
        problem.fix.edit.apply(whole)
    assert graph_problems(whole) == ()
