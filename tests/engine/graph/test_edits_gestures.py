"""A gesture equals its steps, and only what belongs together is one gesture."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from engine.graph.edits import (
    AddNode,
    Batch,
    MoveNodes,
    RemoveNode,
    SetParam,
    SetPoints,
    absorb,
)
from engine.graph.model import UNSET, Node, Project
from tests.gestures import exactly, small
from tests.strategies import literals, points


def gestures(project: Project) -> st.SearchStrategy:
    """Edits like those of a drag, on few targets, so that they often meet."""
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


def test_a_batch_whose_edits_touch_each_other_is_not_absorbed() -> None:
    def drag(*positions: dict) -> Batch:
        return Batch("Move", tuple(MoveNodes("Net", each, gesture=1) for each in positions))

    first = drag({"image": (1.0, 1.0)}, {"image": (2.0, 2.0)})
    assert absorb(first, drag({"image": (3.0, 3.0)}, {"out": (4.0, 4.0)})) is None
    assert absorb(first, drag({"out": (3.0, 3.0)}, {"image": (4.0, 4.0)})) is not None


def test_a_batch_of_one_gesture_is_absorbed_into_one() -> None:
    def drag(filters: int) -> Batch:
        return Batch("Set", tuple(SetParam("Net", name, "out_channels", filters, gesture=7) for name in "ab"))

    assert absorb(drag(1), drag(2)) == drag(2)
    assert absorb(drag(1), Batch("Set", drag(2).edits[:1])) is None
