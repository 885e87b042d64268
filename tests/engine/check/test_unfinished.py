"""What is said of a graph while it is drawn: at the place that needs a wire, and nowhere else."""

import pytest

from engine.check.rules import structural
from engine.graph.edits import RemoveWire
from engine.graph.model import Node
from engine.project import file
from engine.project.templates import Template, templates
from tests.small_projects import classifier, graph


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
def test_a_missing_wire_is_a_problem_of_the_node_that_needs_it_alone(each: Template):
    drawn = file.parse(each.text(), each.name)
    for home, part in drawn.graphs.items():
        for wire in tuple(part.wires):
            back = RemoveWire(home, wire).apply(drawn)
            found = structural(drawn)
            assert {(problem.graph, problem.node.rpartition(".")[2]) for problem in found} <= {(home, wire.target.node)}
            back.apply(drawn)
    assert structural(drawn) == ()


def test_a_branch_that_reaches_nothing_is_one_problem_at_its_end_and_goes_as_one():
    drawn = classifier()
    nodes = drawn.graphs["Net"].nodes
    nodes |= {"one": Node("ReLU"), "two": Node("ReLU"), "shared": Node("ReLU"), "other": Node("ReLU")}
    added = graph({}, "image > shared", "shared > one", "one > two", "shared > other").wires
    drawn.graphs["Net"].wires += added

    found = {problem.node: problem for problem in structural(drawn)}

    assert {name: problem.code for name, problem in found.items()} == {"two": "G008", "other": "G008"}
    assert "and the node before it" in found["two"].message
    found["two"].fix.edit.apply(drawn)
    assert {problem.node for problem in structural(drawn)} == {"other"}
    assert "shared" in drawn.graphs["Net"].nodes
    structural(drawn)[0].fix.edit.apply(drawn)
    assert drawn == classifier()


def test_a_node_without_any_wire_is_marked_while_another_wire_is_missing():
    drawn = classifier()
    drawn.graphs["Net"].nodes["new"] = Node("Linear")
    lost = next(wire for wire in drawn.graphs["Net"].wires if wire.target.node == "loss")
    RemoveWire("Net", lost).apply(drawn)

    assert {problem.node for problem in structural(drawn)} == {"loss", "new"}
