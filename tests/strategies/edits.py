"""Edits that may fit a project."""

from dataclasses import replace

from hypothesis import strategies as st

from engine.graph import edits as E
from engine.graph.model import UNSET, End, Frame, Graph, Note, Phase, Project, Training, Wire
from tests.strategies.expressions import block_param, expressions
from tests.strategies.graphs import CHAIN, SINKS, graphs, nodes
from tests.strategies.settings import data, generations, phases, trainings, weight_settings
from tests.strategies.values import hostile_texts, literals, names, points, rects


@st.composite
def edits(draw: st.DrawFn, project: Project, *, deep: bool = True) -> E.Edit:
    """An edit that may fit the project: names mostly exist, and are mostly free where they should be."""
    graph_names = st.sampled_from([*project.graphs, "Ghost"]) if project.graphs else st.just("Ghost")
    graph = draw(graph_names)
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
    simple = [
        st.builds(E.AddNode, st.just(graph), new, nodes(), st.none() | st.integers(0, 9)),
        st.builds(E.RemoveNode, st.just(graph), there),
        st.builds(E.RenameNode, st.just(graph), there, new),
        st.builds(E.SetParam, st.just(graph), there, param_names, values, gestures, st.none() | st.integers(0, 3)),
        st.builds(E.SetNode, st.just(graph), there, st.just("kind"), st.sampled_from(CHAIN + SINKS + ("Input",))),
        st.builds(E.SetNode, st.just(graph), there, st.just("bypass"), st.booleans() | expressions),
        st.builds(E.SetNode, st.just(graph), there, st.just("shares"), st.none() | there),
        st.builds(E.SetNode, st.just(graph), there, st.just("graph"), st.none() | graph_names),
        st.builds(E.SetNode, st.just(graph), there, st.just("repeat"), st.integers(1, 4)),
        st.builds(E.SetWeights, st.just(graph), there, weight_settings()),
        st.builds(E.MoveNodes, st.just(graph), st.dictionaries(there, points, min_size=1, max_size=3), gestures),
        st.builds(E.AddWire, st.just(graph), some_wire, st.none() | st.integers(0, 9)),
        st.builds(E.RemoveWire, st.just(graph), some_wire),
        st.builds(E.SetPoints, st.just(graph), ends | some_wire.map(lambda wire: wire.target), _dots, gestures),
        st.builds(E.AddGraph, names | graph_names, graphs(2), st.none() | st.integers(0, 3)),
        st.builds(E.RemoveGraph, graph_names),
        st.builds(E.RenameGraph, graph_names, names | graph_names),
        st.builds(E.AddBlockParam, st.just(graph), params, block_param, st.none() | st.integers(0, 3)),
        st.builds(E.RemoveBlockParam, st.just(graph), params),
        st.builds(E.SetBlockParam, st.just(graph), params, block_param),
        st.builds(E.MoveBlockParam, st.just(graph), params, st.integers(-1, 3)),
        st.builds(E.RenameBlockParam, st.just(graph), params, params | names),
        st.builds(
            E.SetFrames,
            st.just(graph),
            st.lists(st.builds(Frame, hostile_texts, rects), max_size=2).map(tuple),
            st.just("Change frames"),
            gestures,
        ),
        st.builds(E.SetNotes, st.just(graph), st.lists(st.builds(Note, hostile_texts, rects), max_size=2).map(tuple)),
        st.builds(E.SetData, data()),
        st.builds(E.SetTraining, st.builds(_with_phases, trainings(), phases(there))),
        st.builds(E.SetGeneration, st.none() | generations()),
        st.builds(E.SetProject, st.just("name"), hostile_texts),
        st.builds(E.SetProject, st.just("main"), graph_names),
    ]
    if deep:
        batches = st.lists(edits(project, deep=False), max_size=4).map(tuple)
        simple.append(st.builds(E.Batch, hostile_texts, batches))
    return draw(st.one_of(*simple))


def _with_phases(training: Training, own: tuple[Phase, ...]) -> Training:
    return replace(training, phases=own)


_dots = st.lists(points, max_size=2).map(tuple)
