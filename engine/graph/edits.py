"""The primitive edits: each is a value that changes a project and returns the edit that changes it back.

Restoring is exact, the order of nodes and wires included, because that order decides the generated source.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypeVar

from engine.catalog.params import Value
from engine.graph.model import (
    UNSET,
    Data,
    End,
    Frame,
    Graph,
    Node,
    Note,
    Project,
    Training,
    Unset,
    Wire,
    is_name,
)


V = TypeVar("V")


class EditError(ValueError):
    """An edit that does not fit the project: a name taken or missing. Nothing has been changed."""


def _insert(items: dict[str, V], name: str, value: V, index: int | None) -> None:
    if name in items:
        raise EditError(f"the name {name} is taken")
    if not is_name(name):
        raise EditError(
            f"{name!r} is not a name: use letters, digits and underscores, not first a digit, and no keyword"
        )
    place = len(items) if index is None else index
    tail = list(items.items())[place:]
    for key, _ in tail:
        del items[key]
    items[name] = value
    items.update(tail)


def _rekey(items: dict[str, V], old: str, new: str) -> None:
    if new in items or not is_name(new):
        raise EditError(f"{old} cannot be named {new}: the name is taken or not an identifier")
    pairs = [(new if key == old else key, value) for key, value in items.items()]
    items.clear()
    items.update(pairs)


def _find(items: dict[str, V], name: str, what: str) -> V:
    if name not in items:
        raise EditError(f"there is no {what} named {name}")
    return items[name]


def _graph(project: Project, name: str) -> Graph:
    return _find(project.graphs, name, "graph")


def _node(project: Project, graph: str, name: str) -> Node:
    return _find(_graph(project, graph).nodes, name, "node")


@dataclass(frozen=True, slots=True)
class AddNode:
    """Place a node; ``index`` is its place among the graph's nodes, the end by default."""

    graph: str
    name: str
    node: Node
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Add {self.name}"

    def apply(self, project: Project) -> "RemoveNode":
        _insert(_graph(project, self.graph).nodes, self.name, deepcopy(self.node), self.index)
        return RemoveNode(self.graph, self.name)


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Take away a node that no wire touches (`compose.remove` takes the wires away first)."""

    graph: str
    name: str

    @property
    def label(self) -> str:
        return f"Remove {self.name}"

    def apply(self, project: Project) -> AddNode:
        graph = _graph(project, self.graph)
        node = _node(project, self.graph, self.name)
        if any(self.name in (wire.source.node, wire.target.node) for wire in graph.wires):
            raise EditError(f"{self.name} still has wires")
        index = list(graph.nodes).index(self.name)
        del graph.nodes[self.name]
        return AddNode(self.graph, self.name, node, index)


@dataclass(frozen=True, slots=True)
class RenameNode:
    """Give a node another name; wires, shared weights and the ports of block uses follow."""

    graph: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return f"Rename {self.old} to {self.new}"

    def apply(self, project: Project) -> Self:
        graph = _graph(project, self.graph)
        node = _node(project, self.graph, self.old)
        if self.old == self.new:
            return self
        _rekey(graph.nodes, self.old, self.new)
        _rewire(graph, lambda end: End(self.new, end.port) if end.node == self.old else end)
        for other in graph.nodes.values():
            if other.shares == self.old:
                other.shares = self.new
        if node.kind in ("Input", "Output"):
            self._rename_port(project, is_input=node.kind == "Input")
        return replace(self, old=self.new, new=self.old)

    def _rename_port(self, project: Project, *, is_input: bool) -> None:
        for owner, use in list(project.uses(self.graph)):
            graph = project.graphs[owner]
            graph.wires[:] = [
                replace(wire, target=End(use, self.new))
                if is_input and wire.target == End(use, self.old)
                else replace(wire, source=End(use, self.new))
                if not is_input and wire.source == End(use, self.old)
                else wire
                for wire in graph.wires
            ]


def _rewire(graph: Graph, change: Callable[[End], End]) -> None:
    graph.wires[:] = [replace(wire, source=change(wire.source), target=change(wire.target)) for wire in graph.wires]


@dataclass(frozen=True, slots=True)
class SetParam:
    """Give one parameter of one node a new value."""

    graph: str
    node: str
    name: str
    value: Value | Unset  # UNSET: back to the declared default
    gesture: int = 0  # edits of one mouse drag share a number, and one undo step
    index: int | None = None  # its place among the node's values, so that undo restores their order

    @property
    def label(self) -> str:
        return f"Set {self.name} of {self.node}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        params = _node(project, self.graph, self.node).params
        before = params.get(self.name, UNSET)
        place = list(params).index(self.name) if self.name in params else None
        if isinstance(self.value, Unset):
            params.pop(self.name, None)
        elif self.name in params:
            params[self.name] = self.value
        else:
            _insert_plain(params, self.name, self.value, self.index)
        return replace(self, value=before, index=place)

    def absorb(self, later: "Edit") -> "Edit | None":
        """The single edit worth both, or ``None`` if they are separate steps."""
        match later:
            case SetParam(self.graph, self.node, self.name, gesture=self.gesture) if self.gesture:
                return later
        return None


def _insert_plain(items: dict[str, Value], name: str, value: Value, index: int | None) -> None:
    tail = list(items.items())[len(items) if index is None else index :]
    for key, _ in tail:
        del items[key]
    items[name] = value
    items.update(tail)


@dataclass(frozen=True, slots=True)
class SetNode:
    """Change what a node is besides its parameters."""

    graph: str
    node: str
    name: Literal["kind", "bypass", "shares", "graph", "repeat"]
    value: str | bool | int | None

    @property
    def label(self) -> str:
        return f"Set {self.name} of {self.node}"

    def apply(self, project: Project) -> Self:
        node = _node(project, self.graph, self.node)
        before = getattr(node, self.name)
        setattr(node, self.name, self.value)
        return replace(self, value=before)


@dataclass(frozen=True, slots=True)
class MoveNodes:
    """Put nodes at new positions, in scene pixels."""

    graph: str
    positions: dict[str, tuple[float, float]]
    gesture: int = 0

    @property
    def label(self) -> str:
        return f"Move {next(iter(self.positions))}" if len(self.positions) == 1 else f"Move {len(self.positions)} nodes"

    def apply(self, project: Project) -> Self:
        nodes = [_node(project, self.graph, name) for name in self.positions]
        before = {name: node.pos for name, node in zip(self.positions, nodes, strict=True)}
        for node, pos in zip(nodes, self.positions.values(), strict=True):
            node.pos = pos
        return replace(self, positions=before)

    def absorb(self, later: "Edit") -> "Edit | None":
        """The single edit worth both, or ``None`` if they are separate steps."""
        if (
            isinstance(later, MoveNodes)
            and self.gesture
            and later.gesture == self.gesture
            and later.graph == self.graph
        ):
            return replace(later, positions=self.positions | later.positions)
        return None


@dataclass(frozen=True, slots=True)
class AddWire:
    """Connect two ports; ``index`` is its place among the graph's wires, the end by default."""

    graph: str
    wire: Wire
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Connect {self.wire.source} to {self.wire.target}"

    def apply(self, project: Project) -> "RemoveWire":
        graph = _graph(project, self.graph)
        for end in (self.wire.source, self.wire.target):
            _node(project, self.graph, end.node)
        if any(wire.target == self.wire.target for wire in graph.wires):
            raise EditError(f"{self.wire.target} has a wire already")
        graph.wires.insert(len(graph.wires) if self.index is None else self.index, self.wire)
        return RemoveWire(self.graph, self.wire)


