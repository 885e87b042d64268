"""Blocks with parameters in the analysis: each use with its own values, and one problem for each node."""

import pytest

from engine.catalog.expressions import parse
from engine.graph.block_params import BlockParam
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.layer_cache import LayerCache
from tests.small_projects import node, project
from tests.strategies.block_networks import FIELDS, block_graph, bypassed, mobile_network, residual_network, use, whole

CHANNELS = {"channels": whole(4), "kernel": whole(1), "wide": BlockParam("flag", False)}


def chain(*uses: Node, **conv: object) -> Project:
    """Uses of a block, one after another, of a convolution with these parameters."""
    stem = block_graph(CHANNELS, {"x": "Input", "conv": node("Conv2d", **conv), "y": "Output"}, "x > conv", "conv > y")
    names = [f"use{place}" for place in range(len(uses))]
    sources = ["image", *(f"{name}.y" for name in names)]
    wires = [f"{source} > {name}.x" for source, name in zip(sources, names, strict=False)]
    nodes = {"image": "Input", **dict(zip(names, uses, strict=True)), "out": "Output"}
    return project(nodes, *wires, f"{sources[-1]} > out", blocks={"Stem": stem})


def problem_of(example: Project) -> tuple[str, str | None, str]:
    (problem,) = analyse(example, FIELDS).errors
    return problem.code, problem.node, problem.message


WIDTH, SIZE = parse("channels"), parse("kernel")


def test_each_use_and_repetition_has_its_own_values():
    example = chain(use("Stem", channels=8), use("Stem", 3, channels="4 + index"), out_channels=WIDTH, kernel_size=SIZE)
    analysis = analyse(example, FIELDS)
    assert analysis.errors == ()
    outputs = {name: analysis.nodes[name].outputs["output"][1] for name in analysis.nodes if name.endswith(".conv")}
    assert outputs == {"use0.conv": 8, "use1.conv": 4, "use1[1].conv": 5, "use1[2].conv": 6}
    assert analysis.nodes["use1"].outputs["y"] == ("N", 6, 16, 16)
    assert analysis.nodes["use1"].parameters == (8 + 1) * 4 + (4 + 1) * 5 + (5 + 1) * 6


def test_equal_uses_are_run_once():
    cache = LayerCache()
    analyse(residual_network(((4, 1, 50),)), FIELDS, cache)
    many = cache.runs
    cache = LayerCache()
    analyse(residual_network(((4, 1, 3),)), FIELDS, cache)
    assert many == cache.runs


@pytest.mark.parametrize("example", [residual_network, mobile_network])
def test_bypass_by_expression_leaves_out_weights(example):
    nodes = analyse(example(), FIELDS).nodes
    left_out = [
        path for path, each in nodes.items() if path.endswith((".projection", ".expand")) and not each.parameters
    ]
    assert left_out
    assert all(not any(name.startswith(f"{path}.") for name in nodes) for path in left_out)


@pytest.mark.parametrize(
    ("second", "conv", "code", "words"),
    [
        (use("Stem", kernel=20), {}, "S007", "smaller than the window"),
        (use("Stem", channels="8 // (1 - 1)"), {}, "P006", "divides by zero"),
        (use("Stem", 2, channels="4 // (1 - index)"), {}, "P006", "use1: in repetition 2, channels: 4 // (1 - index)"),
        (use("Stem", 3, channels="1 - index"), {}, "P002", "use1: in repetition 2, channels = 1 - index must be >= 1"),
        (use("Stem", channels=5), {"groups": parse("channels // 2")}, "P003", "must be divisible by groups"),
        (
            use("Stem", wide=True),
            {"bias": parse("wide and kernel / 0 > 1")},
            "P006",
            "bias: kernel / 0 divides by zero",
        ),
        (use("Stem", kernel=2), {"stride": parse("kernel / 2")}, "P002", "stride = kernel / 2 must be a whole number"),
        (use("Stem"), {"stride": parse("size(x, 0)")}, "P009", "size(x, 0)"),
        (use("Stem"), {"stride": parse("size(x, 7)")}, "P006", "size(x, 7)"),
        (
            use("Stem", 2, channels=5),
            {"in_channels": 3},
            "S011",
            "takes (N, 3, 16, 16) and gives (N, 5, 16, 16)",
        ),
    ],
)
def test_a_problem_of_one_use_names_the_node_and_what_is_wrong(second: Node, conv: dict, code: str, words: str):
    params = {"out_channels": WIDTH, "kernel_size": SIZE, **conv}
    own_code, own_path, message = problem_of(chain(use("Stem", channels=3), second, **params))
    assert own_code == code
    assert own_path is not None
    assert own_path.split(".")[0] in ("use0", "use1")
    assert words in message


def test_a_value_that_decides_the_source_cannot_be_an_expression():
    part = node("slice", dim=parse("kernel"), end=parse("channels"))
    stem = block_graph(CHANNELS, {"x": "Input", "part": part, "y": "Output"}, "x > part", "part > y")
    nodes = {"image": "Input", "use": use("Stem"), "out": "Output"}
    example = project(nodes, "image > use.x", "use.y > out", blocks={"Stem": stem})
    code, path, message = problem_of(example)
    assert (code, path) == ("P006", "use.part")
    assert "dim decides" in message
    stem.nodes["part"].params["dim"] = 1
    assert analyse(example, FIELDS).nodes["use"].outputs["y"] == ("N", 3, 16, 16)


def test_a_bypass_of_one_use_must_have_a_value_to_pass_on():
    nodes = {"x": "Input", "both": bypassed("wide", "LSTM", hidden_size=3, batch_first=True), "y": "Output"}
    stem = block_graph(CHANNELS, nodes, "x > both", "both.h_n > y")
    uses = {"image": "Input", "one": use("Stem"), "two": use("Stem", wide=True), "out": "Output", "more": "Output"}
    example = project(uses, "image > one.x", "image > two.x", "one.y > out", "two.y > more", blocks={"Stem": stem})
    fields = {"image": FIELDS["image"].__class__((5, 3), "float32")}
    codes = [(each.code, each.node) for each in analyse(example, fields).errors]
    assert codes == [("G014", "two.both")]
