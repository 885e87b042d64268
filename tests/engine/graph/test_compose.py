"""Any gesture: one batch that undoes exactly, does not change the project, and adds no structural problem."""

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.catalog.index import layers
from engine.check.rules import graph_problems
from engine.graph.algorithms import cycle
from engine.graph.compose import (
    change_kind,
    connect,
    disconnect,
    duplicate,
    heal,
    insert,
    make_block,
    new_node,
    remove,
    remove_block,
    rename,
    replug,
    set_repeat,
    unpack,
)
from engine.graph.edits import EditError
from engine.graph.model import End, Graph, Project
from tests.gestures import done
from tests.strategies import projects


def some_nodes(data, project: Project, graph: str) -> list[str]:
    return data.draw(st.lists(st.sampled_from(list(project.graphs[graph].nodes)), min_size=1, unique=True))


@given(st.data(), projects(5), st.booleans())
def test_every_gesture_undoes_exactly_and_leaves_the_project_alone(data, project, spoil) -> None:
    if spoil:
        project = data.draw(projects(4, odd=True))
    graph = data.draw(st.sampled_from(list(project.graphs)))
    inside = project.graphs[graph]
    node = data.draw(st.sampled_from(list(inside.nodes)))
    ends = st.sampled_from(_ends(inside))
    gestures = {
        "remove": lambda: remove(project, graph, some_nodes(data, project, graph)),
        "heal": lambda: heal(project, graph, some_nodes(data, project, graph)),
        "duplicate": lambda: duplicate(project, graph, some_nodes(data, project, graph), keep_incoming=True),
        "block": lambda: make_block(project, graph, some_nodes(data, project, graph), "Part"),
        "unpack": lambda: unpack(project, graph, node),
        "kind": lambda: change_kind(project, graph, node, data.draw(st.sampled_from(list(layers())))),
        "rename": lambda: rename(project, graph, node, data.draw(st.sampled_from(("fresh_name", "x", "ghost")))),
        "connect": lambda: connect(project, graph, data.draw(ends), data.draw(ends)),
        "replug": lambda: replug(project, graph, data.draw(st.sampled_from(inside.wires)), target=data.draw(ends)),
        "cut": lambda: disconnect(project, graph, data.draw(st.sampled_from(inside.wires))),
        "insert": lambda: insert(project, graph, data.draw(st.sampled_from(inside.wires)), "new", new_node("ReLU")),
        "block away": lambda: remove_block(project, graph),
        "repeat": lambda: set_repeat(project, graph, node, data.draw(st.integers(0, 3))),
    }
    name = data.draw(st.sampled_from(list(gestures)))
    assume(inside.wires or name not in ("replug", "cut", "insert"))
    before = repr(project)
    try:
        gesture = gestures[name]()
    except EditError:
        return
    finally:
        assert repr(project) == before
    after = done(project, gesture)
    if not cycle(inside) and graph in after.graphs:
        assert not cycle(after.graphs[graph])


def _ends(graph: Graph) -> list[End]:
    return [End(name, port) for name in graph.nodes for port in ("output", "input", "tensors[0]", "other")]


@given(st.data(), projects(5))
def test_gestures_bring_no_structural_problem(data, project) -> None:
    """Except those that only the user can solve: an input without a wire, a repeated block with a port too few."""
    graph = data.draw(st.sampled_from(list(project.graphs)))
    selection = some_nodes(data, project, graph)
    gesture = data.draw(st.sampled_from((remove, heal, duplicate, make_block)))
    before = {problem.code for problem in graph_problems(project)}
    try:
        after = done(project, gesture(project, graph, selection))
    except EditError:
        return
    codes = {problem.code for problem in graph_problems(after)} - before
    assert not codes & {"G001", "G002", "G003", "G004", "G006", "G007", "G009", "G010", "G013", "P004"}, codes
