"""The expressions of nodes: which there are, and each one replaced."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from engine.catalog.expressions import Constant, Expression, sizes
from engine.catalog.params import Value
from engine.graph.model import Graph, Node
from engine.graph.weights import WeightSettings

Change = Callable[[Expression], Constant | Expression]

LOOP_NAMES = ("index", "repeat")
"""What the parameters of a repeated use may read beside those of the block around it."""


def expressions_of(node: Node) -> Iterator[tuple[str | None, Expression]]:
    """The expressions of a node, each with the name of its parameter, ``None`` for that of its bypass.

    The count of a loop is the parameter ``count``; a value of an initializer has the weight before its name, as in
    ``weight.std``.
    """
    if isinstance(node.bypass, Expression):
        yield None, node.bypass
    for name, value in node.params.items():
        if isinstance(value, Expression):
            yield name, value
    if node.loop and isinstance(node.loop.count, Expression):
        yield "count", node.loop.count
    for weight, part in node.settings.init.items():
        for name, value in part.params.items():
            if isinstance(value, Expression):
                yield f"{weight}.{name}", value


def has_expressions(node: Node) -> bool:
    """Whether a value of the node or its bypass is an expression."""
    if node.loop or node.settings.init or isinstance(node.bypass, Expression):
        return any(True for _ in expressions_of(node))
    return Expression in map(type, node.params.values())  # most nodes have no others; this is asked very often


def expressions_in(graph: Graph) -> Iterator[Expression]:
    """Every expression in a graph."""
    for node in filter(has_expressions, graph.nodes.values()):
        for _, expression in expressions_of(node):
            yield expression


def reads_size_of(graph: Graph, port: str) -> bool:
    """Whether an expression reads a size of an input, whether the input exists or not."""
    return any(port == name for expression in expressions_in(graph) for name, _ in sizes(expression))


def with_expressions(node: Node, change: Change) -> Node:
    """The node with every expression changed; itself where it has none. A bypass that is no flag stays."""
    if not has_expressions(node):
        return node
    params = _new_values(node.params, change)
    bypass = change(node.bypass) if isinstance(node.bypass, Expression) else node.bypass
    loop = node.loop
    if loop and isinstance(loop.count, Expression):
        loop = replace(loop, count=change(loop.count))
    bypass = bypass if isinstance(bypass, bool | Expression) else node.bypass
    return replace(node, params=params, bypass=bypass, loop=loop, settings=_new_settings(node.settings, change))


def _new_settings(settings: WeightSettings, change: Change) -> WeightSettings:
    if not settings.init:
        return settings
    init = {weight: replace(part, params=_new_values(part.params, change)) for weight, part in settings.init.items()}
    return replace(settings, init=init)


def _new_values(params: Mapping[str, Value], change: Change) -> dict[str, Value]:
    return {name: change(value) if isinstance(value, Expression) else value for name, value in params.items()}


def change_expressions(graph: Graph, change: Change) -> None:
    """Change every expression of a graph, in place."""
    for node in graph.nodes.values():
        after = with_expressions(node, change)
        node.params, node.bypass, node.loop, node.settings = after.params, after.bypass, after.loop, after.settings
