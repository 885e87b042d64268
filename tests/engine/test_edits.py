"""The laws of edits: undo restores exactly, a failure changes nothing, a gesture equals its steps."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.edits import (
    AddGraph,
    AddNode,
    AddWire,
    Batch,
    EditError,
    MoveNodes,
    RemoveGraph,
    RemoveNode,
    RemoveWire,
    RenameGraph,
    RenameNode,
    SetParam,
    SetPoints,
    SetProject,
    absorb,
)
from engine.graph.model import UNSET, End, Graph, Node, Project, Wire
from tests.strategies import edits, literals, points, projects


def exactly(project: Project) -> str:
    """All of a project, the order of everything included; nan equals itself here."""
    return repr(project)


def small() -> Project:
    """Two convolutions in a row, and a block that is used once."""
    stem = Graph(
        {"x": Node("Input"), "relu": Node("ReLU"), "y": Node("Output")},
        [Wire(End("x", "output"), End("relu", "input")), Wire(End("relu", "output"), End("y", "input"))],
    )
    net = Graph(
        {
            "image": Node("Input"),
            "conv1": Node("Conv2d", {"out_channels": 8, "kernel_size": 3}),
            "conv2": Node("Conv2d", shares="conv1"),
            "stem": Node("Block", graph="Stem"),
            "out": Node("Output"),
        },
        [
            Wire(End("image", "output"), End("conv1", "input")),
            Wire(End("conv1", "output"), End("conv2", "input")),
            Wire(End("conv2", "output"), End("stem", "x")),
            Wire(End("stem", "y"), End("out", "input")),
        ],
    )
    return Project(graphs={"Net": net, "Stem": stem})


@given(st.data(), projects(4), st.booleans())
def test_undo_and_redo_restore_exactly_after_any_edits(data, project, spoil) -> None:
    if spoil:
        project = data.draw(projects(3, odd=True))
    states, inverses, done = [exactly(project)], [], []
    for _ in range(data.draw(st.integers(1, 8))):
        edit = data.draw(edits(project))
        before = exactly(project)
        try:
            inverses.append(edit.apply(project))
        except EditError:
            assert exactly(project) == before  # a failing edit changes nothing
            continue
        done.append(edit)
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


def gestures(project: Project) -> st.SearchStrategy:
    """Edits as one drag makes them, on few targets, so that they often meet."""
    graph = st.just("Net")
    there = st.sampled_from(list(project.graphs["Net"].nodes))
    targets = st.sampled_from([wire.target for wire in project.graphs["Net"].wires])
    numbers = st.integers(0, 1)
    values = st.just(UNSET) | literals
    single = st.one_of(
        st.builds(SetParam, graph, there, st.sampled_from(("kernel_size", "bias")), values, numbers),
        st.builds(MoveNodes, graph, st.dictionaries(there, points, min_size=1, max_size=2), numbers),
        st.builds(SetPoints, graph, targets, st.lists(points, max_size=2).map(tuple), numbers),
    )
    return single | st.builds(Batch, st.just("drag"), st.lists(single, min_size=1, max_size=3).map(tuple))


@given(st.data())
def test_an_absorbed_gesture_equals_its_steps_and_is_undone_by_the_first_inverse(data) -> None:
    project = small()
    first, second = data.draw(gestures(project)), data.draw(gestures(project))
    merged = absorb(first, second)
    if merged is None:
        return
    stepwise, at_once = deepcopy(project), deepcopy(project)

    undo = first.apply(stepwise)
    second.apply(stepwise)
    merged.apply(at_once)

    assert exactly(at_once) == exactly(stepwise)
    undo.apply(stepwise)
    assert exactly(stepwise) == exactly(project) or isinstance(first, MoveNodes | Batch)


def test_a_drag_is_absorbed_and_separate_gestures_are_not() -> None:
    one, two = SetParam("Net", "conv1", "out_channels", 65, gesture=1), SetParam("Net", "conv1", "out_channels", 66, 1)
    assert absorb(one, two) == two
    assert absorb(one, SetParam("Net", "conv1", "out_channels", 66, gesture=2)) is None
    assert absorb(one, SetParam("Net", "conv2", "out_channels", 66, gesture=1)) is None
    assert absorb(SetParam("Net", "a", "p", 1), SetParam("Net", "a", "p", 2)) is None  # no gesture at all
    assert absorb(AddNode("Net", "a", Node("ReLU")), RemoveNode("Net", "a")) is None


def test_a_batch_of_one_gesture_is_absorbed_into_one() -> None:
    def drag(filters: int) -> Batch:
        return Batch("Set", tuple(SetParam("Net", name, "out_channels", filters, gesture=7) for name in "ab"))

    assert absorb(drag(1), drag(2)) == drag(2)
    assert absorb(drag(1), Batch("Set", drag(2).edits[:1])) is None


def test_renaming_a_node_takes_wires_shares_and_block_ports_along() -> None:
    project = small()
    RenameNode("Net", "conv1", "first").apply(project)
    RenameNode("Stem", "x", "inlet").apply(project)
    RenameNode("Stem", "y", "outlet").apply(project)
    net = project.graphs["Net"]

    assert list(net.nodes) == ["image", "first", "conv2", "stem", "out"]
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
    assert list(project.graphs) == ["Model", "Trunk"]
    assert project.graphs["Model"].nodes["stem"].graph == "Trunk"


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
