"""The laws of edits: undo restores exactly, a failure changes nothing, a gesture equals its steps."""

import re
from copy import deepcopy
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.expressions import parse
from engine.graph.block_params import BlockParam
from engine.graph.edits import (
    AddBlockParam,
    AddGraph,
    AddNode,
    AddWire,
    Batch,
    Edit,
    EditError,
    MoveBlockParam,
    MoveNodes,
    RemoveBlockParam,
    RemoveGraph,
    RemoveNode,
    RemoveWire,
    RenameBlockParam,
    RenameGraph,
    RenameNode,
    SetBlockParam,
    SetData,
    SetFrames,
    SetGeneration,
    SetLoop,
    SetNode,
    SetNotes,
    SetParam,
    SetPoints,
    SetProject,
    SetTraining,
    SetWeights,
)
from engine.graph.loops import LoopSettings
from engine.graph.model import UNSET, Data, End, Frame, Graph, Node, Note, Part, Project, Published, Training, Wire
from engine.graph.weights import Follows, WeightSettings
from tests.gestures import exactly, small
from tests.strategies import edits, projects


@given(st.data(), projects(4) | projects(3, odd=True))
def test_undo_and_redo_restore_exactly_after_any_edits(data, project) -> None:
    play_forth_and_back(data, project, 8)


@given(st.data())
def test_undo_and_redo_restore_exactly_after_many_edits_of_a_small_project(data) -> None:
    play_forth_and_back(data, small(), 10)


