"""Where a new block is, and which frames and notes go with its nodes: into it, and out of it."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.graph.compose import added_names, make_block, unpack
from engine.graph.edits import EditError
from engine.graph.model import Frame, Note, Project
from tests.gestures import chain, done
from tests.strategies import projects

STEP_PX = 300.0  # from node to node


def row(*kinds: str) -> Project:
    """A chain whose nodes are in a row."""
    project = chain(*kinds)
    nodes = project.main and project.graphs["Net"].nodes
    for place, (name, node) in enumerate(nodes.items()):
        nodes[name] = replace(node, pos=(STEP_PX * place, 0.0))
    return project


def test_a_frame_goes_with_its_nodes_and_stays_with_others() -> None:
    project = row("Conv2d", "ReLU", "Flatten", "Linear")
    graph = project.graphs["Net"]
    pair = Frame("Both", (280.0, -60.0, 600.0, 180.0), extra=(("colour", "blue"),))
    all_of_it = Frame("All", (-40.0, -100.0, 1700.0, 300.0))
    half = Frame("One of them and another", (580.0, -60.0, 540.0, 180.0))
    graph.frames = (all_of_it, pair, half)
    inside, below = Note("why", (300.0, 80.0, 120.0, 30.0)), Note("what to look for", (300.0, 200.0, 240.0, 90.0))
    graph.notes = (inside, below)
    after = done(project, make_block(project, "Net", ["conv", "relu"]))
    assert (after.graphs["Block"].frames, after.graphs["Block"].notes) == ((pair,), (inside,))
    assert (after.graphs["Net"].frames, after.graphs["Net"].notes) == ((all_of_it, half), (below,))


def test_an_empty_frame_in_the_area_goes_along() -> None:
    project = row("Conv2d", "ReLU")
    empty = Frame("", (400.0, 10.0, 60.0, 50.0))
    project.graphs["Net"].frames = (empty,)
    assert done(project, make_block(project, "Net", ["conv", "relu"])).graphs["Block"].frames == (empty,)
    assert done(project, make_block(project, "Net", ["relu"])).graphs["Net"].frames == (empty,)


def test_measured_sizes_decide_what_a_frame_holds() -> None:
    project = row("Conv2d", "ReLU")
    frame = Frame("Tall", (280.0, 150.0, 240.0, 300.0))
    project.graphs["Net"].frames = (frame,)
    assert done(project, make_block(project, "Net", ["conv"])).graphs["Net"].frames == (frame,)
    sizes = {"conv": (200.0, 400.0)}
    assert done(project, make_block(project, "Net", ["conv"], sizes=sizes)).graphs["Block"].frames == (frame,)


def test_ports_are_outside_the_frames() -> None:
    project = row("Conv2d", "ReLU")
    frame = Frame("Wide", (100.0, -60.0, 900.0, 180.0))
    project.graphs["Net"].frames = (frame,)
    block = done(project, make_block(project, "Net", ["conv", "relu"])).graphs["Block"]
    assert block.frames == (frame,)
    assert block.nodes["x"].pos[0] + 180.0 < 100.0
    assert block.nodes["y"].pos[0] > 1000.0


def test_each_repetition_gets_the_frames_of_its_block() -> None:
    project = row("ReLU", "Tanh")
    project.graphs["Net"].frames = (Frame("Both", (280.0, -60.0, 600.0, 180.0)),)
    after = done(project, make_block(project, "Net", ["relu", "tanh"]))
    (use,) = after.graphs["Net"].of_kind("Block")
    after.graphs["Net"].nodes[use].repeat = 3
    unpacked = done(after, unpack(after, "Net", use)).graphs["Net"]
    for frame, name in zip(unpacked.frames, ("relu", "relu2", "relu3"), strict=True):
        x, y = unpacked.nodes[name].pos
        assert frame == Frame("Both", (x - 20.0, y - 60.0, 600.0, 180.0))


def test_a_block_at_the_end_of_a_row_follows_what_feeds_it() -> None:
    """Its first port is in line with those of the row, and nothing is left of the room of its other nodes."""
    project = row("Conv2d", "ReLU", "Flatten", "Linear")
    last = done(project, make_block(project, "Net", ["relu", "flatten", "linear"], "Head")).graphs["Net"]
    assert last.nodes["head"].pos == (2 * STEP_PX, -30.0)
    between = done(project, make_block(project, "Net", ["conv", "relu", "flatten"], "Body")).graphs["Net"]
    assert between.nodes["body"].pos == (2 * STEP_PX, -30.0)  # in the middle of its nodes


rects = st.tuples(st.integers(-100, 900), st.integers(-100, 900), st.integers(60, 900), st.integers(60, 900))


@given(st.data(), projects(6), st.lists(rects, max_size=4, unique=True), st.lists(rects, max_size=3, unique=True))
def test_no_frame_or_note_is_lost_and_undo_is_exact(data, project, frames, notes) -> None:
    name = data.draw(st.sampled_from(list(project.graphs)))
    graph = project.graphs[name]
    places = st.tuples(st.integers(0, 600), st.integers(0, 600))
    for node in graph.nodes.values():
        node.pos = tuple(map(float, data.draw(places)))
    graph.frames = tuple(Frame(str(place), tuple(map(float, rect))) for place, rect in enumerate(frames))
    graph.notes = tuple(Note(str(place), tuple(map(float, rect))) for place, rect in enumerate(notes))
    assume(graph.nodes)
    selection = data.draw(st.lists(st.sampled_from(list(graph.nodes)), min_size=1, unique=True))
    try:
        gesture = make_block(project, name, selection, "Part")
    except EditError:
        return
    packed = done(project, gesture)
    (use,) = added_names(gesture)
    outer, inner = packed.graphs[name], packed.graphs[packed.graphs[name].nodes[use].graph]
    assert sorted((*outer.frames, *inner.frames), key=lambda each: each.title) == list(graph.frames)
    assert sorted((*outer.notes, *inner.notes), key=lambda each: each.text) == list(graph.notes)
    unpacked = done(packed, unpack(packed, name, use)).graphs[name]
    assert sorted(each.title for each in unpacked.frames) == [each.title for each in graph.frames]
    assert sorted(each.text for each in unpacked.notes) == [each.text for each in graph.notes]
