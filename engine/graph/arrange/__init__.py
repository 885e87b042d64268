"""Positions for the nodes of a graph: layers from left to right, short and straight wires, few crossings.

After Sugiyama: layers by longest path, dummy boxes where a wire passes a layer, barycentre sweeps that respect the
order of ports, and heights by aligned rows. The same graph always gets the same positions.

It can run in steps, so that a window stays responsive: 1,000 nodes take a tenth of a second.
"""

from collections.abc import Iterable, Mapping

from engine.graph.algorithms import order
from engine.graph.arrange.coordinates import ROW_GAP_PX, Point, layout_of
from engine.graph.arrange.dots import dots_after_move
from engine.graph.arrange.heights import place_vertically
from engine.graph.arrange.layered_graph import Heights, net_of
from engine.graph.arrange.layering import put_in_layers
from engine.graph.arrange.ordering import order_layers
from engine.graph.edits import MoveNodes
from engine.graph.edits.insertion import graph_of
from engine.graph.model import Graph, Project, Size
from engine.graph.ports import Ports, ports
from engine.graph.stepwise import Steps, result

__all__ = ["arrange", "arrangement", "arrangement_steps", "dots_after_move"]


def arrange(
    graph: Graph,
    sizes: Mapping[str, Size],
    *,
    known_ports: Mapping[str, Ports] | None = None,
    heights: Heights | None = None,
    wrap_width: float | None = None,
    room: Size | None = None,
) -> dict[str, Point]:
    """The top left corner of every node, in whole scene pixels from (0, 0); unconnected parts are stacked.

    ``sizes``: width and height of the nodes. ``known_ports``: those of block uses, which the graph alone does not have.
    ``heights``: how far below its node's top a port is, where that is known. ``room``: the size of the canvas; a long
    chain is split into rows so that everything is visible at the largest zoom. ``wrap_width``: instead of it, the
    largest width of rows. With neither, all wires except those of a cycle point right.
    """
    return result(_placing(graph, sizes, known_ports or {}, heights or {}, wrap_width, room))


def _placing(
    graph: Graph,
    sizes: Mapping[str, Size],
    known_ports: Mapping[str, Ports],
    heights: Heights,
    wrap_width: float | None,
    room: Size | None,
) -> Steps[dict[str, Point]]:
    lone = Project(graphs={})
    all_ports = {name: ports(lone, node) for name, node in graph.nodes.items()} | dict(known_ports)
    sequence = order(graph)
    rest = graph.nodes.keys() - set(sequence)
    sequence += [name for name in graph.nodes if name in rest]
    parts = _parts(graph)
    yield
    corners: dict[str, Point] = {}
    top = 0.0
    for part in parts:
        net = net_of(graph, [name for name in sequence if name in part], sizes, all_ports, heights)
        yield
        put_in_layers(net, list(range(net.real)))
        yield
        yield from order_layers(net)
        tops = yield from place_vertically(net)
        one = yield from layout_of(net, tops, wrap_width, room)
        corners |= {name: _moved(corner, 0.0, top) for name, corner in one.corners.items()}
        top += one.height + ROW_GAP_PX
    return {name: corners[name] for name in graph.nodes}


def arrangement(
    project: Project,
    graph: str,
    sizes: Mapping[str, Size],
    *,
    names: Iterable[str] | None = None,
    heights: Heights | None = None,
    wrap_width: float | None = None,
    room: Size | None = None,
) -> MoveNodes:
    """The edit that moves the nodes of a graph, or only the named ones, which keep their place as a group.

    Raises: `EditError` when there is no such graph.
    """
    return result(
        arrangement_steps(project, graph, sizes, names=names, heights=heights, wrap_width=wrap_width, room=room)
    )


def arrangement_steps(
    project: Project,
    graph: str,
    sizes: Mapping[str, Size],
    *,
    names: Iterable[str] | None = None,
    heights: Heights | None = None,
    wrap_width: float | None = None,
    room: Size | None = None,
) -> Steps[MoveNodes]:
    """`arrangement` in steps; the project must not change between them."""
    whole = graph_of(project, graph)
    group = whole.nodes.keys() if names is None else whole.nodes.keys() & set(names)
    part = Graph({name: node for name, node in whole.nodes.items() if name in group})
    part.wires = [wire for wire in whole.wires if wire.source.node in group and wire.target.node in group]
    all_ports = {name: ports(project, node) for name, node in part.nodes.items()}
    yield
    corners = yield from _placing(part, sizes, all_ports, heights or {}, wrap_width, room)
    if names is not None and corners:
        x, y = (min(node.pos[axis] for node in part.nodes.values()) for axis in (0, 1))
        corners = {name: _moved(corner, x, y) for name, corner in corners.items()}
    return MoveNodes(graph, corners)


def _moved(point: Point, x: float, y: float) -> Point:
    return float(round(point[0] + x)), float(round(point[1] + y))


def _parts(graph: Graph) -> list[set[str]]:
    """The nodes of each connected part, in the order of their first nodes."""
    neighbours: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for wire in graph.wires:
        if wire.source.node in neighbours and wire.target.node in neighbours:
            neighbours[wire.source.node].append(wire.target.node)
            neighbours[wire.target.node].append(wire.source.node)
    parts: list[set[str]] = []
    visited: set[str] = set()
    for start in graph.nodes:
        part: set[str] = set()
        todo = [start]
        while todo:
            name = todo.pop()
            if name not in visited:
                visited.add(name)
                part.add(name)
                todo += neighbours[name]
        parts += [part] if part else []
    return parts
