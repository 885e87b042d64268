"""A graph while it is read from source: nodes whose names are settled only when all of it has been seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from engine.codegen.parse.literals import CODE
from engine.errors import EngineError
from engine.graph.algorithms import in_order
from engine.graph.model import End, Graph, Node, Wire, is_name


class Ref(NamedTuple):
    """An output port of a node that may not have its name yet."""

    draft: "Draft"
    port: str


@dataclass(eq=False, slots=True)
class Draft:
    """A node in the making. ``is_named``: the source tells its name, so others give way. ``inputs``: by port."""

    node: Node
    name: str
    is_named: bool = True
    inputs: dict[str, Ref] = field(default_factory=dict)
    outputs: tuple[str, ...] = ("output",)

    def is_like(self, other: "Draft") -> bool:
        """Whether both have one name and compute the same; the factor of a loss is known only later."""
        mine, others = (
            {key: item for key, item in each.node.params.items() if key != "scale"} for each in (self, other)
        )
        same = self.node.kind == other.node.kind and self.node.shares == other.node.shares and mine == others
        return same and self.name == other.name and self.inputs == other.inputs


@dataclass(slots=True)
class Drafts:
    """The nodes of one graph, in the order in which they will be added."""

    nodes: list[Draft] = field(default_factory=list)

    def add(self, draft: Draft, before: Draft | None = None) -> Draft:
        """Add a node, at the end or before another."""
        self.nodes.insert(len(self.nodes) if before is None else self.nodes.index(before), draft)
        return draft

    def input(self, field_name: str) -> Draft:
        """The node that gives a field; they all come first."""
        inputs = [draft for draft in self.nodes if draft.node.kind == "Input"]
        found = next((draft for draft in inputs if draft.node.params["field"] == field_name), None)
        if found is None:
            name = field_name if is_name(field_name) else "field"
            found = Draft(Node("Input", {"field": field_name}), name, is_named=False)
            self.nodes.insert(len(inputs), found)
        return found

    def named(self, name: str) -> Draft | None:
        """The node of that name, if the source tells it."""
        return next((draft for draft in self.nodes if draft.is_named and draft.name == name), None)

    def arrange(self, chains: Iterable[Sequence[Draft]]) -> None:
        """Put the nodes after their inputs and in an order that keeps that of each chain.

        Raises: `EngineError` when there is none.
        """
        edges = {(ref.draft, draft) for draft in self.nodes for ref in draft.inputs.values()}
        edges |= {pair for chain in chains for pair in pairwise(chain)}
        found = in_order(self.nodes, edges)
        if len(found) < len(self.nodes):
            raise EngineError("The methods of the network compute in orders that contradict each other.", code=CODE)
        self.nodes = found

    def graph(self) -> Graph:
        """The finished graph, every node with a name of its own."""
        names: dict[int, str] = {}
        taken: set[str] = set()
        for draft in sorted(self.nodes, key=lambda draft: (not draft.is_named, draft.node.kind == "Input")):
            name, count = draft.name, 1
            while name in taken:
                count += 1
                name = f"{draft.name}_{count}"
            taken.add(name)
            names[id(draft)] = name
        graph = Graph()
        for draft in self.nodes:
            name = names[id(draft)]
            if draft.node.kind == "Input" and draft.node.params.get("field") == name:
                del draft.node.params["field"]
            graph.nodes[name] = draft.node
        for draft in self.nodes:
            for port, (source, output) in draft.inputs.items():
                graph.wires.append(Wire(End(names[id(source)], output), End(names[id(draft)], port)))
        return graph
