"""The wires at each node."""

from collections import defaultdict

from engine.graph.model import Graph, Wire

NONE: list[Wire] = []


class WireIndex:
    """Built once per edit, instead of once per node."""

    def __init__(self) -> None:
        self._into: dict[str, list[Wire]] = {}
        self._out_of: dict[str, list[Wire]] = {}

    def into(self, name: str) -> list[Wire]:
        """The wires that end at a node."""
        return self._into.get(name, NONE)

    def out_of(self, name: str) -> list[Wire]:
        """The wires that start at a node."""
        return self._out_of.get(name, NONE)

    def follow(self, graph: Graph) -> set[str]:
        """Update to a graph; returns the nodes whose wires have changed."""
        into: dict[str, list[Wire]] = defaultdict(list)
        out_of: dict[str, list[Wire]] = defaultdict(list)
        for wire in graph.wires:
            into[wire.target.node].append(wire)
            out_of[wire.source.node].append(wire)
        changed = {
            name
            for side, before in ((into, self._into), (out_of, self._out_of))
            for name in side.keys() | before.keys()
            if side.get(name, NONE) != before.get(name, NONE)
        }
        self._into, self._out_of = dict(into), dict(out_of)
        return changed
