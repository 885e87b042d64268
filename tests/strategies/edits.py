"""Edits that may fit a project."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from engine.catalog.index import layer
from engine.graph import edits as E
from engine.graph.model import UNSET, End, Frame, Graph, Note, Phase, Project, Training, Wire
from tests.strategies.expressions import block_param, expressions
from tests.strategies.graphs import CHAIN, SINKS, graphs, loops, nodes
from tests.strategies.settings import data, generations, phases, trainings, weight_settings
from tests.strategies.values import hostile_texts, literals, names, points, rects

PLAIN_KINDS = tuple(
    kind for kind in (*CHAIN, *SINKS, "Input") if not any(param.required for param in layer(kind).params)
)
"""Kinds without values that a file always has: an edit of the kind alone adds none, as the gesture does."""


@st.composite
def edits(draw: st.DrawFn, project: Project, *, deep: bool = True) -> E.Edit:
    """An edit that may fit the project: names mostly exist, and are mostly free where they should be."""
    graph_names = st.sampled_from([*project.graphs, "Ghost"]) if project.graphs else st.just("Ghost")
    graph = draw(graph_names)
    here = st.just(graph)
    inside = project.graphs.get(graph, Graph())
    there = st.sampled_from([*inside.nodes, "ghost"])
    new = names | there
    wires = [st.sampled_from(inside.wires)] if inside.wires else []
    gestures = st.integers(0, 2)
    ends = st.builds(End, there, st.sampled_from(("output", "input", "other", "tensors[0]", "h_n", "x")))
    some_wire = st.one_of(*wires, st.builds(Wire, ends, ends))
    values = st.just(UNSET) | literals | expressions
    params = st.sampled_from([*inside.params, "a", "b", "wide", "index"])
    param_names = st.sampled_from(("bias", "p", "field", "out_channels", "zorp"))
    cases: list[Callable[[], st.SearchStrategy[E.Edit]]] = [
        lambda: st.builds(E.AddNode, here, new, nodes(), st.none() | st.integers(0, 9)),
        lambda: st.builds(E.RemoveNode, here, there),
        lambda: st.builds(E.RenameNode, here, there, new),
        lambda: st.builds(E.SetParam, here, there, param_names, values, gestures, st.none() | st.integers(0, 3)),
        lambda: st.builds(E.SetNode, here, there, st.just("kind"), st.sampled_from(PLAIN_KINDS)),
        lambda: st.builds(E.SetNode, here, there, st.just("bypass"), st.booleans() | expressions),
        lambda: st.builds(E.SetNode, here, there, st.just("shares"), st.none() | there),
        lambda: st.builds(E.SetNode, here, there, st.just("graph"), st.none() | graph_names),
        lambda: st.builds(E.SetNode, here, there, st.just("repeat"), st.integers(1, 4)),
        lambda: st.builds(E.SetLoop, here, there, st.none() | loops(["x", "ghost"], ["y"])),
        lambda: st.builds(E.SetWeights, here, there, weight_settings()),
        lambda: st.builds(E.MoveNodes, here, st.dictionaries(there, points, min_size=1, max_size=3), gestures),
        lambda: st.builds(E.AddWire, here, some_wire, st.none() | st.integers(0, 9)),
        lambda: st.builds(E.RemoveWire, here, some_wire),
        lambda: st.builds(E.SetPoints, here, ends | some_wire.map(lambda wire: wire.target), _dots, gestures),
        lambda: st.builds(E.AddGraph, names | graph_names, graphs(2), st.none() | st.integers(0, 3)),
        lambda: st.builds(E.RemoveGraph, graph_names),
        lambda: st.builds(E.RenameGraph, graph_names, names | graph_names),
        lambda: st.builds(E.AddBlockParam, here, params, block_param, st.none() | st.integers(0, 3)),
        lambda: st.builds(E.RemoveBlockParam, here, params),
        lambda: st.builds(E.SetBlockParam, here, params, block_param),
        lambda: st.builds(E.MoveBlockParam, here, params, st.integers(-1, 3)),
        lambda: st.builds(E.RenameBlockParam, here, params, params | names),
        lambda: st.builds(
            E.SetFrames,
            here,
            st.lists(st.builds(Frame, hostile_texts, rects), max_size=2).map(tuple),
            st.just("Change frames"),
            gestures,
        ),
        lambda: st.builds(E.SetNotes, here, st.lists(st.builds(Note, hostile_texts, rects), max_size=2).map(tuple)),
        lambda: st.builds(E.SetData, data()),
        lambda: st.builds(E.SetTraining, st.builds(_with_phases, trainings(), phases(there))),
        lambda: st.builds(E.SetGeneration, st.none() | generations()),
        lambda: st.builds(E.SetProject, st.just("name"), hostile_texts),
        lambda: st.builds(E.SetProject, st.just("main"), graph_names),
    ]
    if deep:
        inner = edits(project, deep=False)
        cases.append(lambda: st.builds(E.Batch, hostile_texts, st.lists(inner, max_size=4).map(tuple)))
    return draw(draw(st.sampled_from(cases))())  # to build the strategies of all cases takes longer than to draw


def _with_phases(training: Training, own: tuple[Phase, ...]) -> Training:
    return replace(training, phases=own)


_dots = st.lists(points, max_size=2).map(tuple)
