"""Rules about the weight settings of nodes."""

import re
from copy import deepcopy
from dataclasses import replace

import pytest

from engine.catalog.expressions import Expression
from engine.check.rules import graph_problems, settings_problems
from engine.graph.block_params import BlockParam
from engine.graph.edits import RenameBlockParam
from engine.graph.model import Node, Part, Phase, Project
from engine.graph.weights import Follows, WeightSettings, WeightsFile
from tests.small_projects import graph, project


def with_weights(**nodes: Node) -> Project:
    """Layers ``a`` and ``b`` in a row, or other nodes, and the use ``c`` of a block with one layer ``fc``."""
    inside = graph({"x": "Input", "fc": nodes.pop("fc", dense()), "y": "Output"}, "x > fc", "fc > y")
    network = {"a": dense(), "b": dense(), "c": Node("Block", graph="A"), **nodes}
    wires = ("x > a", "a > b", "b > c.x", "c.y > y")
    return project({"x": "Input", **network, "y": "Output"}, *wires, blocks={"A": inside})


def dense(kind: str = "Linear", *, shares: str | None = None, bypass: bool = False, **settings_by_name: object) -> Node:
    params = {"out_features": 4} if kind == "Linear" and not shares else {}
    return Node(kind, params, bypass=bypass, shares=shares, settings=WeightSettings(**settings_by_name))


def use(**settings_by_name: object) -> Node:
    return Node("Block", graph="A", settings=WeightSettings(**settings_by_name))


def test_legal_weight_settings_have_no_problems():
    network = with_weights(
        a=dense(
            init={"weight": Part("uniform_", {"a": -1.0})}, parametrize={"bias": Part("weight_norm")}, lr_scale=0.1
        ),
        b=dense(follows=Follows("a", every=100)),
        c=use(frozen=True, init={"fc.weight": Part("eye_")}, weights=None),
    )
    assert graph_problems(network) == ()


WRONG = [
    ("W002", {"a": dense(init={"weight": Part("kaiming_norml_")})}, "is not a known initializer", "kaiming_normal_"),
    ("W002", {"a": dense(parametrize={"weight": Part("zorp")})}, "is not a known parametrization", "spectral_norm"),
    ("W003", {"a": dense(init={"weight": Part("ones_", {"val": 1})})}, "ones_ of weight has no parameter val", ""),
    ("W003", {"a": dense(init={"weight": Part("normal_", {"std": -1.0})})}, "std must be >= 0", ""),
    ("W003", {"a": dense(init={"weight": Part("uniform_", {"a": 1.0})})}, r"a \(1\) must be below b \(1\)", ""),
    ("W005", {"a": dense(follows=Follows("a", 0.9))}, "its own weights", ""),
    ("W005", {"a": dense(follows=Follows("q", 0.9))}, "follows the weights of q, which does not exist", ""),
    ("W005", {"a": dense(follows=Follows("c", 0.9))}, r"a \(Linear\) follows the weights of c \(Block\)", "one kind"),
    ("W005", {"b": Node("Linear", settings=WeightSettings(follows=Follows("a", 0.9)))}, "out_features is", "to 4"),
    ("W005", {"a": dense(follows=Follows("b", 0.9)), "b": dense(follows=Follows("a", 0.9))}, "which follows", "Name"),
    ("W005", {"a": dense(bypass=True), "b": dense(follows=Follows("a", 0.9))}, "which is bypassed", "Turn off bypass"),
    ("W005", {"a": dense(follows=Follows("b", 0.9)), "b": dense(shares="c")}, "uses those of c", "Name c"),
    ("W006", {"b": dense(shares="a", frozen=True)}, "uses the weights of a, so it cannot have frozen", "Set it for a"),
    ("W006", {"b": dense(follows=Follows("a", 0.9), frozen=True, lr_scale=1.0)}, "frozen and lr_scale of its own", ""),
    (
        "W006",
        {"fc": dense(parametrize={"weight": Part("spectral_norm")}), "c": use(init={"fc.weight": Part("ones_")})},
        "fc.weight is computed by spectral_norm inside the block",
        "inside A",
    ),
    ("W007", {"a": dense(lr_scale=0.0)}, "lr_scale must be > 0, got 0", "Freeze"),
    ("W007", {"a": dense(follows=Follows("b", 1.5))}, "must be 0 to 1, got 1.5", ""),
    ("W007", {"a": dense(follows=Follows("b"))}, "with neither of decay and every", ""),
    ("W007", {"a": dense(follows=Follows("b", 0.5, 3))}, "with both of decay and every", ""),
    ("W007", {"a": dense(follows=Follows("b", every=0))}, "every must be >= 1, got 0", ""),
    ("W008", {"a": dense("sum", frozen=True)}, r"a \(sum\) has no weights, so frozen has no effect", ""),
    ("W008", {"a": dense(frozen=True, decay=False)}, "a is frozen, so decay has no effect", ""),
    (
        "W008",
        {"a": dense(weights=WeightsFile("w.safetensors"), init={"bias": Part("ones_")})},
        "starts from 'w.safetensors', so its initial values have no effect",
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "nodes", "says", "hint"), WRONG)
def test_wrong_weight_settings_are_reported(code: str, nodes: dict[str, Node], says: str, hint: str):
    network = with_weights(**deepcopy(nodes))
    problem = next(problem for problem in graph_problems(network) if problem.code == code)
    assert re.search(says, problem.message)
    assert hint in problem.hint
    assert problem.severity == ("warning" if code == "W008" else "error")
    if problem.fix:
        before = len(graph_problems(network))
        problem.fix.edit.apply(network)
        assert len(graph_problems(network)) < before


