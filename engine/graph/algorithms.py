"""What follows from the wires alone: an order of computation, cycles, and reachability.

A wire to a node that does not exist is ignored here; `engine.check` reports it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeVar

from engine.graph.model import Graph, Project

if TYPE_CHECKING:
    import networkx as nx

Edge = tuple[str, str]
K = TypeVar("K", bound=Hashable)


def order(graph: Graph) -> list[str]:
    """The nodes in topological order; of several possible next nodes, the one added first comes first.

    Nodes on a cycle, or after one, are left out.
    """
    return in_order(graph.nodes, _edges(graph))


def cycle(graph: Graph) -> list[str]:
    """The names along one cycle, in the direction of the wires; empty without a cycle."""
    return _cycle(graph.nodes, _edges(graph))


def would_cycle(graph: Graph, source: str, target: str) -> bool:
    """Whether a wire from node ``source`` to node ``target`` would close a cycle."""
    return source in downstream(graph, (target,))


def upstream(graph: Graph, names: Iterable[str]) -> set[str]:
    """The nodes from which paths lead to the named ones, themselves included."""
    return _reach(graph.nodes, ((target, source) for source, target in _edges(graph)), names)


def downstream(graph: Graph, names: Iterable[str]) -> set[str]:
    """The nodes to which paths lead from the named ones, themselves included."""
    return _reach(graph.nodes, _edges(graph), names)


def recursion(project: Project) -> list[str]:
    """The graphs of a cycle of blocks, each before the next that it uses; empty if there is no such cycle."""
    return _cycle(project.graphs, _block_edges(project))


def _edges(graph: Graph) -> list[Edge]:
    nodes = graph.nodes
    return [
        (wire.source.node, wire.target.node)
        for wire in graph.wires
        if wire.source.node in nodes and wire.target.node in nodes
    ]


def _block_edges(project: Project) -> list[Edge]:
    return [
        (owner, node.graph)
        for owner, graph in project.graphs.items()
        for node in graph.nodes.values()
        if node.uses_block and node.graph is not None and node.graph in project.graphs
    ]


def in_order(names: Iterable[K], edges: Iterable[tuple[K, K]]) -> list[K]:
    """The names, the first of each edge before the second; the order of ``names`` breaks every tie.

    Those on a cycle, or after one, are left out.
    """
    places = {name: place for place, name in enumerate(names)}
    by_place = list(places)
    followers: list[list[int]] = [[] for _ in by_place]
    waits = [0] * len(by_place)
    for source, target in edges:
        followers[places[source]].append(places[target])
        waits[places[target]] += 1
    free = [place for place, count in enumerate(waits) if count == 0]
    heapify(free)
    names_in_order = []
    while free:
        place = heappop(free)
        names_in_order.append(by_place[place])
        for follower in followers[place]:
            waits[follower] -= 1
            if waits[follower] == 0:
                heappush(free, follower)
    return names_in_order


def _cycle(names: Iterable[str], edges: list[Edge]) -> list[str]:
    names = list(names)
    on_cycles = set(names).difference(in_order(names, edges))
    if not on_cycles:
        return []  # the usual case, which needs no networkx
    import networkx as nx

    return [source for source, *_ in nx.find_cycle(_digraph(names, edges))]


def _reach(nodes: Iterable[str], edges: Iterable[Edge], starts: Iterable[str]) -> set[str]:
    # In plain Python, as the window needs it while a wire is dragged: loading networkx then would be noticed.
    followers = defaultdict(list)
    for source, target in edges:
        followers[source].append(target)
    reach = set(starts).intersection(nodes)
    todo = list(reach)
    while todo:
        new = [name for name in followers[todo.pop()] if name not in reach]
        reach.update(new)
        todo += new
    return reach


def _digraph(nodes: Iterable[str], edges: Iterable[Edge]) -> "nx.DiGraph":
    import networkx as nx

    digraph = nx.DiGraph()
    digraph.add_nodes_from(nodes)
    digraph.add_edges_from(edges)
    return digraph
