"""Lookup by name, and insertion at an exact place, since the order decides the generated source."""

from typing import TypeVar

from engine.graph.model import End, Graph, Node, Project, Wire, is_name

V = TypeVar("V")


class EditError(ValueError):
    """An edit that does not fit the project: a name taken or missing. Nothing has been changed."""


def insert(items: dict[str, V], name: str, value: V, index: int | None) -> None:
    """Insert a new value at a place, the end by default."""
    tail = [] if index is None or index >= len(items) else list(items.items())[index:]
    for key, _ in tail:
        del items[key]
    items[name] = value
    items.update(tail)


def place_of(items: dict[str, V], name: str) -> int:
    """The place of a name, counted from 0."""
    return list(items).index(name)


def rekey(items: dict[str, V], old: str, new: str) -> None:
    """Rename a value, at the same place."""
    pairs = [(new if key == old else key, value) for key, value in items.items()]
    items.clear()
    items.update(pairs)


def check_new(items: dict[str, V], name: str) -> None:
    """Raises: `EditError` when a new item cannot have this name."""
    if name in items:
        raise EditError(f"the name {name} is taken")
    if not is_name(name):
        raise EditError(f"{name!r} is not a name: use letters, digits and underscores, no digit first, and no keyword")


def find(items: dict[str, V], name: str, what: str) -> V:
    """The value of that name. Raises: `EditError` when there is none."""
    if name not in items:
        raise EditError(f"there is no {what} named {name}")
    return items[name]


def graph_of(project: Project, name: str) -> Graph:
    """The graph of that name. Raises: `EditError` when there is none."""
    return find(project.graphs, name, "graph")


def node_of(project: Project, graph: str, name: str) -> Node:
    """The node of that name. Raises: `EditError` when there is none."""
    return find(graph_of(project, graph).nodes, name, "node")


def has_wires(graph: Graph, node: str) -> bool:
    """Whether a wire names the node, whether the node exists or not."""
    return any(node in (wire.source.node, wire.target.node) for wire in graph.wires)


def place_into(graph: Graph, target: End) -> int | None:
    """The place, among all wires, of the first that ends at ``target``."""
    node, port = target.node, target.port
    for place, wire in enumerate(graph.wires):  # comparing whole ends is slow
        end = wire.target
        if end.node == node and end.port == port:
            return place
    return None


def place_of_wire(graph: Graph, wire: Wire) -> int | None:
    """The place of a wire among all wires; the last one is checked first, since undo removes what came last."""
    wires, node = graph.wires, wire.target.node
    if wires and wires[-1] == wire:
        return len(wires) - 1
    return next((place for place, each in enumerate(wires) if each.target.node == node and each == wire), None)
