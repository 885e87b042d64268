"""Edits of wires."""

from collections.abc import Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from engine.graph.edits.insertion import EditError, graph_of, node_of, place_into, place_of_wire
from engine.graph.model import End, Project, Wire


class AddWire(Struct, frozen=True):
    """Connect two ports; ``index`` is its place among the graph's wires, the end by default.

    ``undo``: it reverts a `RemoveWire`, so the wire may be invalid: to a missing node, or a second one into its port.
    """

    graph: str
    wire: Wire
    index: int | None = None
    undo: bool = False

    @property
    def label(self) -> str:
        return f"Connect {self.wire.source} to {self.wire.target}"

    def apply(self, project: Project) -> "RemoveWire":
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        if not self.undo:
            _check(project, self.graph, self.wire, is_taken=place_into(graph, self.wire.target) is not None)
        graph.wires.insert(len(graph.wires) if self.index is None else self.index, self.wire)
        return RemoveWire(self.graph, self.wire)


def add_wires(project: Project, added: Sequence[AddWire]) -> list["RemoveWire"]:
    """Apply edits that each add a new wire at the end of one graph; all, or none.

    It looks through all wires once, instead of once for each new wire, which makes a large paste fast.
    """
    graph = graph_of(project, added[0].graph)
    targets = {wire.target for wire in graph.wires}
    for each in added:
        _check(project, each.graph, each.wire, is_taken=each.wire.target in targets)
        targets.add(each.wire.target)
    graph.wires.extend(each.wire for each in added)
    return [RemoveWire(each.graph, each.wire) for each in added]


def _check(project: Project, graph: str, wire: Wire, *, is_taken: bool) -> None:
    for end in (wire.source, wire.target):
        node_of(project, graph, end.node)
    if is_taken:
        raise EditError(f"{wire.target} has a wire already")


class RemoveWire(Struct, frozen=True):
    """Remove one wire."""

    graph: str
    wire: Wire

    @property
    def label(self) -> str:
        return f"Disconnect {self.wire.target}"

    def apply(self, project: Project) -> AddWire:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        index = place_of_wire(graph, self.wire)
        if index is None:
            raise EditError(f"there is no wire from {self.wire.source} to {self.wire.target}")
        del graph.wires[index]
        return AddWire(self.graph, self.wire, index, undo=True)


class SetPoints(Struct, frozen=True):
    """Give the wire into ``target`` new reroute dots."""

    graph: str
    target: End
    points: tuple[tuple[float, float], ...]
    gesture: int = 0

    @property
    def label(self) -> str:
        return f"Reroute the wire into {self.target}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        place = place_into(graph, self.target)
        if place is None:
            raise EditError(f"there is no wire into {self.target}")
        wire = graph.wires[place]
        graph.wires[place] = Wire(wire.source, wire.target, self.points)
        return replace(self, points=wire.points)

    @property
    def targets(self) -> frozenset[object]:
        """What the edit touches, for `Batch.absorb`."""
        return frozenset(((self.graph, self.target),))

    def absorb(self, later: object) -> Self | None:
        """The single edit equal to both, or ``None`` if they are separate steps."""
        match later:
            case SetPoints(self.graph, self.target, gesture=self.gesture) if self.gesture:
                return replace(self, points=later.points)
        return None
