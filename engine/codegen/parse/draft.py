"""A graph while it is parsed from source: nodes that get their final names only when all of it is parsed."""

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
    """A node while it is parsed. ``is_named``: the source has its name, so others yield. ``inputs``: by port."""

    node: Node
    name: str
    is_named: bool = True
    inputs: dict[str, Ref] = field(default_factory=dict)
    outputs: tuple[str, ...] = ("output",)

    def is_like(self, other: "Draft") -> bool:
        """Whether both have the same name and compute the same; the factor of a loss is read later."""
        params, other_params = (
            {key: item for key, item in each.node.params.items() if key != "scale"} for each in (self, other)
        )
        own, others = ((each.node.kind, each.node.shares, each.node.loop) for each in (self, other))
        return own == others and params == other_params and self.name == other.name and self.inputs == other.inputs


@dataclass(slots=True)
class Drafts:
    """The nodes of one graph, in the order in which they will be added."""

    nodes: list[Draft] = field(default_factory=list)

    def add(self, draft: Draft, before: Draft | None = None) -> Draft:
        """Add a node, at the end or before another."""
        self.nodes.insert(len(self.nodes) if before is None else self.nodes.index(before), draft)
        return draft

    def input(self, field_name: str) -> Draft:
        """The Input node of a field; Input nodes come first."""
        inputs = [draft for draft in self.nodes if draft.node.kind == "Input"]
        draft_of_field = next((draft for draft in inputs if draft.node.params["field"] == field_name), None)
        if draft_of_field is None:
            name = field_name if is_name(field_name) else "field"
            draft_of_field = Draft(Node("Input", {"field": field_name}), name, is_named=False)
            self.nodes.insert(len(inputs), draft_of_field)
        return draft_of_field

    def by_name(self, name: str) -> Draft | None:
        """The node whose name in the source this is."""
        return next((draft for draft in self.nodes if draft.is_named and draft.name == name), None)

    def arrange(self, chains: Iterable[Sequence[Draft]]) -> None:
        """Sort the nodes so that each follows its inputs and the order of each chain holds.

        Raises: `EngineError` when there is no such order.
        """
        edges = {(ref.draft, draft) for draft in self.nodes for ref in draft.inputs.values()}
        edges |= {pair for chain in chains for pair in pairwise(chain)}
        nodes = in_order(self.nodes, edges)
        if len(nodes) < len(self.nodes):
            raise EngineError("The methods of the network compute in orders that contradict each other.", code=CODE)
        self.nodes = nodes

    def graph(self) -> Graph:
        """The finished graph; every node has a different name."""
        names: dict[int, str] = {}
        names_in_use: set[str] = set()
        for draft in sorted(self.nodes, key=lambda draft: (not draft.is_named, draft.node.kind == "Input")):
            name, count = draft.name, 1
            while name in names_in_use:
                count += 1
                name = f"{draft.name}_{count}"
            names_in_use.add(name)
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
