"""A copy of the project on which a gesture applies its edits, so that each step sees the result of the last."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.catalog.index import layer
from engine.graph.edits import AddWire, Batch, Edit, EditError, RemoveWire, SetNode, SetParam, SetWeights
from engine.graph.edits.insertion import graph_of
from engine.graph.model import UNSET, End, Graph, Project, Wire
from engine.graph.ports import Ports, ports


class Draft:
    """A copy of a project's graphs, and the edits that were applied to it."""

    def __init__(self, project: Project, graph: str) -> None:
        graph_of(project, graph)
        self.project = replace(project, graphs={name: _copied(each) for name, each in project.graphs.items()})
        self.name = graph
        self.edits: list[Edit] = []

    @property
    def graph(self) -> Graph:
        """The graph that the gesture changes, in its present state."""
        return self.project.graphs[self.name]

    @property
    def is_main(self) -> bool:
        """Whether the gesture changes the main graph."""
        return self.name == self.project.main

    def do(self, edit: Edit) -> None:
        """Apply one more edit. Raises: `EditError` when it does not fit."""
        edit.apply(self.project)
        self.edits.append(edit)

    def do_all(self, edits: Sequence[Edit]) -> None:
        """Apply several more edits, or none. Raises: `EditError` when one does not fit."""
        Batch("", tuple(edits)).apply(self.project)
        self.edits += edits

    def batch(self, label: str) -> Batch:
        """All edits so far as one step."""
        return Batch(label, tuple(self.edits))

    def require(self, names: Iterable[str]) -> list[str]:
        """The names in the graph's order. Raises: `EditError` when there are none, or when one does not exist."""
        selection = set(names)
        if missing := sorted(selection.difference(self.graph.nodes)):
            raise EditError(f"there is no node named {missing[0]}")
        if not selection:
            raise EditError("no node is selected")
        return [name for name in self.graph.nodes if name in selection]

    def ports(self, node: str) -> Ports:
        """The ports of a node of the graph."""
        value = self.graph.nodes[node]
        return ports(self.project, value, self.graph.nodes.get(value.shares or ""))

    def role(self, node: str) -> str:
        """The declared role of a node, ``""`` for an unknown kind."""
        declared = layer(self.graph.nodes[node].kind)
        return declared.role if declared else ""

    def accepts(self, source: End, target: End) -> bool:
        """Whether both ports exist and carry the same kind of element; unknown kinds accept everything."""
        if source.node not in self.graph.nodes or target.node not in self.graph.nodes:
            return False
        gives, takes = self.ports(source.node).output(source.port), self.ports(target.node).input(target.port)
        have_ports = (gives or not self.role(source.node)) and (takes or not self.role(target.node))
        elements = {port.element for port in (gives, takes) if port} - {"any"}
        return bool(have_ports) and len(elements) < 2

    def next_input(self, target: End) -> End:
        """The end itself, or for a variadic port without a valid index its first free one."""
        if target.node not in self.graph.nodes:
            return target
        port = next((port for port in self.ports(target.node).inputs if port.name == target.base), None)
        if port is None or not port.variadic:
            return target
        count = sum(wire.target.base == port.name for wire in self.graph.into(target.node))
        is_there = "[" in target.port and target.index < count
        return target if is_there else End(target.node, f"{port.name}[{count}]")

    def cut(self, wires: Iterable[Wire]) -> None:
        """Remove wires, and close the gaps in variadic ports."""
        nodes = []
        for wire in wires:
            self.do(RemoveWire(self.name, wire))
            nodes += [wire.target.node] if wire.target.base != wire.target.port else []
        for node in dict.fromkeys(nodes):
            if node in self.graph.nodes:
                self.close_gaps(node)

    def close_gaps(self, node: str) -> None:
        """Number the wires into a node's variadic ports from 0 without a gap."""
        for port in self.ports(node).inputs:
            wires = [wire for wire in self.graph.into(node) if wire.target.base == port.name] if port.variadic else []
            if len({wire.target for wire in wires}) == len(wires):
                for place, wire in enumerate(wires):
                    if wire.target.index != place:
                        self.rewire(wire, replace(wire, target=End(node, f"{port.name}[{place}]")))

    def rewire(self, old: Wire, new: Wire) -> None:
        """Replace a wire by another at the same place."""
        place = self.graph.wires.index(old)
        self.do(RemoveWire(self.name, old))
        self.do(AddWire(self.name, new, place))

    def set_wires(self, wires: list[Wire]) -> None:
        """Make these the graph's wires; those that stay must be in the same order."""
        rest = set(wires)
        for wire in [wire for wire in self.graph.wires if wire not in rest]:
            self.do(RemoveWire(self.name, wire))
        for place, wire in enumerate(wires):
            if place >= len(self.graph.wires) or self.graph.wires[place] != wire:
                self.do(AddWire(self.name, wire, place))

    def hand_over_weights(self, owners: Iterable[str]) -> None:
        """Let the first node that shares the weights of an owner own them; the others then share its weights.

        Its settings of weights go with them, and so do nodes that share single weights of it.
        """
        removed = set(owners)
        shared = {node.shares for node in self.graph.nodes.values()}
        for owner in [name for name in self.graph.nodes if name in removed and name in shared]:
            sharers = [name for name, node in self.graph.nodes.items() if node.shares == owner and name not in removed]
            for sharer in sharers:
                self.do(SetNode(self.name, sharer, "shares", sharers[0] if sharer != sharers[0] else None))
            if sharers:
                self._take_values(sharers[0], owner)
                self._rename_owners({owner: sharers[0]}, removed)

    def drop_shared_weights(self, owners: Iterable[str]) -> None:
        """Give the other nodes that share single weights of these nodes weights of their own."""
        removed = set(owners)
        for name, node in list(self.graph.nodes.items()):
            settings = node.settings.sharing_with(lambda owner: owner not in removed)
            if name not in removed and settings is not node.settings:
                self.do(SetWeights(self.name, name, settings))

    def drop_ports(self, names: Iterable[str]) -> None:
        """Remove the wires of block uses at the ports of these `Input` and `Output` nodes."""
        removed = {name for name in names if self.graph.nodes[name].kind in ("Input", "Output")}
        for owner, use in list(self.project.uses(self.name)) if removed else ():
            ends = {End(use, name) for name in removed}
            for wire in [wire for wire in self.project.graphs[owner].wires if ends & {wire.source, wire.target}]:
                self.do(RemoveWire(owner, wire))

    def _rename_owners(self, names: dict[str, str], removed: set[str]) -> None:
        for name, node in list(self.graph.nodes.items()):
            settings = replace(node.settings, shares=node.settings.following(names).shares)
            if name not in removed and settings != node.settings:
                self.do(SetWeights(self.name, name, settings))

    def _take_values(self, successor: str, owner: str) -> None:
        successor_node, owner_node = self.graph.nodes[successor], self.graph.nodes[owner]
        if successor_node.kind == owner_node.kind:
            for name in [name for name in successor_node.params if name not in owner_node.params]:
                self.do(SetParam(self.name, successor, name, UNSET))
            for name, value in owner_node.params.items():
                self.do(SetParam(self.name, successor, name, value))
            if owner_node.settings != successor_node.settings:
                self.do(SetWeights(self.name, successor, owner_node.settings))


def _copied(graph: Graph) -> Graph:
    nodes = {name: replace(node, params=dict(node.params)) for name, node in graph.nodes.items()}
    return replace(graph, nodes=nodes, wires=list(graph.wires), params=dict(graph.params))
