import re
from pathlib import Path

import pytest
from hypothesis import given
from torch import nn

from engine.check.codes import CODES
from engine.codegen.model import generate
from engine.errors import EngineError
from engine.graph.model import Data, End, Graph, Node, Part, Project, Wire
from engine.graph.reserved import RESERVED_ATTRIBUTES
from engine.runtime.analysis.analyse import analyse, check_project
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.data.fields import FieldSpec
from tests.analyses import FIELDS, analysis_of, only, through
from tests.project_files import ROOT
from tests.small_projects import classifier, graph, node, project
from tests.strategies import projects

HERE = Path()


def test_shapes_parameters_and_sizes_of_a_network():
    analysis = analysis_of(classifier())
    assert analysis.problems == ()
    assert analysis.nodes["conv1"].outputs == {"output": ("N", 32, 8, 8)}
    assert analysis.nodes["flat"].outputs == {"output": ("N", 512)}
    assert analysis.nodes["label"].elements == {"output": "int"}
    assert analysis.derived == {("conv1",): {"in_channels": 1}, ("fc",): {"in_features": 512}}
    assert (analysis.parameters, analysis.macs) == (320 + 5130, 18432 + 5120)


def test_check_speaks_as_the_contract_says():
    answer = check_project(classifier(), HERE).as_json()
    assert set(answer) == {"ok", "problems", "nodes", "parameters", "data"}
    assert answer["nodes"]["conv1"] == {"outputs": {"output": ["N", 32, 8, 8]}, "parameters": 320, "macs": 18432}
    broken = classifier()
    broken.graphs["Net"].nodes["conv1"].params["out_channels"] = 0
    (problem,) = check_project(broken, HERE).as_json()["problems"]
    assert set(problem) == {"code", "severity", "node", "port", "message", "hint"}


def test_samples_that_are_joined_are_written_as_multiples():
    example = through("series", node("reshape", shape=(-1, 6)))
    assert analysis_of(example).nodes["n1"].outputs == {"output": ("N*12", 6)}


def test_there_is_one_problem_for_one_cause():
    example = through("features", node("Linear", in_features=9), "ReLU", "Linear", "Softmax")
    assert [problem.node for problem in analysis_of(example).problems] == ["n1"]


def test_an_illegal_value_hides_no_other_problem():
    example = through("features", node("Linear", out_features=-1), "ReLU")
    example.graphs["Net"].nodes |= {
        "other": node("Conv2d"),
        "z": Node("Output"),
        "features2": node("Input", field="features"),
    }
    example.graphs["Net"].wires += graph({}, "features2 > other", "other > z").wires
    assert {problem.code for problem in analysis_of(example).problems} == {"P002", "S003"}


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


def test_a_repeated_block_gives_what_it_takes():
    problem = only(blocked(Node("Block", graph="Stem", repeat=2), field="series"))
    assert (problem.code, problem.node) == ("S011", "b1")
    assert "takes (N, 12, 6) and gives (N, 12, 4)" in problem.message


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


def test_a_bypassed_node_passes_its_input_on():
    example = through("image", node("Conv2d", kernel_size=99), "Flatten")
    example.graphs["Net"].nodes["n1"].bypass = True
    analysis = analysis_of(example)
    assert analysis.problems == ()
    assert analysis.nodes["n1"].outputs == {"output": ("N", 1, 8, 8)}
    assert analysis.parameters == 0


def test_idle_nodes_have_shapes_but_do_not_count():
    example = classifier()
    example.graphs["Net"].nodes["idle"] = Node("Linear")
    example.graphs["Net"].wires += graph({}, "flat > idle").wires
    analysis = analysis_of(example)
    assert analysis.nodes["idle"].outputs == {"output": ("N", 64)}
    assert analysis.parameters == 5450


def test_what_did_not_change_is_not_computed_again():
    example, shapes = classifier(), LayerCache()
    analyse(example, FIELDS, shapes)
    tried = shapes.runs
    analyse(example, FIELDS, shapes)
    assert shapes.runs == tried
    example.graphs["Net"].nodes["conv1"].params["bias"] = False
    analyse(example, FIELDS, shapes)
    assert shapes.runs == tried + 1


def test_the_memory_of_shapes_is_bounded():
    shapes = LayerCache(size=2)
    analyse(classifier(), FIELDS, shapes)
    assert len(shapes._results) == 2


def test_unreadable_data_is_one_problem_and_the_graph_is_still_checked():
    example = classifier()
    example.data = Data("Csv", {"path": "nowhere.csv", "target": "y"})
    example.graphs["Net"].nodes["conv1"].params["bias"] = 3
    analysis = check_project(example, HERE)
    assert sorted(problem.code[0] for problem in analysis.problems) == ["D", "P"]


def test_a_transform_that_does_not_fit_leaves_the_shapes():
    example = classifier()
    example.data = Data(transforms=(Part("Normalize", {"field": "label"}),))
    analysis = check_project(example, HERE)
    assert [problem.code[0] for problem in analysis.problems] == ["D"]
    assert analysis.nodes["fc"].outputs == {"output": ("N", 10)}


def test_training_asks_for_a_loss():
    example = through("image", "Flatten")
    assert check_project(example, HERE).ok
    assert [problem.code for problem in check_project(example, HERE, training=True).problems] == ["T001"]


