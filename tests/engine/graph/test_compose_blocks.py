"""Blocks made of a selection, and unpacked again: the meaning stays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.graph.algorithms import order
from engine.graph.compose import (
    NoBlockError,
    added_names,
    block_members,
    make_block,
    make_independent,
    set_repeat,
    unpack,
)
from engine.graph.edits import AddGraph, EditError, RenameNode
from engine.graph.loops import LoopSettings
from engine.graph.model import End, Node, Project, Wire
from engine.project.file import dump
from tests.gestures import chain, done, stem_project, wires
from tests.meaning import meaning
from tests.small_projects import graph, project
from tests.strategies import GraphBuilder, projects


@given(st.data(), projects(7))
def test_making_a_block_and_unpacking_it_keep_the_meaning(data, project) -> None:
    graph = data.draw(st.sampled_from(list(project.graphs)))
    names = [n for n, node in project.graphs[graph].nodes.items() if node.kind not in ("Input", "Output")]
    assume(names)
    topological = [name for name in order(project.graphs[graph]) if name in names]
    start = data.draw(st.integers(0, len(topological) - 1))
    selection = topological[start : start + data.draw(st.integers(1, 5))]
    before = meaning(project)
    try:
        gesture = make_block(project, graph, selection, "Part")
    except EditError:
        return
    packed = done(project, gesture)
    assert meaning(packed) == before

    use = added_names(gesture)[0]
    assert packed.graphs[graph].nodes[use].graph in packed.graphs
    unpacked = done(packed, unpack(packed, graph, use))
    assert meaning(unpacked) == before


@given(st.data(), projects(6))
def test_unpacking_any_use_keeps_the_meaning(data, project) -> None:
    uses = [each for graph in project.graphs for each in project.uses(graph)]
    uses = [(owner, use) for owner, use in uses if project.graphs[owner].nodes[use].kind == "Block"]
    assume(uses)
    owner, use = data.draw(st.sampled_from(uses))
    after = done(project, unpack(project, owner, use))
    assert meaning(after) == meaning(project)


def test_a_block_gets_its_ports_from_the_wires_that_cross_its_border() -> None:
    project = chain("Conv2d", "ReLU", "Flatten", "Linear")
    after = done(project, make_block(project, "Net", ["relu", "flatten"], "Head"))
    assert wires(after) == ["image.output conv.input", "conv.output head.x", "head.y linear.input"]
    assert list(after.graphs["Net"].nodes) == ["image", "conv", "head", "linear"]
    assert wires(after, "Head") == ["x.output relu.input", "relu.output flatten.input", "flatten.output y.input"]


def test_one_outer_source_is_one_input_and_one_inner_source_one_output() -> None:
    project = Project()
    builder = GraphBuilder(project, "Net")
    a, b = builder.add("Input", name="a"), builder.add("Input", name="b")
    total, product = builder.add("add", a, b, name="add"), builder.add("mul", a, b, name="mul")
    builder.add("Output", total, name="first")
    builder.add("Output", total, name="second")
    builder.add("Output", product, name="third")

    after = done(project, make_block(project, "Net", ["add", "mul"]))
    block = after.graphs["Block"]
    assert list(block.nodes) == ["a", "b", "add", "mul", "add_out", "mul_out"]
    assert wires(after) == [
        "a.output block.a",
        "b.output block.b",
        "block.add_out first.input",
        "block.add_out second.input",
        "block.mul_out third.input",
    ]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (["conv", "flatten"], "relu is between"),
        (["image", "conv"], r"image \(Input\) belongs"),
        (["mse"], r"mse \(MSELoss\) belongs"),
        (["nobody"], "no node named nobody"),
        ([], "no node is selected"),
        (["relu"], "is not a name"),
    ],
)
def test_a_selection_that_cannot_be_a_block_is_refused_with_the_reason(selection, message) -> None:
    project = chain("Conv2d", "ReLU", "Flatten", "MSELoss")
    with pytest.raises(EditError, match=message):
        make_block(project, "Net", selection, "not a name" if selection == ["relu"] else "Part")


def test_a_refused_selection_comes_with_one_that_is_not() -> None:
    project = chain("Conv2d", "ReLU", "Flatten", "MSELoss")
    with pytest.raises(NoBlockError) as refusal:
        make_block(project, "Net", ["image", "conv", "flatten", "mse"])
    assert refusal.value.remedy == "Leave image and mse out, take relu along"
    assert refusal.value.members == {"conv", "relu", "flatten"}
    with pytest.raises(NoBlockError) as refusal:
        make_block(project, "Net", ["image"])
    assert (refusal.value.remedy, refusal.value.members) == ("", frozenset())


@given(st.data(), projects(7))
def test_the_selection_that_is_offered_becomes_a_block(data, project) -> None:
    graph = data.draw(st.sampled_from(list(project.graphs)))
    selection = data.draw(st.lists(st.sampled_from(list(project.graphs[graph].nodes)), min_size=1, unique=True))
    members = block_members(project, graph, selection)
    if members:
        done(project, make_block(project, graph, members))
        assert block_members(project, graph, members) == members


def test_shared_weights_do_not_cross_a_border() -> None:
    project = chain("Linear", "ReLU")
    project.graphs["Net"].nodes["twin"] = Node("Linear", shares="linear")
    with pytest.raises(NoBlockError, match="take both or neither") as refusal:
        make_block(project, "Net", ["twin"])
    assert refusal.value.members == {"linear", "twin"}


def test_ports_are_named_after_the_values() -> None:
    project = Project()
    builder = GraphBuilder(project, "Net")
    series = builder.add("Input", name="series")
    lstm = builder.add("LSTM", series, name="lstm")
    builder.add("Output", lstm, name="out")
    for name in ("h_n", "c_n"):
        builder.graph.nodes[name] = Node("Output")
        builder.graph.wires.append(Wire(End("lstm", name), End(name, "input")))
    block = done(project, make_block(project, "Net", ["lstm"])).graphs["Block"]
    assert list(block.of_kind("Input")) == ["x"]
    assert list(block.of_kind("Output")) == ["lstm_output", "lstm_h_n", "lstm_c_n"]
    assert len({node.pos for node in block.nodes.values()}) == len(block.nodes)


def test_what_lacks_a_wire_becomes_a_port_of_a_block_that_would_have_none() -> None:
    project = chain("Conv2d", "ReLU")
    project.graphs["Net"].wires.pop(0)
    after = done(project, make_block(project, "Net", ["conv", "relu"]))
    assert wires(after, "Block") == ["conv.output relu.input", "x.output conv.input", "relu.output y.input"]


def test_one_use_made_independent_leaves_the_others_as_they_are() -> None:
    project = stem_project()
    builder = GraphBuilder(project, "Net")
    builder.add("Block", End("image", "output"), node=Node("Block", graph="Stem"), name="twin")
    after = done(project, make_independent(project, "Net", "twin"))
    nodes = after.graphs["Net"].nodes
    assert (nodes["stem"].graph, nodes["twin"].graph) == ("Stem", "Stem2")
    assert after.graphs["Stem2"] == after.graphs["Stem"]
    assert after.graphs["Stem2"] is not after.graphs["Stem"]
    assert list(after.graphs) == ["Net", "Stem", "Stem2"]
    with pytest.raises(EditError, match="only use"):
        make_independent(after, "Net", "twin")
    with pytest.raises(EditError, match="not the use"):
        make_independent(after, "Net", "image")


def test_a_repeated_block_unpacks_to_its_repetitions_in_a_row() -> None:
    project = stem_project(repeat=3)
    after = done(project, unpack(project, "Net", "stem"))
    assert list(after.graphs["Net"].nodes) == ["image", "relu", "relu2", "relu3", "out"]
    assert sorted(wires(after)) == [
        "image.output relu.input",
        "relu.output relu2.input",
        "relu2.output relu3.input",
        "relu3.output out.input",
    ]
    assert meaning(after) == meaning(project)


def test_repeats_are_set_on_blocks_only() -> None:
    project = stem_project()
    assert done(project, set_repeat(project, "Net", "stem", 4)).graphs["Net"].nodes["stem"].repeat == 4
    with pytest.raises(EditError, match="not a block"):
        set_repeat(project, "Net", "image", 4)
    with pytest.raises(EditError, match="0 times"):
        set_repeat(project, "Net", "stem", 0)


def test_a_taken_block_name_gets_a_number() -> None:
    project = chain("ReLU")
    AddGraph("Part").apply(project)
    gesture = make_block(project, "Net", ["relu"], "Part")
    assert "Part2" in done(project, gesture).graphs


def test_weights_shared_inside_a_block_are_shared_by_the_copies_of_each_use() -> None:
    project = stem_project(repeat=2)
    inner = project.graphs["Stem"]
    inner.nodes["relu"] = Node("Linear")
    inner.nodes["twin"] = Node("Linear", shares="relu")
    after = done(project, unpack(project, "Net", "stem"))
    nodes = after.graphs["Net"].nodes
    assert {name: node.shares for name, node in nodes.items() if node.shares} == {"twin": "relu", "twin2": "relu2"}


def test_a_loop_follows_renamed_ports_and_is_not_unpacked_or_repeated() -> None:
    step = graph({"x": "Input", "fc": "Linear", "y": "Output"}, "x > fc", "fc > y")
    example = project({"x": "Input", "loop": Node("Loop", graph="Step")}, "x > loop.x", blocks={"Step": step})
    loop = example.graphs["Net"].nodes["loop"]
    loop.loop = LoopSettings(over=(("x", 1),), collect=("y",))
    before = dump(example)

    undo = [RenameNode("Step", "x", "token").apply(example), RenameNode("Step", "y", "answer").apply(example)]

    assert loop.loop == LoopSettings(over=(("token", 1),), collect=("answer",))
    assert [str(wire.target) for wire in example.graphs["Net"].wires] == ["loop.token"]
    for edit in reversed(undo):
        edit.apply(example)
    assert dump(example) == before
    with pytest.raises(EditError, match="cannot be unpacked"):
        unpack(example, "Net", "loop")
    with pytest.raises(EditError, match="cannot be repeated"):
        set_repeat(example, "Net", "loop", 2)