def play_forth_and_back(data, project: Project, steps: int) -> None:
    states, inverses = [exactly(project)], []
    for _ in range(data.draw(st.integers(steps // 2, steps))):
        edit = data.draw(edits(project))
        try:
            inverses.append(edit.apply(project))
        except EditError:
            assert exactly(project) == states[-1]  # a failing edit changes nothing
        else:
            states.append(exactly(project))

    redos = []
    for inverse, state in zip(reversed(inverses), reversed(states[:-1]), strict=True):
        redos.append(inverse.apply(project))
        assert exactly(project) == state
    for redo, state in zip(reversed(redos), states[1:], strict=True):
        again = redo.apply(project)
        assert exactly(project) == state
        again.apply(project)
        redo.apply(project)
    assert exactly(project) == states[-1]


IMAGE_CONV = Wire(End("image", "output"), End("conv1", "input"))
EVERY_EDIT = [
    AddNode("Net", "new", Node("ReLU"), 1),
    AddNode("Net", "new", Node("ReLU")),
    RemoveNode("Net", "spare"),
    RenameNode("Net", "conv1", "first"),
    RenameNode("Stem", "x", "inlet"),
    RenameNode("Stem", "y", "outlet"),
    SetParam("Net", "conv1", "out_channels", UNSET),  # the first of two
    SetParam("Net", "conv1", "out_channels", 9),
    SetParam("Net", "conv1", "bias", False, index=1),
    SetParam("Net", "conv1", "kernel_size", 5, index=0),
    SetNode("Net", "conv1", "kind", "Conv1d"),
    SetNode("Net", "stem", "repeat", 3),
    SetNode("Stem", "relu", "bypass", parse("depth > 1")),
    SetParam("Net", "stem", "depth", parse("index + 1")),
    SetNode("Net", "conv2", "shares", None),
    SetLoop("Unused", "loop", LoopSettings(over=(("x", 1),), collect=("y",))),
    SetWeights("Net", "conv1", WeightSettings(frozen=True, follows=Follows("conv2", 0.5))),
    MoveNodes("Net", {"out": (1.0, 2.0), "image": (3.0, 4.0)}),
    AddWire("Net", Wire(End("image", "output"), End("spare", "input")), 1),
    RemoveWire("Net", IMAGE_CONV),
    SetPoints("Net", End("conv1", "input"), ((1.0, 2.0),)),
    AddGraph("Part", Graph({"a": Node("ReLU")}), 0),
    RemoveGraph("Unused"),
    RenameGraph("Stem", "Trunk"),
    RenameGraph("Net", "Model"),
    AddBlockParam("Stem", "new", BlockParam("int", 3), 0),
    RemoveBlockParam("Stem", "depth"),
    SetBlockParam("Stem", "depth", BlockParam("float", 0.5)),
    MoveBlockParam("Stem", "depth", 0),
    RenameBlockParam("Stem", "depth", "layers"),
    SetFrames("Net", (Frame("f", (0.0, 0.0, 1.0, 1.0)),)),
    SetNotes("Net", (Note("n", (0.0, 0.0, 1.0, 1.0)),)),
    SetData(Data("Iris")),
    SetTraining(Training(epochs=3)),
    SetGeneration(Part("FromNoise", {"output": "out"})),
    SetProject("name", "other"),
    SetProject("main", "Stem"),
    Batch("a wire and the node it lets go", (RemoveWire("Net", IMAGE_CONV), RemoveNode("Net", "image"))),
    Batch("one after another", (SetProject("name", "a"), SetProject("name", "b"), SetProject("name", "c"))),
]


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=lambda edit: f"{type(edit).__name__}: {edit.label}")
def test_every_edit_changes_the_project_and_undoes_exactly(edit) -> None:
    project = small()
    before = exactly(project)
    undo = edit.apply(project)
    after = exactly(project)
    assert after != before
    redo = undo.apply(project)
    assert exactly(project) == before
    redo.apply(project)
    assert exactly(project) == after


def test_every_kind_of_edit_is_tried() -> None:
    assert {type(edit) for edit in EVERY_EDIT} == set(get_args(Edit))


def test_a_second_wire_into_an_input_from_a_file_can_be_cut_and_restored() -> None:
    project = small()
    twin = Wire(End("spare", "output"), End("conv1", "input"))
    project.graphs["Net"].wires.append(twin)
    before = exactly(project)
    for wire in (IMAGE_CONV, twin):
        RemoveWire("Net", wire).apply(project).apply(project)
        assert exactly(project) == before


def test_a_project_without_its_main_graph_gets_one_and_loses_it_again() -> None:
    project = small()
    project.main = "Lost"
    before = exactly(project)
    for edit in (SetProject("main", "Net"), AddGraph("Lost")):
        edit.apply(project).apply(project)
        assert exactly(project) == before


@given(st.data(), projects(3))
def test_what_an_edit_holds_is_not_shared_with_the_project(data, project) -> None:
    edit = data.draw(edits(project))
    before = repr(edit)
    try:
        edit.apply(project)
    except EditError:
        return
    for graph in project.graphs.values():
        graph.wires.clear()
        for node in graph.nodes.values():
            node.params["changed"] = 1
    assert repr(edit) == before


@given(st.data(), projects(4))
def test_wires_that_a_batch_adds_in_a_row_are_judged_one_by_one(data, project) -> None:
    graph = data.draw(st.sampled_from([*project.graphs]))
    ends = st.builds(End, st.sampled_from([*project.graphs[graph].nodes, "ghost"]), st.sampled_from("abcdef"))
    added = st.builds(AddWire, st.just(graph), st.builds(Wire, ends, ends), st.none() | st.integers(0, 3))
    twice = tuple(data.draw(st.lists(added, min_size=2, max_size=5)))
    alone = deepcopy(project)
    before, message = exactly(project), None
    inverses = []
    try:
        for edit in twice:
            inverses.append(edit.apply(alone))  # noqa: PERF401 (those before the one refused count)
    except EditError as wrong:
        message = str(wrong)

    if message is None:
        back = Batch("wires", twice).apply(project)
        assert exactly(project) == exactly(alone)
        assert back.edits == tuple(reversed(inverses))
    else:
        with pytest.raises(EditError, match=re.escape(message)):
            Batch("wires", twice).apply(project)
        assert exactly(project) == before


@given(st.data(), projects(4))
def test_a_batch_is_all_or_nothing(data, project) -> None:
    fitting = tuple(data.draw(st.lists(edits(project), max_size=4)))
    before = exactly(project)

    with pytest.raises(EditError):
        Batch("doomed", (*fitting, RemoveNode("Net", "not_there"))).apply(project)

    assert exactly(project) == before


def test_a_batch_that_meets_a_bug_leaves_nothing_behind() -> None:
    class Broken:
        def apply(self, project: Project) -> None:
            raise ZeroDivisionError

    project = small()
    before = exactly(project)
    with pytest.raises(ZeroDivisionError):
        Batch("x", (AddNode("Net", "new", Node("ReLU")), Broken())).apply(project)
    assert exactly(project) == before


def test_renaming_a_node_takes_wires_shares_and_block_ports_along() -> None:
    project = small()
    RenameNode("Net", "conv1", "first").apply(project)
    RenameNode("Stem", "x", "inlet").apply(project)
    RenameNode("Stem", "y", "outlet").apply(project)
    net = project.graphs["Net"]

    assert list(net.nodes) == ["image", "first", "conv2", "stem", "spare", "out"]
    assert net.nodes["conv2"].shares == "first"
    assert [f"{wire.source} {wire.target}" for wire in net.wires] == [
        "image.output first.input",
        "first.output conv2.input",
        "conv2.output stem.inlet",
        "stem.outlet out.input",
    ]


def test_renaming_a_graph_takes_its_uses_and_the_main_one_along() -> None:
    project = small()
    RenameGraph("Stem", "Trunk").apply(project)
    RenameGraph("Net", "Model").apply(project)
    assert project.main == "Model"
    assert list(project.graphs) == ["Model", "Unused", "Trunk"]
    assert project.graphs["Model"].nodes["stem"].graph == "Trunk"


def test_renaming_a_graph_takes_the_block_along_that_the_file_offers() -> None:
    project = small()
    project.published = Published("Stem", version=3)
    before = exactly(project)
    undo = RenameGraph("Stem", "Trunk").apply(project)
    assert project.published == Published("Trunk", version=3)
    undo.apply(project)
    assert exactly(project) == before
    project.published = Published("Lost")
    with pytest.raises(EditError, match="already refers to"):
        RenameGraph("Stem", "Lost").apply(project)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (AddNode("Net", "conv1", Node("ReLU")), "conv1 is taken"),
        (AddNode("Net", "class", Node("ReLU")), "not a name"),
        (AddNode("Net", "a;b", Node("ReLU")), "not a name"),
        (AddNode("Lost", "a", Node("ReLU")), "no graph named Lost"),
        (RemoveNode("Net", "conv1"), "still has wires"),
        (RenameNode("Net", "conv1", "conv2"), "taken"),
        (AddWire("Net", Wire(End("image", "output"), End("conv2", "input"))), "conv2.input has a wire already"),
        (AddWire("Net", Wire(End("nope", "output"), End("conv2", "x"))), "no node named nope"),
        (RemoveWire("Net", Wire(End("image", "output"), End("out", "input"))), "no wire"),
        (RemoveGraph("Stem"), "in use"),
        (RemoveGraph("Net"), "in use"),
        (AddGraph("Stem"), "taken"),
        (SetProject("main", "Lost"), "no graph named Lost"),
        (SetLoop("Net", "conv1", LoopSettings()), "only a Loop has rounds"),
        (MoveNodes("Net", {"conv1": (1, 1), "nope": (2, 2)}), "no node named nope"),
        (SetPoints("Net", End("image", "input"), ()), "no wire into image.input"),
    ],
)
def test_an_edit_that_does_not_fit_says_why_and_changes_nothing(edit, message) -> None:
    project = small()
    before = exactly(project)
    with pytest.raises(EditError, match=message):
        edit.apply(project)
    assert exactly(project) == before


def test_a_loop_keeps_its_kind_while_it_has_rounds() -> None:
    project = small()
    SetLoop("Unused", "loop", LoopSettings(count=2)).apply(project)
    before = exactly(project)
    with pytest.raises(EditError, match="has rounds"):
        SetNode("Unused", "loop", "kind", "Block").apply(project)
    assert exactly(project) == before


def test_what_waits_for_a_missing_name_can_be_added_and_undone_but_not_renamed_onto() -> None:
    project = small()
    net = project.graphs["Net"]
    net.wires.append(Wire(End("ghost", "output"), End("conv2", "other")))
    net.nodes["lost"] = Node("Block", graph="Missing")
    before = exactly(project)

    for edit in (AddNode("Net", "ghost", Node("ReLU")), AddGraph("Missing")):
        edit.apply(project).apply(project)
        assert exactly(project) == before
    for edit in (RenameNode("Net", "out", "ghost"), RenameGraph("Stem", "Missing")):
        with pytest.raises(EditError, match="already refers to"):
            edit.apply(project)
