"""A block at one use: its values, and its graph without expressions."""

import pytest

from engine.catalog.expressions import Expression, parse
from engine.catalog.params import Choice, Flag, Float, Int, Sizes
from engine.graph.block_params import BlockParam, block_params
from engine.graph.model import Graph, Node
from engine.graph.resolved import resolved, use_values

BLOCK = Graph(
    {
        "x": Node("Input"),
        "conv": Node("Conv2d", {"out_channels": parse("channels * 2"), "groups": parse("size(x, 1)"), "stride": 1}),
        "relu": Node("ReLU", bypass=parse("stride == 1")),
        "inner": Node("Block", {"channels": parse("channels if index == 0 else channels * 2")}, graph="In", repeat=3),
        "y": Node("Output"),
    },
    params={"channels": BlockParam("int", 64, min=1), "stride": BlockParam("int", 1, 1, 2)},
)


def test_every_expression_is_replaced_by_its_value() -> None:
    graph = resolved(BLOCK, {"channels": 8, "stride": 1}, {("x", 1): 4})
    assert graph.nodes["conv"].params == {"out_channels": 16, "groups": 4, "stride": 1}
    assert graph.nodes["relu"].bypass is True
    assert not BLOCK.nodes["relu"].is_bypassed
    assert graph.nodes["y"] is BLOCK.nodes["y"]
    assert graph.params is BLOCK.params
    assert [use_values(BLOCK, graph.nodes["inner"], index)["channels"] for index in range(3)] == [8, 16, 16]


def test_a_graph_without_expressions_is_itself() -> None:
    plain = Graph({"x": Node("Input"), "relu": Node("ReLU", {"inplace": True}, bypass=True)})
    assert resolved(plain, {}) is plain


def test_an_expression_without_a_value_stays() -> None:
    graph = resolved(BLOCK, {"channels": 8})
    assert graph.nodes["conv"].params == {"out_channels": 16, "groups": parse("size(x, 1)"), "stride": 1}
    assert graph.nodes["relu"].bypass == parse("stride == 1")
    assert resolved(Graph({"a": Node("ReLU", bypass=parse("1 + 1"))}), {}).nodes["a"].bypass == parse("1 + 1")
    assert resolved(Graph({"a": Node("ReLU", {"p": Expression("a +")})}), {}).nodes["a"].params["p"].text == "a +"


def test_a_use_has_its_values_and_the_defaults_of_the_others() -> None:
    assert use_values(BLOCK, Node("Block", {"stride": 2, "zorp": 1})) == {"channels": 64, "stride": 2}
    assert use_values(BLOCK, Node("Block", {"stride": parse("repeat - index")}, repeat=2), 1)["stride"] == 1
    assert use_values(BLOCK, Node("Block", {"stride": parse("index")})) == {"channels": 64}


@pytest.mark.parametrize(
    ("param", "declared"),
    [
        (BlockParam("int", 64, 1, 9, help="Width."), Int("p", 64, min=1, max=9, help="Width.")),
        (BlockParam("float", 0.5, 0, 1), Float("p", 0.5, min=0, max=1)),
        (BlockParam("flag", True), Flag("p", True)),
        (BlockParam("choice", "a", options=("a", "b")), Choice("p", "a", options=("a", "b"))),
        (BlockParam("tuple", (3, 3), 1), Sizes("p", (3, 3), min=1, single=False)),
    ],
)
def test_a_parameter_is_declared_as_one_of_a_layer(param, declared) -> None:
    assert block_params(Graph(params={"p": param})) == (declared,)
    assert block_params(Graph(params={"p": param})) is block_params(Graph(params={"p": param}))
