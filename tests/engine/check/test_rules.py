from dataclasses import replace

import pytest
from hypothesis import given

from engine.check.codes import CODES, page
from engine.check.rules import graph_problems, instant_problems, training_problems
from engine.graph.edits import EditError
from engine.graph.model import Data, End, Graph, Node, Project, Wire
from tests.engine.check.rule_problems import after_fix, only, problems_of
from tests.project_files import ROOT
from tests.small_projects import classifier, graph, node, project
from tests.strategies import projects


def rewired(network: Project, *wires: str) -> Project:
    """The project with more wires in its main graph."""
    network.graphs["Net"].wires += graph({}, *wires).wires
    return network


def test_the_page_of_problems_is_up_to_date():
    text = (ROOT / "docs" / "problems.md").read_text()
    assert text == page(), "run: python -m engine.check.codes > docs/problems.md"


def test_a_sound_network_has_no_problem():
    assert instant_problems(classifier()) == ()
    assert training_problems(classifier()) == ()


def test_the_nearest_kind_is_suggested_for_an_unknown_one():
    network = classifier()
    network.graphs["Net"].nodes["relu1"].kind = "Relu"
    problem = only(network, "G001")
    assert problem.node == "relu1"
    assert "Did you mean ReLU?" in problem.hint
    assert after_fix(network, problem) == ()


def test_a_wire_to_a_missing_node_is_cut():
    network = rewired(classifier(), "relu1 > nowhere")
    problem = only(network, "G002")
    assert problem.node == "relu1"
    assert "nowhere" in problem.message
    assert after_fix(network, problem) == ()


@pytest.mark.parametrize(
    ("wire", "node_name", "port", "nearest"),
    [("relu1.outptu > other", "relu1", "outptu", "output"), ("relu1 > other.inputs", "other", "inputs", "input")],
)
def test_a_wire_to_a_missing_port_names_the_ports_there_are(wire: str, node_name: str, port: str, nearest: str):
    network = classifier()
    network.graphs["Net"].nodes |= {"other": Node("ReLU"), "y": Node("Output")}
    rewired(network, wire, "other > y")
    problem = problems_of(network, "G003")[0]
    assert (problem.node, problem.port) == (node_name, port)
    assert problem.hint == f"Did you mean {nearest}?"


@pytest.mark.parametrize("port", ["tensors", "tensors[x]", "tensors[-1]", "tensors[01]"])
def test_a_variadic_port_takes_only_plain_indices(port: str):
    network = project({"a": "Input", "c": "cat", "y": "Output"}, "a > c.tensors[0]", f"a > c.{port}", "c > y")
    assert only(network, "G003").port == port


def test_two_wires_into_one_port_name_both_sources():
    network = rewired(classifier(), "relu1 > flat")
    problem = only(network, "G004")
    assert "pool1.output" in problem.message
    assert "relu1.output" in problem.message
    assert after_fix(network, problem) == ()


def test_a_missing_required_input_names_node_and_port():
    network = classifier()
    network.graphs["Net"].wires = [wire for wire in network.graphs["Net"].wires if wire.target != End("loss", "target")]
    problem = problems_of(network, "G005")[0]
    assert (problem.node, problem.port, problem.severity) == ("loss", "target", "error")
    assert problem.fix is not None
    assert problem.fix.label == "Wire label into it"
    assert after_fix(network, problem) == ()


@pytest.mark.parametrize(("kind", "loss", "field"), [
    ("Digits", "CrossEntropyLoss", "label"),
    ("Csv", "MSELoss", "target"),
    ("Digits", "MSELoss", None),
    ("Npz", "CrossEntropyLoss", None),
])  # fmt: skip
def test_a_fix_adds_the_target_where_the_data_declares_it(kind: str, loss: str, field: str | None):
    network = project({"x": node("Input", field="image"), "fc": "Linear", "loss": loss}, "x > fc", "fc > loss.input")
    network.data = Data(kind, {"path": "a", "target": "b"} if kind in ("Csv", "Npz") else {})
    problem = only(network, "G005")
    if field is None:
        assert problem.fix is None
        return
    assert problem.fix is not None
    assert problem.fix.label == f"Add the input {field}"
    assert "G005" not in after_fix(network, problem)
    assert network.graphs["Net"].nodes[field].params == {"field": field}
    assert Wire(End(field, "output"), End("loss", "target")) in network.graphs["Net"].wires


def test_a_cycle_names_the_nodes_along_it():
    network = project(
        {"x": "Input", "a": "add", "b": "ReLU", "c": "Tanh", "y": "Output"},
        "x > a", "c > a.other", "a > b", "b > c", "c > y",
    )  # fmt: skip
    problem = only(network, "G006")
    names = problem.message.split(": ")[1].rstrip(".").split(" -> ")
    assert names[0] == names[-1]
    assert set(names) == {"a", "b", "c"}
    assert "G006" not in after_fix(network, problem)


def test_a_gap_in_a_variadic_port_is_closed():
    network = project({"x": "Input", "c": "cat", "y": "Output"}, "x > c.tensors[1]", "x > c.tensors[3]", "c > y")
    problem = only(network, "G007")
    assert problem.port == "tensors[0]"
    assert after_fix(network, problem) == ()
    assert [wire.target.port for wire in network.graphs["Net"].into("c")] == ["tensors[0]", "tensors[1]"]