@dataclass(frozen=True, slots=True)
class RemoveWire:
    """Cut one wire."""

    graph: str
    wire: Wire

    @property
    def label(self) -> str:
        return f"Disconnect {self.wire.target}"

    def apply(self, project: Project) -> AddWire:
        wires = _graph(project, self.graph).wires
        if self.wire not in wires:
            raise EditError(f"there is no wire from {self.wire.source} to {self.wire.target}")
        index = wires.index(self.wire)
        del wires[index]
        return AddWire(self.graph, self.wire, index)


@dataclass(frozen=True, slots=True)
class SetPoints:
    """Give the wire into ``target`` new reroute dots."""

    graph: str
    target: End
    points: tuple[tuple[float, float], ...]
    gesture: int = 0

    @property
    def label(self) -> str:
        return f"Reroute the wire into {self.target}"

    def apply(self, project: Project) -> Self:
        wires = _graph(project, self.graph).wires
        index = next((place for place, wire in enumerate(wires) if wire.target == self.target), None)
        if index is None:
            raise EditError(f"there is no wire into {self.target}")
        before = wires[index].points
        wires[index] = replace(wires[index], points=self.points)
        return replace(self, points=before)

    def absorb(self, later: "Edit") -> "Edit | None":
        """The single edit worth both, or ``None`` if they are separate steps."""
        match later:
            case SetPoints(self.graph, self.target, gesture=self.gesture) if self.gesture:
                return later
        return None