def test_a_phase_learns_nothing_of_what_is_frozen_or_follows():
    network = with_weights(a=dense(frozen=True), b=dense(follows=Follows("a", 0.9)))
    network.training = replace(network.training, phases=(Phase("first", learns=("a", "b", "c")),))
    problems = [problem for problem in settings_problems(network) if problem.code == "W011"]
    assert [problem.node for problem in problems] == ["a", "b"]


def deep(**init: Part) -> Project:
    """A block with the parameter ``depth``, used twice with other values of it, whose layer ``fc`` begins so."""
    block = graph({"x": "Input", "fc": dense(init=init), "y": "Output"}, "x > fc", "fc > y")
    block.params = {"depth": BlockParam("int", 2)}
    block.nodes["fc"].params["bias"] = Expression("depth > 0")
    uses = {"one": Node("Block", graph="Deep"), "two": Node("Block", {"depth": 8}, graph="Deep", repeat=2)}
    wires = ("x > one.x", "one.y > two.x", "two.y > y")
    return project({"x": "Input", **uses, "y": "Output"}, *wires, blocks={"Deep": block})


def test_a_value_of_an_initializer_may_be_an_expression():
    network = deep(weight=Part("normal_", {"std": Expression("0.02 / (2 * depth) ** 0.5")}))
    assert graph_problems(network) == ()
    RenameBlockParam("Deep", "depth", "layers").apply(network)
    values = network.graphs["Deep"].nodes["fc"].settings.init["weight"].params
    assert values == {"std": Expression("0.02 / (2 * layers) ** 0.5")}
    assert graph_problems(network) == ()


@pytest.mark.parametrize(
    ("part", "code", "says"),
    [
        (
            Part("normal_", {"std": Expression("1 / (depth - depth)")}),
            "P006",
            "std: 1 / (depth - depth) divides",
        ),
        (Part("normal_", {"std": Expression("deptg")}), "P007", "weight.std = deptg reads deptg"),
        (Part("normal_", {"std": Expression("index")}), "P008", "outside of a repeated use"),
        (Part("normal_", {"std": Expression("depth +")}), "P010", "cannot be read"),
        (Part("normal_", {"std": Expression("-depth")}), "W003", "std must be >= 0"),
        (Part("normal_", {"std": Expression("depth > 1")}), "W003", "std must be a number"),
        (Part("uniform_", {"a": Expression("depth")}), "W003", "must be below b"),
        (Part("sparse_", {"sparsity": Expression("depth")}), "W003", "sparsity must be 0.0 to 1.0"),
        (Part("dirac_", {"groups": Expression("depth")}), "W003", "groups cannot be an expression"),
    ],
)
def test_an_expression_of_an_initializer_is_judged_as_one_of_a_layer(part: Part, code: str, says: str):
    network = deep(weight=part, bias=Part("constant_", {"val": Expression("depth * 2")}))
    (problem,) = graph_problems(network)
    assert (problem.code, problem.node) == (code, "one.fc")
    assert says in problem.message
    if problem.fix is not None:
        problem.fix.edit.apply(network)
        assert problem.code not in {left.code for left in graph_problems(network)}
        bias = network.graphs["Deep"].nodes["fc"].settings.init["bias"]
        assert bias.params == {"val": Expression("depth * 2")}


def test_the_fixes_of_other_settings_keep_expressions():
    network = deep(weight=Part("normal_", {"std": Expression("1 / depth")}))
    node = network.graphs["Deep"].nodes["fc"]
    node.settings = replace(node.settings, lr_scale=-1.0)
    (problem,) = graph_problems(network)
    problem.fix.edit.apply(network)
    assert graph_problems(network) == ()
    assert node.settings.init["weight"].params == {"std": Expression("1 / depth")}
