"""Blocks in the analysis: each use, repetitions, borrowed weights, and blocks that are bypassed."""

import pytest

from engine.graph.model import End, Graph, Node, Project, Wire
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from tests.analyses import FIELDS, analysis_of, only, through
from tests.small_projects import classifier, graph, node, project

STEM = graph(
    {"x": "Input", "fc": node("Linear", out_features=4), "act": "ReLU", "y": "Output"}, "x > fc", "fc > act", "act > y"
)


def blocked(*uses: Node, field: str = "features", stem: Graph = STEM) -> Project:
    """A chain of uses of a block."""
    names = [f"b{place}" for place in range(1, len(uses) + 1)]
    wires = [f"{a} > {b}.x" for a, b in zip([f"{field}.output", *(f"{name}.y" for name in names)], names, strict=False)]
    nodes = {field: "Input", **dict(zip(names, uses, strict=True)), "out": "Output"}
    return project(nodes, *wires, f"{names[-1]}.y > out", blocks={"Stem": stem})


def test_a_block_is_analysed_at_each_use():
    analysis = analysis_of(blocked(Node("Block", graph="Stem"), Node("Block", graph="Stem")))
    assert analysis.problems == ()
    assert analysis.derived == {("b1", "fc"): {"in_features": 4}, ("b2", "fc"): {"in_features": 4}}
    assert analysis.nodes["b1"].outputs == {"y": ("N", 4)}
    assert analysis.nodes["b1"].parameters == analysis.nodes["b2.fc"].parameters == 20
    assert (analysis.parameters, analysis.macs) == (40, 32)


def test_repetitions_have_weights_of_their_own():
    analysis = analysis_of(blocked(Node("Block", graph="Stem", repeat=3)))
    assert analysis.problems == ()
    assert (analysis.nodes["b1.fc"].parameters, analysis.nodes["b1"].parameters, analysis.parameters) == (60, 60, 60)
    assert [analysis.nodes[name].times for name in ("features", "b1", "b1.fc")] == [1, 3, 3]


def test_repetitions_within_repetitions_are_counted():
    outer = graph(
        {"x": "Input", "deep": Node("Block", graph="Stem", repeat=2), "y": "Output"}, "x > deep.x", "deep.y > y"
    )
    example = blocked(Node("Block", graph="Outer", repeat=3))
    example.graphs["Outer"] = outer
    analysis = analysis_of(example)
    assert analysis.problems == ()
    assert [analysis.nodes[name].times for name in ("b1", "b1.deep", "b1.deep.fc")] == [3, 6, 6]
    assert analysis.nodes["b1.deep.fc"].parameters == analysis.parameters == 6 * 20


def test_borrowed_weights_count_once():
    analysis = analysis_of(blocked(Node("Block", graph="Stem"), Node("Block", graph="Stem", shares="b1")))
    assert analysis.problems == ()
    assert (analysis.parameters, analysis.macs, analysis.nodes["b2"].parameters) == (20, 32, 0)
    assert set(analysis.derived) == {("b1", "fc")}


def test_each_repetition_takes_what_the_one_before_gives():
    analysis = analysis_of(blocked(Node("Block", graph="Stem", repeat=3), field="series"))
    assert analysis.problems == ()
    assert [analysis.nodes[name].parameters for name in ("b1.fc", "b1[1].fc", "b1", "out")] == [28, 40, 68, 0]
    assert [analysis.nodes[name].times for name in ("b1.fc", "b1[1].fc", "b1")] == [1, 2, 1]
    sizes = {path[0]: values["in_features"] for path, values in analysis.derived.items()}
    assert sizes == {"b1": 6, "b1[1]": 4, "b1[2]": 4}
    assert analysis.parameters == 68


def test_a_repeated_block_can_take_what_it_gives():
    stem = graph({"x": "Input", "fc": node("Linear", in_features=6, out_features=4), "y": "Output"}, "x > fc", "fc > y")
    problem = only(blocked(Node("Block", graph="Stem", repeat=2), field="series", stem=stem))
    assert (problem.code, problem.node) == ("S011", "b1")
    assert "takes (N, 12, 6) and gives (N, 12, 4), which it cannot take: Linear wants 6 features" in problem.message


def test_a_problem_of_a_block_is_reported_once():
    stem = graph({"x": "Input", "conv": "Conv2d", "y": "Output"}, "x > conv", "conv > y")
    use = Node("Block", graph="Stem", repeat=2)
    assert only(blocked(use, use, stem=stem)).node == "b1.conv"


def test_a_problem_in_a_block_names_each_use():
    stem = graph({"x": "Input", "conv": "Conv2d", "y": "Output"}, "x > conv", "conv > y")
    problems = analysis_of(blocked(Node("Block", graph="Stem"), stem=stem)).problems
    assert [(each.code, each.node, each.graph) for each in problems] == [("S003", "b1.conv", "Stem")]


def test_borrowed_weights_must_fit():
    example = through("series", node("Linear", out_features=5), Node("Linear", shares="n1"))
    problem = only(example)
    assert (problem.code, problem.node) == ("S002", "n2")
    assert problem.message == "n2 uses the weights of n1, made for 6 features, but gets 5."


@pytest.mark.parametrize("on", ["conv1.input", "fc.input", "loss.input", "loss.target"])
@pytest.mark.parametrize("scores", [3, 10])
def test_a_bypassed_block_changes_nothing_that_is_found(on: str, scores: int):
    codes = []
    for is_there in (False, True):
        example = classifier()
        net = example.graphs["Net"]
        net.nodes["fc"].params["out_features"] = scores
        net.nodes.pop("flat")  # so that advice looks back through what leads to the loss
        net.wires = [each for each in net.wires if "flat" not in (each.source.node, each.target.node)]
        net.wires.append(Wire(End("pool1", "output"), End("fc", "input")))
        if is_there:
            example.graphs["Inner"] = graph({"x": "Input", "r": "ReLU", "y": "Output"}, "x > r", "r > y")
            net.nodes["block"] = Node("Block", graph="Inner", bypass=True)
            (cut,) = (each for each in net.wires if str(each.target) == on)
            net.wires.remove(cut)
            net.wires += [Wire(cut.source, End("block", "x")), Wire(End("block", "y"), cut.target)]
        problems = analyse(example, FIELDS).problems
        codes.append([(each.code, each.node, each.fix.label if each.fix else "") for each in problems])
    assert codes[0] == codes[1]
    assert codes[0]


def test_scores_that_come_through_a_bypassed_block_are_resized_where_they_are_made():
    nodes = {"x": "Input", "fc": node("Linear", out_features=3), "b": Node("Block", graph="Inner", bypass=True)}
    inner = graph({"x": "Input", "r": "ReLU", "y": "Output"}, "x > r", "r > y")
    wires = ("x > fc", "fc > b.x", "b.y > loss", "truth > loss.target")
    example = project({**nodes, "truth": "Input", "loss": "MSELoss"}, *wires, blocks={"Inner": inner})
    fields = {"x": FieldSpec((8,), "float32"), "truth": FieldSpec((1,), "float32")}
    (problem,) = analyse(example, fields).errors
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert example.graphs["Net"].nodes["fc"].params["out_features"] == 1
    assert not analyse(example, fields).errors