@dataclass(frozen=True, slots=True)
class AddGraph:
    """Add a graph, to be used as a block."""

    name: str
    graph: Graph = field(default_factory=Graph)
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Add block {self.name}"

    def apply(self, project: Project) -> "RemoveGraph":
        _insert(project.graphs, self.name, deepcopy(self.graph), self.index)
        return RemoveGraph(self.name)


@dataclass(frozen=True, slots=True)
class RemoveGraph:
    """Take away a graph that is not the main one and that no node uses."""

    name: str

    @property
    def label(self) -> str:
        return f"Remove block {self.name}"

    def apply(self, project: Project) -> AddGraph:
        graph = _graph(project, self.name)
        if project.main == self.name or any(project.uses(self.name)):
            raise EditError(f"{self.name} is in use")
        index = list(project.graphs).index(self.name)
        del project.graphs[self.name]
        return AddGraph(self.name, graph, index)


@dataclass(frozen=True, slots=True)
class RenameGraph:
    """Give a graph another name; its uses follow."""

    old: str
    new: str

    @property
    def label(self) -> str:
        return f"Rename {self.old} to {self.new}"

    def apply(self, project: Project) -> Self:
        _graph(project, self.old)
        if self.old == self.new:
            return self
        uses = [project.graphs[owner].nodes[name] for owner, name in project.uses(self.old)]
        _rekey(project.graphs, self.old, self.new)
        for node in uses:
            node.graph = self.new
        if project.main == self.old:
            project.main = self.new
        return replace(self, old=self.new, new=self.old)


@dataclass(frozen=True, slots=True)
class SetFrames:
    """Give a graph these frames."""

    graph: str
    frames: tuple[Frame, ...]
    label: str = "Change frames"

    def apply(self, project: Project) -> Self:
        graph = _graph(project, self.graph)
        before, graph.frames = graph.frames, self.frames
        return replace(self, frames=before)


@dataclass(frozen=True, slots=True)
class SetNotes:
    """Give a graph these sticky notes."""

    graph: str
    notes: tuple[Note, ...]
    label: str = "Change notes"

    def apply(self, project: Project) -> Self:
        graph = _graph(project, self.graph)
        before, graph.notes = graph.notes, self.notes
        return replace(self, notes=before)


@dataclass(frozen=True, slots=True)
class SetData:
    """Choose and configure the data."""

    data: Data
    label: str = "Change the data"

    def apply(self, project: Project) -> Self:
        before, project.data = project.data, self.data
        return replace(self, data=before)


@dataclass(frozen=True, slots=True)
class SetTraining:
    """Change how the network is trained."""

    training: Training
    label: str = "Change the training"

    def apply(self, project: Project) -> Self:
        before, project.training = project.training, self.training
        return replace(self, training=before)


@dataclass(frozen=True, slots=True)
class SetProject:
    """Change the project's name, or which graph is the main one."""

    name: Literal["name", "main"]
    value: str

    @property
    def label(self) -> str:
        return f"Set the project's {self.name}"

    def apply(self, project: Project) -> Self:
        if self.name == "main":
            _graph(project, self.value)
        before = getattr(project, self.name)
        setattr(project, self.name, self.value)
        return replace(self, value=before)


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one step: all are applied, or none."""

    label: str
    edits: tuple["Edit", ...]

    def apply(self, project: Project) -> "Batch":
        inverses: list[Edit] = []
        try:
            for edit in self.edits:
                inverses.append(edit.apply(project))
        except EditError:
            for inverse in reversed(inverses):
                inverse.apply(project)
            raise
        return replace(self, edits=tuple(reversed(inverses)))


Edit = (
    AddNode
    | RemoveNode
    | RenameNode
    | SetParam
    | SetNode
    | MoveNodes
    | AddWire
    | RemoveWire
    | SetPoints
    | AddGraph
    | RemoveGraph
    | RenameGraph
    | SetFrames
    | SetNotes
    | SetData
    | SetTraining
    | SetProject
    | Batch
)


def absorb(earlier: Edit, later: Edit) -> Edit | None:
    """The single edit worth both, when they are one gesture; else ``None``."""
    if isinstance(earlier, SetParam | MoveNodes | SetPoints):
        return earlier.absorb(later)
    return None
