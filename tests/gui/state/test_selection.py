"""The selection: valid after every edit, and it follows renames and blocks."""

import pytest

from engine.graph.edits import (
    AddGraph,
    AddNode,
    AddWire,
    Batch,
    RemoveNode,
    RemoveWire,
    RenameGraph,
    RenameNode,
    SetPoints,
)
from engine.graph.model import End, Graph, Node, Wire

WIRE = Wire(End("conv1", "output"), End("bn1", "input"))


@pytest.fixture
def block(document):
    """A use `stem` of a block `Stem`, with a block `Inner` used in it as `core`."""
    inner = Graph({"x": Node("Input"), "act": Node("ReLU")})
    outer = Graph({"x": Node("Input"), "core": Node("Block", graph="Inner")})
    edits = (AddGraph("Inner", inner), AddGraph("Stem", outer), AddNode("Net", "stem", Node("Block", graph="Stem")))
    assert document.do(Batch("Make blocks", edits))
    return document


def test_only_nodes_of_the_graph_are_selected(selection, qtbot):
    with qtbot.waitSignal(selection.changed):
        selection.select(["conv1", "nobody"])
    assert selection.nodes == {"conv1"}
    assert selection.single == "conv1"


def test_selecting_the_same_again_emits_nothing(selection, qtbot):
    selection.select(["conv1"])
    with qtbot.assertNotEmitted(selection.changed):
        selection.select(["conv1"])


def test_add_and_toggle(selection):
    selection.select(["conv1"])
    selection.add(["bn1"])
    assert selection.nodes == {"conv1", "bn1"}
    selection.toggle(["bn1", "act1"])
    assert selection.nodes == {"conv1", "act1"}


def test_a_wire_and_nodes_are_not_selected_together(selection):
    selection.select(["conv1"])
    selection.select_wire(WIRE)
    assert (selection.nodes, selection.wire) == (frozenset(), WIRE)
    selection.select(["conv1"])
    assert selection.wire is None


def test_it_follows_a_rename_and_back(document, selection):
    selection.select(["conv1", "bn1"])
    document.do(Batch("Rename", (RenameNode("Net", "conv1", "first"),)))
    assert selection.nodes == {"first", "bn1"}
    document.history.undo()
    assert selection.nodes == {"conv1", "bn1"}


def test_it_drops_what_goes(document, selection):
    document.do(AddNode("Net", "extra", Node("ReLU")))
    selection.select(["extra", "conv1"])
    document.do(RemoveNode("Net", "extra"))
    assert selection.nodes == {"conv1"}


def test_a_wire_keeps_selected_while_it_is_rerouted_and_renamed(document, selection):
    selection.select_wire(WIRE)
    document.do(SetPoints("Net", WIRE.target, ((1.0, 2.0),)))
    assert selection.wire is not None
    assert selection.wire.points == ((1.0, 2.0),)
    document.do(RenameNode("Net", "bn1", "norm"))
    assert selection.wire is not None
    assert selection.wire.target == End("norm", "input")
    document.do(RemoveWire("Net", selection.wire))
    assert selection.wire is None


def test_diving_and_coming_up(block, selection, qtbot):
    with qtbot.waitSignals([selection.graph_changed, selection.changed]):
        assert selection.dive("stem")
    assert (selection.graph, selection.path) == ("Stem", ("stem",))
    assert selection.dive("core")
    assert selection.node_path("act") == "stem.core.act"
    selection.up()
    assert (selection.graph, selection.nodes) == ("Stem", {"core"})
    assert not selection.dive("x")


def test_renames_on_the_way_are_followed(block, selection):
    selection.open(("stem", "core"))
    block.do(RenameNode("Net", "stem", "trunk"))
    block.do(RenameNode("Stem", "core", "heart"))
    block.do(RenameGraph("Inner", "Within"))
    assert (selection.path, selection.graph) == (("trunk", "heart"), "Within")


def test_it_comes_up_when_the_shown_block_goes(block, selection):
    selection.open(("stem", "core"))
    selection.select(["act"])
    block.history.undo()
    assert (selection.graph, selection.path, selection.nodes) == ("Net", (), frozenset())


def test_a_problem_deep_inside_is_revealed(block, selection):
    assert selection.reveal("stem.core.act")
    assert (selection.graph, selection.nodes) == ("Inner", {"act"})
    assert selection.reveal("stem[2].core[1].act")
    assert (selection.path, selection.nodes) == (("stem", "core"), {"act"})
    assert not selection.reveal("stem.nothing.act")
    assert selection.reveal("conv1")
    assert selection.graph == "Net"


def test_another_project_starts_at_its_main_graph(block, selection):
    selection.open(("stem",))
    block.load(block.project)
    assert (selection.path, selection.nodes) == ((), frozenset())


def test_a_new_wire_does_not_change_the_selection(document, selection, qtbot):
    document.do(AddNode("Net", "extra", Node("ReLU")))
    selection.select(["extra"])
    with qtbot.assertNotEmitted(selection.changed):
        document.do(AddWire("Net", Wire(End("conv1", "output"), End("extra", "input"))))
