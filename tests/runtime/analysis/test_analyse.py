import re
from pathlib import Path

import pytest
from hypothesis import given
from torch import nn

from engine.check.codes import CODES
from engine.codegen.model import generate
from engine.errors import EngineError
from engine.graph.model import Data, End, Node, Part, Project, Wire
from engine.graph.reserved import RESERVED_ATTRIBUTES
from engine.runtime.analysis.analyse import analyse, check_project
from engine.runtime.analysis.layer_cache import LayerCache
from tests.analyses import FIELDS, analysis_of, through
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
    assert set(answer) == {"ok", "problems", "nodes", "parameters", "lengths", "data"}
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
def test_any_drawing_is_analysed_and_has_source_if_it_passes(example: Project):
    analysis = analyse(example, FIELDS)
    assert all(problem.code in CODES and "\n" not in problem.message for problem in analysis.problems)
    if analysis.ok:
        try:
            generate(example, analysis.derived)
        except EngineError as wrong:  # `check_project` reports losses that read inputs alone, as the test above says
            if wrong.code != "G020":
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
