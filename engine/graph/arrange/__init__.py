"""Positions for the nodes of a graph: in layers from left to right, wires short and straight, with few crossings.

After Sugiyama: layers by longest path, stand-ins where a wire passes a layer, barycentre sweeps that respect the order
of ports, and heights by lined-up rows. The same graph always gets the same positions.

All of it can be had in steps, for a window that answers in between: 1,000 nodes take a tenth of a second.
"""

from collections.abc import Iterable, Mapping

from engine.graph.algorithms import order
from engine.graph.arrange.coordinates import ROW_GAP_PX, Point, laid_out
from engine.graph.arrange.dots import carried
from engine.graph.arrange.heights import place_vertically
from engine.graph.arrange.layering import put_in_layers
from engine.graph.arrange.net import USUAL_SIZE, Heights, Size, net_of
from engine.graph.arrange.ordering import order_layers
from engine.graph.edits import MoveNodes
from engine.graph.edits.insertion import graph_of
from engine.graph.model import Graph, Project
from engine.graph.ports import Ports, ports
from engine.graph.steps import Steps, result

__all__ = ["USUAL_SIZE", "arrange", "arranged", "arranging", "carried"]


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

    ``sizes``: width and height of the nodes. ``known_ports``: those of block uses, which the graph alone does not tell.
    ``heights``: how far below its node's top a port is, where that is known. ``room``: the size of the canvas; long
    chains continue in rows below, so many that all is seen at the largest zoom. ``wrap_width``: instead of it, how wide
    rows may be. With neither, all wires point right, but those of a cycle.
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
    known = {name: ports(lone, node) for name, node in graph.nodes.items()} | dict(known_ports)
    sequence = order(graph)
    held_up = graph.nodes.keys() - set(sequence)
    sequence += [name for name in graph.nodes if name in held_up]
    parts = _parts(graph)
    yield
    found: dict[str, Point] = {}
    top = 0.0
    for part in parts:
        net = net_of(graph, [name for name in sequence if name in part], sizes, known, heights)
        yield
        put_in_layers(net, list(range(net.real)))
        yield
        yield from order_layers(net)
        tops = yield from place_vertically(net)
        one = yield from laid_out(net, tops, wrap_width, room)
        found |= {name: _moved(corner, 0.0, top) for name, corner in one.corners.items()}
        top += one.height + ROW_GAP_PX
    return {name: found[name] for name in graph.nodes}


def arranged(
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
    return result(arranging(project, graph, sizes, names=names, heights=heights, wrap_width=wrap_width, room=room))


def arranging(
    project: Project,
    graph: str,
    sizes: Mapping[str, Size],
    *,
    names: Iterable[str] | None = None,
    heights: Heights | None = None,
    wrap_width: float | None = None,
    room: Size | None = None,
) -> Steps[MoveNodes]:
    """What `arranged` gives, in steps; the project must not change between them."""
    whole = graph_of(project, graph)
    chosen = whole.nodes.keys() if names is None else whole.nodes.keys() & set(names)
    part = Graph({name: node for name, node in whole.nodes.items() if name in chosen})
    part.wires = [wire for wire in whole.wires if wire.source.node in chosen and wire.target.node in chosen]
    known = {name: ports(project, node) for name, node in part.nodes.items()}
    yield
    found = yield from _placing(part, sizes, known, heights or {}, wrap_width, room)
    if names is not None and found:
        x, y = (min(node.pos[axis] for node in part.nodes.values()) for axis in (0, 1))
        found = {name: _moved(corner, x, y) for name, corner in found.items()}
    return MoveNodes(graph, found)


def _moved(point: Point, x: float, y: float) -> Point:
    return float(round(point[0] + x)), float(round(point[1] + y))


def _parts(graph: Graph) -> list[set[str]]:
    """The nodes of each part that no wire joins to another, by the order of their first nodes."""
    joined: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for wire in graph.wires:
        if wire.source.node in joined and wire.target.node in joined:
            joined[wire.source.node].append(wire.target.node)
            joined[wire.target.node].append(wire.source.node)
    found: list[set[str]] = []
    seen: set[str] = set()
    for start in graph.nodes:
        part: set[str] = set()
        todo = [start]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                part.add(name)
                todo += joined[name]
        found += [part] if part else []
    return found
