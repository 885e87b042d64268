"""Edits that add, remove and rename nodes."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from engine.catalog.expressions import rename_ports
from engine.graph.edits.insertion import EditError, check_new, graph_of, has_wires, insert, node_of, place_of, rekey
from engine.graph.edits.weight_names import are_waiting, rename_weights
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.node_expressions import change_expressions, reads_size_of


class AddNode(Struct, frozen=True):
    """Place a node; ``index`` is its place among the graph's nodes, the end by default."""

    graph: str
    name: str
    node: Node
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Add {self.name}"

    def apply(self, project: Project) -> "RemoveNode":
        """Change the project; return the edit that changes it back."""
        nodes = graph_of(project, self.graph).nodes
        check_new(nodes, self.name)
        insert(nodes, self.name, self.node.copy(), self.index)
        return RemoveNode(self.graph, self.name, undo=True)


class RemoveNode(Struct, frozen=True):
    """Remove a node that has no wires (`compose.remove` removes the wires first).

    ``undo``: it reverts an `AddNode`, so wires that existed before the node may stay.
    """

    graph: str
    name: str
    undo: bool = False

    @property
    def label(self) -> str:
        return f"Remove {self.name}"

    def apply(self, project: Project) -> AddNode:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        node = node_of(project, self.graph, self.name)
        if not self.undo and has_wires(graph, self.name):
            raise EditError(f"{self.name} still has wires")
        index = place_of(graph.nodes, self.name)
        del graph.nodes[self.name]
        return AddNode(self.graph, self.name, node, index)


class RenameNode(Struct, frozen=True):
    """Give a node another name; wires, weights, ports of block uses and sizes in expressions follow."""

    graph: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return f"Rename {self.old} to {self.new}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        node = node_of(project, self.graph, self.old)
        if self.old == self.new:
            return self
        check_new(graph.nodes, self.new)
        self._check_unmentioned(project, graph, node)
        rekey(graph.nodes, self.old, self.new)
        graph.wires[:] = [_renamed(wire, self.old, self.new) for wire in graph.wires]
        for other in graph.nodes.values():
            if other.shares == self.old:
                other.shares = self.new
            if other.settings.follows:
                other.settings = other.settings.following({self.old: self.new})
        rename_weights(project, self.graph, self.old, self.new)
        if node.kind in ("Input", "Output"):
            self._rename_port(project)
        if node.kind == "Input":
            change_expressions(graph, lambda expression: rename_ports(expression, {self.old: self.new}))
        return replace(self, old=self.new, new=self.old)

    def _check_unmentioned(self, project: Project, graph: Graph, node: Node) -> None:
        """Refuse a name that wires refer to already: they would end at this node, and undo could not separate them."""
        is_in_use = has_wires(graph, self.new) or any(self.new in other.mentions for other in graph.nodes.values())
        is_in_use = is_in_use or are_waiting(project, self.graph, self.new)
        if not is_in_use and node.kind in ("Input", "Output"):
            is_in_use = node.kind == "Input" and reads_size_of(graph, self.new)
            ports = {End(use, self.new) for _, use in project.uses(self.graph)}
            owners = {owner for owner, _ in project.uses(self.graph)}
            loops = (project.graphs[owner].nodes[use].loop for owner, use in project.uses(self.graph))
            is_in_use = (
                is_in_use
                or any(loop and self.new in loop.ports for loop in loops)
                or any(ports & {wire.source, wire.target} for owner in owners for wire in project.graphs[owner].wires)
            )
        if is_in_use:
            raise EditError(f"something else already refers to {self.new}, which does not exist: remove that first")

    def _rename_port(self, project: Project) -> None:
        for owner, use in list(project.uses(self.graph)):
            graph = project.graphs[owner]
            loop = graph.nodes[use].loop
            graph.nodes[use].loop = loop.renamed({self.old: self.new}) if loop else None
            old, new = End(use, self.old), End(use, self.new)
            graph.wires[:] = [
                Wire(
                    new if wire.source == old else wire.source,
                    new if wire.target == old else wire.target,
                    wire.points,
                )
                for wire in graph.wires
            ]


def _renamed(wire: Wire, old: str, new: str) -> Wire:
    if old not in (wire.source.node, wire.target.node):
        return wire
    source, target = (End(new, end.port) if end.node == old else end for end in (wire.source, wire.target))
    return Wire(source, target, wire.points)
