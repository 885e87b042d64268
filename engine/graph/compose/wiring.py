"""Gestures on wires."""

from dataclasses import replace

from engine.graph.algorithms import would_cycle
from engine.graph.compose.draft import Draft
from engine.graph.edits import AddNode, AddWire, Batch, EditError, RemoveWire
from engine.graph.edits.insertion import node_of, place_into
from engine.graph.model import End, Node, Project, Wire
from engine.graph.ports import Ports


def connect(project: Project, graph: str, source: End, target: End) -> Batch:
    """Add a wire in place of one that ends there already. A variadic port without an index gets its first free one.

    Raises: `EditError` for a port that does not exist, and when a cycle would close.
    """
    draft = Draft(project, graph)
    target = draft.next_input(target)
    _check(draft, source, target)
    _lay(draft, Wire(source, target))
    return draft.batch(f"Connect {source} to {target}")


def disconnect(project: Project, graph: str, wire: Wire) -> Batch:
    """Remove a wire; later wires of a variadic port move up."""
    draft = Draft(project, graph)
    draft.cut((wire,))
    return draft.batch(f"Disconnect {wire.target}")


def replug(project: Project, graph: str, wire: Wire, *, source: End | None = None, target: End | None = None) -> Batch:
    """Give a wire another source or target, in place of a wire that ends there already.

    Raises: `EditError` as `connect` does.
    """
    draft = Draft(project, graph)
    if wire not in draft.graph.wires:
        raise EditError(f"there is no wire from {wire.source} to {wire.target}")
    new = Wire(source or wire.source, target or wire.target)
    if new.target == wire.target:
        _check(draft, new.source, new.target)
        draft.rewire(wire, new)
    else:
        draft.cut((wire,))
        new = replace(new, target=draft.next_input(new.target))
        _check(draft, new.source, new.target)
        _lay(draft, new)
    return draft.batch(f"Connect {new.source} to {new.target}")


def insert(project: Project, graph: str, wire: Wire, name: str, node: Node | None = None) -> Batch:
    """Put a node, new when ``node`` is given, between the two ends of a wire, by its first ports that fit.

    Raises: `EditError` when none fit, or when a cycle would close.
    """
    draft = Draft(project, graph)
    if wire not in draft.graph.wires:
        raise EditError(f"there is no wire from {wire.source} to {wire.target}")
    if node is not None:
        draft.do(AddNode(graph, name, node))
    x, _ = node_of(draft.project, graph, name).pos
    inlet, outlet = _inlet(draft, wire, name), _outlet(draft, wire, name)
    place = draft.graph.wires.index(wire)
    draft.do(RemoveWire(graph, wire))
    halves = (
        Wire(wire.source, inlet, tuple(dot for dot in wire.points if dot[0] < x)),
        Wire(outlet, wire.target, tuple(dot for dot in wire.points if dot[0] >= x)),
    )
    for half in halves:
        _check(draft, half.source, half.target)
        draft.do(AddWire(graph, half, place))
        place += 1
    return draft.batch(f"Insert {name}")


def _inlet(draft: Draft, wire: Wire, name: str) -> End:
    for port in draft.ports(name).inputs:
        end = draft.next_input(End(name, port.name))
        if place_into(draft.graph, end) is None and draft.accepts(wire.source, end):
            return end
    raise EditError(f"{name} has no free input that takes {wire.source}")


def _outlet(draft: Draft, wire: Wire, name: str) -> End:
    for port in draft.ports(name).outputs:
        if draft.accepts(End(name, port.name), wire.target):
            return End(name, port.name)
    raise EditError(f"{name} has no output that {wire.target} takes")


def _check(draft: Draft, source: End, target: End) -> None:
    for end, find in ((source, Ports.output), (target, Ports.input)):
        node_of(draft.project, draft.name, end.node)
        if draft.role(end.node) and find(draft.ports(end.node), end.port) is None:
            raise EditError(f"{end.node} has no {find.__name__} {end.port}")
    if would_cycle(draft.graph, source.node, target.node):
        raise EditError(f"a wire from {source.node} to {target.node} would close a cycle")


def _lay(draft: Draft, wire: Wire) -> None:
    place = place_into(draft.graph, wire.target)
    if place is None:
        draft.do(AddWire(draft.name, wire))
    else:
        draft.rewire(draft.graph.wires[place], wire)