def test_an_idle_node_is_a_warning_even_when_nothing_is_wired_into_it():
    network = classifier()
    network.graphs["Net"].nodes["idle"] = Node("Linear")
    problem = only(network, "G008")
    assert (problem.node, problem.severity) == ("idle", "warning")
    assert after_fix(network, problem) == ()
    assert "idle" not in network.graphs["Net"].nodes


def test_a_graph_without_an_end_is_one_problem_not_one_a_node():
    network = project({"x": "Input", "a": "ReLU"}, "x > a")
    assert only(network, "G020").node is None


@pytest.mark.parametrize("name", ["loss", "logits", "image"])
def test_what_cannot_pass_its_input_on_cannot_be_bypassed(name: str):
    network = classifier()
    network.graphs["Net"].nodes[name].bypass = True
    problem = only(network, "G014")
    assert problem.node == name
    assert after_fix(network, problem) == ()


def test_a_bypassed_node_has_only_its_first_output():
    network = project({"x": "Input", "l": Node("LSTM", bypass=True), "y": "Output"}, "x > l", "l.h_n > y")
    assert "no h_n" in only(network, "G014").message


@pytest.mark.parametrize("name", ["2nd", "a b", "class", "naïve", "x;import os", ""])
def test_a_node_is_named_by_an_identifier(name: str):
    network = classifier()
    network.graphs["Net"].nodes[name] = Node("ReLU")
    assert problems_of(network, "G015")[0].node == name


@pytest.mark.parametrize("name", ["forward", "train", "parameters", "_modules", "type"])
def test_a_layer_cannot_hide_what_a_module_has(name: str):
    network = classifier()
    nodes = network.graphs["Net"].nodes
    nodes[name] = Node("Linear")
    problem = problems_of(network, "G016")[0]
    assert problem.node == name
    assert problem.fix is not None
    problem.fix.edit.apply(network)
    assert "G016" not in {left.code for left in graph_problems(network)}


def test_a_loss_cannot_be_called_total():
    network = classifier()
    network.graphs["Net"].nodes["total"] = Node("MSELoss")
    rewired(network, "fc > total", "fc > total.target")
    assert only(network, "G016").node == "total"


def test_custom_code_is_refused():
    network = project({"x": "Input", "c": node("Custom", code="import os"), "y": "Output"}, "x > c", "c > y")
    assert only(network, "G017").node == "c"


def test_a_state_of_two_parts_is_wired_whole():
    network = project({"x": "Input", "h": "Input", "l": "LSTM", "y": "Output"}, "x > l", "h > l.h_0", "l > y")
    problem = only(network, "G018")
    assert (problem.node, problem.port) == ("l", "c_0")
    assert graph_problems(rewired(network, "h > l.c_0")) == ()


def test_a_missing_main_graph_is_reported():
    assert problems_of(Project("p", "Nett", {"Net": Graph()}), "G019")[0].hint == "Did you mean Net?"


def test_the_nearest_parameter_is_suggested_for_an_unknown_one():
    network = classifier()
    network.graphs["Net"].nodes["conv1"].params["out_chanels"] = 3
    problem = only(network, "P001")
    assert (problem.node, problem.hint) == ("conv1", "Did you mean out_channels?")
    assert after_fix(network, problem) == ()


def test_an_illegal_value_is_reported_with_its_number():
    network = classifier()
    network.graphs["Net"].nodes["conv1"].params["out_channels"] = -4
    problem = only(network, "P002")
    assert "-4" in problem.message
    assert problem.node == "conv1"
    assert after_fix(network, problem) == ()


def test_training_needs_a_loss_and_a_check_does_not():
    network = project({"image": "Input", "y": "Output"}, "image > y")
    assert instant_problems(network) == ()
    assert [problem.code for problem in training_problems(network)] == ["T001"]


@given(projects(4) | projects(3, odd=True))
def test_rules_work_for_any_project(network: Project):
    for problem in instant_problems(network):
        assert problem.code in CODES
        assert problem.message.endswith((".", "?")), problem.message
        assert "\n" not in problem.message


@given(projects(4) | projects(3, odd=True))
def test_a_fix_is_an_edit_that_fits(network: Project):
    for problem in instant_problems(network):
        if problem.fix:
            copy = replace(network, graphs={name: _copied(each) for name, each in network.graphs.items()})
            try:
                problem.fix.edit.apply(copy)
            except EditError as wrong:
                pytest.fail(f"{problem}: {wrong}")
            assert problem not in instant_problems(copy)


def _copied(each: Graph) -> Graph:
    nodes = {name: replace(node, params=dict(node.params)) for name, node in each.nodes.items()}
    return replace(each, nodes=nodes, wires=list(each.wires))


def test_wires_are_checked_in_the_order_in_which_they_were_added():
    network = classifier()
    network.graphs["Net"].wires.append(Wire(End("image", "output"), End("conv1", "input")))
    assert "image.output and image.output" in only(network, "G004").message