def test_what_the_network_is_made_without_keeps_nobody_from_training():
    example = classifier()
    example.graphs["Net"].nodes |= {
        "unwired": Node("Flatten"),
        "misfit": Node("Linear", {"in_features": 3, "out_features": 2}),
    }
    example.graphs["Net"].wires.append(Wire(End("image", "output"), End("misfit", "input")))

    analysis = check_project(example, HERE, training=True)

    assert analysis.ok
    assert {problem.node for problem in analysis.problems} == {"unwired", "misfit"}
    assert any(problem.code == "S002" and problem.node == "misfit" for problem in analysis.problems)


def test_a_wire_that_is_missing_before_the_loss_leaves_every_parameter_counted():
    whole, example = check_project(classifier(), HERE), classifier()
    graph = example.graphs["Net"]
    graph.wires = [wire for wire in graph.wires if wire.target != End("loss", "input")]

    analysis = check_project(example, HERE)

    assert analysis.parameters == whole.parameters > 0
    assert analysis.macs == whole.macs > 0


def test_a_network_that_computes_nothing_is_a_problem_not_a_fault():
    example = through("image", "Flatten")
    graph = example.graphs["Net"]
    graph.nodes = {"image": Node("Input"), "loss": Node("MSELoss")}
    graph.wires = [Wire(End("image", "output"), End("loss", port)) for port in ("input", "target")]

    assert [problem.code for problem in check_project(example, HERE, training=True).errors] == ["G020"]


def test_every_code_is_in_the_table():
    sources = [path.read_text() for path in (ROOT / "engine").rglob("*.py")]

    used = {code for text in sources for code in re.findall(r'(?:problem\(\s*|code ?= ?)"([GPSDTW]\d{3})"', text)}
    assert used - set(CODES) == set()
    assert {"D001", "G001"} <= used  # found when data is read, and in the graph


def test_names_of_modules_are_torchs():
    assert {name for name in dir(nn.Module()) if not name.startswith("_")} <= RESERVED_ATTRIBUTES


@given(projects())
def test_any_drawing_is_analysed_without_an_exception(example: Project):
    analysis = analyse(example, FIELDS)
    assert all(problem.code in CODES and "\n" not in problem.message for problem in analysis.problems)


@given(projects())
def test_what_passes_the_check_has_source(example: Project):
    analysis = analyse(example, FIELDS)
    if analysis.ok:
        try:
            generate(example, analysis.derived)
        except EngineError as wrong:
            pytest.fail(f"{wrong.code}: {wrong}")


@pytest.mark.parametrize("layers", [("ReLU",), ("Flatten", "Dropout")])
def test_losses_that_depend_on_nothing_that_learns_are_a_problem(layers: tuple[str, ...]):
    example = through("features", *layers, wires=("n1 > loss", "features > loss.target"), loss="MSELoss")
    example.data = Data("Iris")
    (problem,) = check_project(example, HERE).problems
    assert (problem.code, problem.node, problem.severity) == ("T010", "loss", "error")
    assert problem.hint


def test_one_loss_that_learns_is_enough():
    example = through(
        "features",
        node("Linear", out_features=4),
        wires=("n1 > one", "features > one.target", "features > other", "features > other.target"),
        one="MSELoss",
        other="MSELoss",
    )
    example.data = Data("Iris")
    assert check_project(example, HERE).problems == ()


def test_a_node_that_uses_the_weights_of_one_without_any_does_not_learn():
    example = through("features", "Dropout", wires=("n2 > loss", "features > loss.target"), n2=Node("Dropout"))
    nodes, wires = example.graphs["Net"].nodes, example.graphs["Net"].wires
    nodes |= {"n2": Node("Dropout", shares="n1"), "loss": Node("MSELoss")}
    wires += graph({}, "n1 > n2").wires
    example.data = Data("Iris")
    assert [problem.code for problem in check_project(example, HERE).problems] == ["T010"]


@pytest.mark.parametrize("repeat", [1, 2])
def test_a_node_that_uses_the_weights_of_a_block_learns(repeat: int):
    inside = graph({"x": "Input", "fc": node("Linear", out_features=4), "y": "Output"}, "x > fc", "fc > y")
    nodes = {
        "features": "Input",
        "one": Node("Block", graph="Body", repeat=repeat),
        "two": Node("Block", graph="Body", repeat=repeat, shares="one"),
        "y": "Output",
        "loss": "MSELoss",
    }
    wires = ("features > one.x", "one.y > y", "features > two.x", "two.y > loss", "features > loss.target")
    example = project(nodes, *wires, blocks={"Body": inside})
    example.data = Data("Iris")
    assert check_project(example, HERE).problems == ()


def test_whole_numbers_pass_no_gradient_on():
    example = through("features", node("Linear", out_features=4), "long", "float")
    nodes, wires = example.graphs["Net"].nodes, example.graphs["Net"].wires
    nodes["loss"] = Node("MSELoss")
    wires += graph({}, "n3 > loss", "features > loss.target").wires
    example.data = Data("Iris")
    assert [problem.code for problem in check_project(example, HERE).problems] == ["T010"]
