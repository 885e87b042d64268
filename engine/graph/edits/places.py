"""Finding things by name in a project, and putting them at an exact place: the order decides the generated source."""

from typing import TypeVar

from engine.graph.model import End, Graph, Node, Project, is_name

V = TypeVar("V")


class EditError(ValueError):
    """An edit that does not fit the project: a name taken or missing. Nothing has been changed."""


def insert(items: dict[str, V], name: str, value: V, index: int | None) -> None:
    """Put a value that is not yet there at a place, the end by default."""
    tail = list(items.items())[len(items) if index is None else index :]
    for key, _ in tail:
        del items[key]
    items[name] = value
    items.update(tail)


def place_of(items: dict[str, V], name: str) -> int:
    """The place of a name that is there, counted from 0."""
    return list(items).index(name)


def rekey(items: dict[str, V], old: str, new: str) -> None:
    """Give the value at one name another name, at the same place."""
    pairs = [(new if key == old else key, value) for key, value in items.items()]
    items.clear()
    items.update(pairs)


def check_new(items: dict[str, V], name: str) -> None:
    """Raises: `EditError` when a new thing cannot have this name."""
    if name in items:
        raise EditError(f"the name {name} is taken")
    if not is_name(name):
        raise EditError(
            f"{name!r} is not a name: use letters, digits and underscores, not first a digit, and no keyword"
        )


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


def touched(graph: Graph, node: str) -> bool:
    """Whether a wire names the node, be it there or not."""
    return any(node in (wire.source.node, wire.target.node) for wire in graph.wires)


def place_into(graph: Graph, target: End) -> int | None:
    """The place, among all wires, of the first that ends at ``target``."""
    return next((place for place, wire in enumerate(graph.wires) if wire.target == target), None)
