"""The layer that computed the numbers that a node reads, and the range that its declaration gives them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.catalog.port_values import Meaning
from engine.catalog.spec import Layer, Range, effective
from engine.check.view import View
from engine.graph.model import Node


@dataclass(frozen=True, slots=True)
class Origin:
    """A layer of a graph. ``within``: the range of its output. ``gives``: what the output means.

    ``is_combined``: whether what reaches the port is computed of several of its numbers, such as their mean.
    """

    view: View
    name: str
    kind: str
    within: Range
    gives: Meaning
    is_combined: bool = False

    @property
    def title(self) -> str:
        return f"{self.name} ({self.kind})"


def origin(view: View, name: str, port: str, depth: int = 0) -> Origin | None:
    """The layer whose numbers reach a port, changed at most in layout; ``None`` where their range is unknown.

    ``depth``: how many blocks are around it.
    """
    visited: set[str] = set()
    is_combined = False
    while (wire := view.into.get(name, {}).get(port)) is not None and name not in visited:
        visited.add(name)
        name = wire.source.node
        node, declared = view.graph.nodes.get(name), view.layers.get(name)
        if node is None or declared is None:
            return None
        if declared.role == "block" and not node.is_bypassed:
            inner = _inside(view, node, wire.source.port, depth)
            return replace(inner, is_combined=True) if inner and is_combined else inner
        inputs = view.ports[name].inputs
        if not inputs or (declared.within is None and not node.is_bypassed):
            return None
        if not node.is_bypassed and isinstance(declared.within, Range):
            within = _range(view, node, declared, declared.within)
            return Origin(view, name, declared.kind, within, declared.gives, is_combined)
        is_combined |= declared.combines and not node.is_bypassed
        port = inputs[0].name
    return None


Use = tuple[View, str]


def fields_behind(view: View, name: str, port: str) -> set[str]:
    """The fields of the data whose values reach a port, changed at most in layout, through all blocks around it."""
    fields: set[str] = set()
    todo: list[tuple[View, str, str, tuple[Use, ...]]] = [(view, name, port, ())]
    visited: set[tuple[object, ...]] = set()
    while todo:
        current, node, into, uses = todo.pop()
        key = (current.name, node, into, tuple((outer.name, use) for outer, use in uses))
        wire = current.into.get(node, {}).get(into)
        if key in visited or wire is None or len(uses) > len(view.project.graphs):
            continue
        visited.add(key)
        source = wire.source.node
        if current.role(source) == "input" and current.is_main:
            fields.add(str(current.graph.nodes[source].params.get("field") or source))
        else:
            todo += _before(current, source, wire.source.port, uses)
    return fields


def _before(
    view: View, source: str, output: str, uses: tuple[Use, ...]
) -> Iterator[tuple[View, str, str, tuple[Use, ...]]]:
    """The input ports whose values a node passes on unchanged."""
    node, declared, graphs = view.graph.nodes.get(source), view.layers.get(source), view.project.graphs
    if node is None or declared is None:
        return
    inputs = view.ports[source].inputs
    if declared.role == "input":
        around = ((View(view.project, graph, graphs[graph]), use) for graph, use in view.project.uses(view.name))
        for outer, use in uses[-1:] or around:
            yield outer, use, source, uses[:-1]
    elif declared.role == "block" and not node.is_bypassed:
        if node.graph in graphs:
            yield View(view.project, node.graph, graphs[node.graph]), output, "input", (*uses, (view, source))
    elif inputs and (node.is_bypassed or declared.layout != "computed"):
        yield view, source, inputs[0].name, uses


def _inside(view: View, node: Node, output: str, depth: int) -> Origin | None:
    graph = view.project.graphs.get(node.graph or "")
    if graph is None or depth > len(view.project.graphs):  # a block contains itself
        return None
    return origin(View(view.project, node.graph or "", graph), output, "input", depth + 1)


def _range(view: View, node: Node, declared: Layer, within: Range) -> Range:
    if within == Range(within.low, within.high):
        return within
    values = effective(declared.params, view.graph.nodes.get(node.shares or "", node).params)
    low, high = values.get(within.low_param, within.low), values.get(within.high_param, within.high)
    depth = values.get(within.depth)
    if isinstance(depth, int | float):
        low = -float(depth)
    return Range(low, high) if isinstance(low, int | float) and isinstance(high, int | float) else within


def range_text(within: Range) -> str:
    """``from 0 to 1``, ``from 0 up``, ``up to 0``, for a message."""
    if within.high == float("inf"):
        return f"from {within.low:g} up"
    return f"up to {within.high:g}" if within.low == -float("inf") else f"from {within.low:g} to {within.high:g}"


def is_bounded(within: Range) -> bool:
    """Whether some numbers are out of the range."""
    return within.low != -float("inf") or within.high != float("inf")


def is_open(within: Range) -> bool:
    """Whether numbers of any size are in the range, of one sign at least."""
    return within.low == -float("inf") or within.high == float("inf")
