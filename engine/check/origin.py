"""Which layer computed the numbers that a node reads, and between which bounds its declaration says that they are."""

from dataclasses import dataclass

from engine.catalog.spec import Layer, Meaning, Range, effective
from engine.check.view import View
from engine.graph.model import Node


@dataclass(frozen=True, slots=True)
class Origin:
    """A layer of a graph. ``within``: where the numbers that it gives are. ``gives``: what they mean."""

    view: View
    name: str
    kind: str
    within: Range
    gives: Meaning

    @property
    def title(self) -> str:
        return f"{self.name} ({self.kind})"


def origin(view: View, name: str, port: str) -> Origin | None:
    """The layer whose numbers reach a port, at most laid out otherwise; ``None`` where their bounds are not known."""
    while (wire := view.into.get(name, {}).get(port)) is not None:
        name = wire.source.node
        node, declared = view.graph.nodes.get(name), view.layers.get(name)
        if node is None or declared is None:
            return None
        if declared.role == "block" and not node.bypass:
            return _inside(view, node, wire.source.port)
        inputs = view.ports[name].inputs
        if not inputs or (declared.within is None and not node.bypass):
            return None
        if not node.bypass and isinstance(declared.within, Range):
            return Origin(view, name, declared.kind, _range(view, node, declared, declared.within), declared.gives)
        port = inputs[0].name
    return None


def _inside(view: View, node: Node, output: str) -> Origin | None:
    graph = view.project.graphs.get(node.graph or "")
    return origin(View(view.project, node.graph or "", graph), output, "input") if graph else None


def _range(view: View, node: Node, declared: Layer, within: Range) -> Range:
    if not within.depth:
        return within
    owner = view.graph.nodes.get(node.shares or "", node)
    depth = effective(declared.params, owner.params).get(within.depth)
    return Range(-float(depth), within.high) if isinstance(depth, int | float) else within


def range_text(within: Range) -> str:
    """``from 0 to 1``, ``from 0 up``, ``up to 0``, for a message."""
    if within.high == float("inf"):
        return f"from {within.low:g} up"
    return f"up to {within.high:g}" if within.low == -float("inf") else f"from {within.low:g} to {within.high:g}"


def is_bounded(within: Range) -> bool:
    """Whether some numbers lie outside."""
    return within.low != -float("inf") or within.high != float("inf")
