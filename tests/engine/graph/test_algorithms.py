"""Order, cycles and reachability, against their definitions and a plain second implementation."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from engine.graph.algorithms import cycle, downstream, order, recursion, upstream, would_cycle
from engine.graph.model import End, Graph, Node, Project, Wire
from tests.strategies import graphs


def graph_of(names: str, *edges: str) -> Graph:
    wires = [Wire(End(source, "output"), End(target, f"in{n}")) for n, (source, target) in enumerate(edges)]
    return Graph({name: Node("ReLU") for name in names}, wires)


@st.composite
def any_graphs(draw) -> Graph:
    """Up to eight nodes with any wires, including cycles and wires to missing nodes."""
    names = "abcdefgh"[: draw(st.integers(0, 8))]
    ends = st.sampled_from([*names, "ghost"])
    return graph_of("".join(draw(st.permutations(names))), *draw(st.lists(st.tuples(ends, ends), max_size=14)))


def edges_of(graph: Graph) -> set[tuple[str, str]]:
    pairs = {(wire.source.node, wire.target.node) for wire in graph.wires}
    return {(source, target) for source, target in pairs if source in graph.nodes and target in graph.nodes}


def reached(graph: Graph, start: str) -> set[str]:
    """The nodes after a node, computed in the simplest way; the node itself only by a cycle."""
    reach: set[str] = set()
    for _ in graph.nodes:
        reach |= {target for source, target in edges_of(graph) if source == start or source in reach}
    return reach


@given(any_graphs() | graphs())
def test_the_order_is_topological_and_leaves_out_only_what_a_cycle_holds_up(graph) -> None:
    places = {name: place for place, name in enumerate(order(graph))}
    for source, target in edges_of(graph):
        if target in places:
            assert places[source] < places[target]
    on_cycles = {name for name in graph.nodes if name in reached(graph, name)}
    held_up = on_cycles.union(*(reached(graph, name) for name in on_cycles))
    assert set(places) == set(graph.nodes) - held_up


@given(any_graphs() | graphs())
def test_of_the_free_nodes_the_one_added_first_comes_first(graph) -> None:
    added = list(graph.nodes)
    done: set[str] = set()
    for name in order(graph):
        needs = {node: {source for source, target in edges_of(graph) if target == node} for node in added}
        assert name == next(node for node in added if node not in done and needs[node] <= done)
        done.add(name)


@given(any_graphs())
def test_a_cycle_is_found_exactly_when_there_is_one(graph) -> None:
    names = cycle(graph)
    if names:
        assert len(set(names)) == len(names)
        assert set(zip(names, [*names[1:], names[0]], strict=True)) <= edges_of(graph)
    else:
        assert not any(name in reached(graph, name) for name in graph.nodes)


@given(st.data(), any_graphs() | graphs())
def test_reach_is_what_it_says(data, graph) -> None:
    names = data.draw(st.lists(st.sampled_from([*graph.nodes, "ghost"]), max_size=3))
    there = set(names) & graph.nodes.keys()
    assert downstream(graph, names) == there.union(*(reached(graph, name) for name in there))
    assert upstream(graph, names) == there | {name for name in graph.nodes if reached(graph, name) & there}


@given(st.data(), graphs())
def test_a_wire_would_close_a_cycle_exactly_when_it_does(data, graph) -> None:
    source, target = data.draw(st.sampled_from(list(graph.nodes))), data.draw(st.sampled_from(list(graph.nodes)))
    with_wire = Graph(graph.nodes, [*graph.wires, Wire(End(source, "output"), End(target, "new"))])
    assert would_cycle(graph, source, target) == bool(cycle(with_wire))


def test_blocks_that_use_each_other_are_named_in_order() -> None:
    def uses(*names: str) -> Graph:
        return Graph({f"use_{name}": Node("Block", graph=name) for name in names})

    project = Project(graphs={"Net": uses("A", "Lost"), "A": uses("B"), "B": uses("C"), "C": uses()})
    assert recursion(project) == []
    project.graphs["C"] = uses("A")
    reach = recursion(project)
    assert sorted(reach) == ["A", "B", "C"]
    assert reach[(reach.index("A") + 1) % 3] == "B"
    project.graphs["C"] = uses("C")
    assert recursion(project) == ["C"]


def test_an_order_needs_no_networkx() -> None:
    """Loading it takes 0.2 s, too long before the first paint of a window."""
    code = "from engine.graph.algorithms import *; from engine.graph.model import *; import sys\n"
    code += "order(Graph()); cycle(Graph()); recursion(Project()); sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
