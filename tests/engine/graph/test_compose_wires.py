"""Gestures that remove nodes and add wires."""

import pytest

from engine.graph.compose import (
    connect,
    heal,
    insert,
    new_node,
    remove,
    remove_block,
    replug,
)
from engine.graph.edits import EditError
from engine.graph.model import End, Node, Project, Wire
from tests.gestures import chain, done, stem_project, wires
from tests.strategies import GraphBuilder


def test_removing_closes_the_gap_in_a_variadic_port() -> None:
    project = Project()
    builder = GraphBuilder(project, "Net")
    image = builder.add("Input", name="image")
    arms = [builder.add("ReLU", image, name=f"relu{n}") for n in range(3)]
    builder.add("cat", *arms, name="cat")

    after = done(project, remove(project, "Net", ["relu1"]))

    assert wires(after)[-2:] == ["relu0.output cat.tensors[0]", "relu2.output cat.tensors[1]"]


def test_healing_reconnects_a_chain_and_removing_does_not() -> None:
    project = chain("Conv2d", "BatchNorm2d", "ReLU", "Flatten")
    assert wires(done(project, heal(project, "Net", ["batch_norm", "relu"]))) == [
        "image.output conv.input",
        "conv.output flatten.input",
    ]
    assert wires(done(project, remove(project, "Net", ["batch_norm", "relu"]))) == ["image.output conv.input"]


def test_healing_does_not_join_ports_of_different_elements() -> None:
    project = chain("Embedding", "Linear", "long", "Embedding")
    after = done(project, heal(project, "Net", ["long"]))  # Linear gives reals, Embedding takes whole numbers
    assert wires(after) == ["image.output embedding.input", "embedding.output linear.input"]


def test_when_the_owner_of_weights_is_removed_the_first_sharer_owns_them() -> None:
    project = chain("Linear", "ReLU")
    nodes = project.graphs["Net"].nodes
    nodes["linear"].params = {"out_features": 7, "bias": False}
    nodes["second"] = Node("Linear", shares="linear")
    nodes["third"] = Node("Linear", shares="linear")

    after = done(project, remove(project, "Net", ["linear"])).graphs["Net"].nodes

    assert after["second"] == Node("Linear", {"out_features": 7, "bias": False})
    assert after["third"].shares == "second"


def test_removing_a_block_port_cuts_the_wires_of_its_uses() -> None:
    project = stem_project()
    after = done(project, remove(project, "Stem", ["x"]))
    assert wires(after) == ["stem.y out.input"]


def test_a_block_in_use_is_not_removed() -> None:
    project = stem_project()
    with pytest.raises(EditError, match="stem in Net"):
        remove_block(project, "Stem")
    project = done(project, remove(project, "Net", ["stem"]))
    assert "Stem" not in done(project, remove_block(project, "Stem")).graphs


def test_connecting_replaces_the_wire_that_is_there_and_counts_variadic_ports_on() -> None:
    project = chain("ReLU", "Tanh", "cat")
    after = done(project, connect(project, "Net", End("image", "output"), End("tanh", "input")))
    assert wires(after)[1] == "image.output tanh.input"
    after = done(project, connect(project, "Net", End("image", "output"), End("cat", "tensors")))
    assert wires(after)[-1] == "image.output cat.tensors[1]"


def test_a_cycle_and_unknown_ports_are_refused() -> None:
    project = chain("ReLU", "Tanh")
    with pytest.raises(EditError, match="cycle"):
        connect(project, "Net", End("tanh", "output"), End("relu", "input"))
    with pytest.raises(EditError, match="cycle"):
        connect(project, "Net", End("tanh", "output"), End("tanh", "input"))
    with pytest.raises(EditError, match="tanh has no input nose"):
        connect(project, "Net", End("relu", "output"), End("tanh", "nose"))
    with pytest.raises(EditError, match="relu has no output nose"):
        connect(project, "Net", End("relu", "nose"), End("tanh", "input"))


def test_a_wire_is_picked_up_at_either_end() -> None:
    project = chain("ReLU", "Tanh", "add")
    wire = project.graphs["Net"].wires[2]
    after = done(project, replug(project, "Net", wire, target=End("add", "other")))
    assert wires(after)[2] == "tanh.output add.other"
    after = done(project, replug(project, "Net", wire, source=End("relu", "output")))
    assert wires(after)[2] == "relu.output add.input"


def test_a_node_dropped_on_a_wire_is_inserted_at_its_place() -> None:
    project = chain("Conv2d", "Flatten")
    wire = Wire(End("conv", "output"), End("flatten", "input"), ((50.0, 0.0), (150.0, 0.0)))
    project.graphs["Net"].wires[1] = wire
    after = done(project, insert(project, "Net", wire, "relu", new_node("ReLU", (100.0, 0.0))))
    assert wires(after) == ["image.output conv.input", "conv.output relu.input", "relu.output flatten.input"]
    assert [each.points for each in after.graphs["Net"].wires[1:]] == [((50.0, 0.0),), ((150.0, 0.0),)]

    with pytest.raises(EditError, match="no free input"):
        insert(project, "Net", wire, "embedding", new_node("Embedding"))  # takes whole numbers only
