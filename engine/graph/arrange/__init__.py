"""Positions for the nodes of a graph: in layers from left to right, wires short and straight, with few crossings.

After Sugiyama: layers by longest path, stand-ins where a wire passes a layer, barycentre sweeps that respect the order
of ports, and heights by lined-up rows. The same graph always gets the same positions.
"""

from collections.abc import Iterable, Mapping

from engine.graph.algorithms import order
from engine.graph.arrange.heights import place_vertically
from engine.graph.arrange.layering import put_in_layers
from engine.graph.arrange.net import USUAL_SIZE, Size, net_of
from engine.graph.arrange.ordering import order_layers
from engine.graph.arrange.rows import ROW_GAP_PX, Layout, Point, laid_out
from engine.graph.edits import Batch, MoveNodes, SetPoints
from engine.graph.edits.places import graph_of
from engine.graph.model import End, Graph, Project
from engine.graph.ports import Ports, ports

__all__ = ["USUAL_SIZE", "Layout", "arrange", "arranged", "layout", "tidied"]


def arrange(
    graph: Graph,
    sizes: Mapping[str, Size],
    *,
    known_ports: Mapping[str, Ports] | None = None,
    wrap_width: float | None = None,
) -> dict[str, Point]:
    """The top left corner of every node; see `layout`."""
    return layout(graph, sizes, known_ports=known_ports, wrap_width=wrap_width).corners


def layout(
    graph: Graph,
    sizes: Mapping[str, Size],
    *,
    known_ports: Mapping[str, Ports] | None = None,
    wrap_width: float | None = None,
) -> Layout:
    """Positions of nodes and long wires, in whole scene pixels from (0, 0); unconnected parts are stacked.

    ``sizes``: width and height of the nodes. ``known_ports``: those of block uses, which the graph alone does not tell.
    ``wrap_width``: chains wider than this continue in a row below; else all wires point right, but those of a cycle.
    """
    lone = Project(graphs={})
    known = {name: ports(lone, node) for name, node in graph.nodes.items()} | dict(known_ports or {})
    sequence = order(graph)
    held_up = graph.nodes.keys() - set(sequence)
    sequence += [name for name in graph.nodes if name in held_up]
    found, top = Layout(), 0.0
    for part in _parts(graph):
        net = net_of(graph, [name for name in sequence if name in part], sizes, known)
        put_in_layers(net, list(range(net.real)))
        order_layers(net)
        one = laid_out(net, place_vertically(net), wrap_width)
        found.corners |= {name: _moved(corner, 0.0, top) for name, corner in one.corners.items()}
        found.dots |= {wire: tuple(_moved(dot, 0.0, top) for dot in dots) for wire, dots in one.dots.items()}
        found.height = top + one.height
        top = found.height + ROW_GAP_PX
    found.corners = {name: found.corners[name] for name in graph.nodes}
    return found


def arranged(
    project: Project,
    graph: str,
    sizes: Mapping[str, Size],
    *,
    names: Iterable[str] | None = None,
    wrap_width: float | None = None,
) -> MoveNodes:
    """The edit that moves the nodes of a graph, or only the named ones, which keep their place as a group.

    Raises: `EditError` when there is no such graph.
    """
    return MoveNodes(graph, _layout_in_place(project, graph, sizes, names, wrap_width).corners)


def tidied(
    project: Project,
    graph: str,
    sizes: Mapping[str, Size],
    *,
    names: Iterable[str] | None = None,
    wrap_width: float | None = None,
) -> Batch:
    """What `arranged` does, and new reroute dots for the wires among those nodes, so that long ones run beside nodes.

    Raises: `EditError` when there is no such graph.
    """
    found = _layout_in_place(project, graph, sizes, names, wrap_width)
    seen: set[End] = set()
    edits: list[MoveNodes | SetPoints] = [MoveNodes(graph, found.corners)]
    for wire in graph_of(project, graph).wires:
        is_inside = wire.source.node in found.corners and wire.target.node in found.corners
        dots = found.dots.get(wire.target, ())
        if is_inside and wire.target not in seen and dots != wire.points:
            edits.append(SetPoints(graph, wire.target, dots))
        seen.add(wire.target)
    return Batch("Arrange", tuple(edits))


def _layout_in_place(
    project: Project,
    graph: str,
    sizes: Mapping[str, Size],
    names: Iterable[str] | None,
    wrap_width: float | None,
) -> Layout:
    whole = graph_of(project, graph)
    chosen = whole.nodes.keys() if names is None else whole.nodes.keys() & set(names)
    part = Graph({name: node for name, node in whole.nodes.items() if name in chosen})
    part.wires = [wire for wire in whole.wires if wire.source.node in chosen and wire.target.node in chosen]
    known = {name: ports(project, node) for name, node in part.nodes.items()}
    found = layout(part, sizes, known_ports=known, wrap_width=wrap_width)
    if names is not None and found.corners:
        x, y = (min(node.pos[axis] for node in part.nodes.values()) for axis in (0, 1))
        found.corners = {name: _moved(corner, x, y) for name, corner in found.corners.items()}
        found.dots = {wire: tuple(_moved(dot, x, y) for dot in dots) for wire, dots in found.dots.items()}
    return found


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
