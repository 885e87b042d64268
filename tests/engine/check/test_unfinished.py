"""The problems of an unfinished graph: at the node that needs a wire, and nowhere else."""

import pytest

from engine.check.rules import graph_problems
from engine.graph.edits import RemoveWire
from engine.graph.model import Node
from engine.graph.ports import ports
from engine.project import file
from engine.project.templates import Template, templates
from tests.small_projects import classifier, graph


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
def test_a_missing_wire_is_a_problem_of_the_node_that_needs_it_alone(each: Template):
    network = file.parse(each.text(), each.name)
    for home, part in network.graphs.items():
        for wire in tuple(part.wires):
            back = RemoveWire(home, wire).apply(network)
            problems = graph_problems(network)
            places = {(home, wire.target.node)}
            port = next(
                each for each in ports(network, part.nodes[wire.target.node]).inputs if each.name == wire.target.base
            )
            if port.optional or port.variadic:  # then the node before it reaches nothing
                places.add((home, wire.source.node))
            assert {(problem.graph, problem.node.rpartition(".")[2]) for problem in problems} <= places
            back.apply(network)
    assert graph_problems(network) == ()


def test_a_branch_that_reaches_nothing_is_one_problem_and_its_fix_removes_all_of_it():
    network = classifier()
    nodes = network.graphs["Net"].nodes
    nodes |= {"one": Node("ReLU"), "two": Node("ReLU"), "shared": Node("ReLU"), "other": Node("ReLU")}
    added = graph({}, "image > shared", "shared > one", "one > two", "shared > other").wires
    network.graphs["Net"].wires += added

    problems = {problem.node: problem for problem in graph_problems(network)}

    assert {name: problem.code for name, problem in problems.items()} == {"two": "G008", "other": "G008"}
    assert "and the node before it" in problems["two"].message
    problems["two"].fix.edit.apply(network)
    assert {problem.node for problem in graph_problems(network)} == {"other"}
    assert "shared" in network.graphs["Net"].nodes
    graph_problems(network)[0].fix.edit.apply(network)
    assert network == classifier()


def test_a_node_without_any_wire_is_marked_while_another_wire_is_missing():
    network = classifier()
    network.graphs["Net"].nodes["new"] = Node("Linear")
    lost = next(wire for wire in network.graphs["Net"].wires if wire.target.node == "loss")
    RemoveWire("Net", lost).apply(network)

    assert {problem.node for problem in graph_problems(network)} == {"loss", "new"}
