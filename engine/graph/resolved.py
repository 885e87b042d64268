"""A block at one use of it: its parameters' values, and the graph with every expression replaced by its value."""

from collections.abc import Mapping
from dataclasses import replace

from engine.catalog.expressions import Constant, Expression, ExpressionError, evaluate, substitute
from engine.graph.block_params import block_params
from engine.graph.model import Graph, Node, Project
from engine.graph.node_expressions import LOOP_NAMES, with_expressions

Values = Mapping[str, Constant]
"""The values of a block's parameters, by name."""
SizeValues = Mapping[tuple[str, int], int]
"""The sizes of a block's inputs, by port and axis; an axis may be counted from the end, as -1."""

NO_SIZES: SizeValues = {}


def resolved(graph: Graph, values: Values, sizes: SizeValues = NO_SIZES) -> Graph:
    """The graph with every expression replaced by its value; the same object where it has none.

    An expression without a value stays. In the parameters of a repeated use ``index`` and ``repeat`` stay too:
    `use_values` gives the values at each repetition.
    """
    changed = {
        name: after for name, node in graph.nodes.items() if (after := _resolved_node(node, values, sizes)) is not node
    }
    return replace(graph, nodes=graph.nodes | changed) if changed else graph


def _resolved_node(node: Node, values: Values, sizes: SizeValues) -> Node:
    def value(expression: Expression) -> Constant | Expression:
        try:
            return (substitute if node.repeat > 1 else evaluate)(expression, values, sizes)
        except ExpressionError:
            return expression

    return with_expressions(node, value)


def use_values(block: Graph, node: Node, index: int = 0) -> dict[str, Constant]:
    """The values of the block's parameters at one repetition of a use, counted from 0, defaults included.

    ``node``: the use, of a resolved graph. Parameters without a value are left out, and unknown ones too.
    """
    values: dict[str, Constant] = {}
    for name, param in block.params.items():
        value = node.params.get(name, param.default)
        if isinstance(value, Expression):
            try:
                value = evaluate(value, loop_values(node, index), NO_SIZES)
            except ExpressionError:
                continue
        values[name] = value
    return values


def loop_values(node: Node, index: int) -> dict[str, Constant]:
    """What the parameters of a use may read beside those of the block around it; nothing where it is not repeated."""
    return dict(zip(LOOP_NAMES, (index, node.repeat), strict=True)) if node.repeat > 1 else {}


def first_values(project: Project) -> dict[str, Values]:
    """The legal values of every block's parameters at its first use from the main graph, if they need no sizes.

    Those of a block without a use are the defaults.
    """
    values: dict[str, Values] = {project.main: {}}
    todo = [project.main]
    for owner in todo:
        graph = project.graphs.get(owner, Graph())
        for node in graph.nodes.values():
            block = project.graphs.get(node.graph or "") if node.kind == "Block" else None
            if block is None or node.graph is None or node.graph in values:
                continue
            source = graph.nodes.get(node.shares or "", node)
            values[node.graph] = _legal(block, _resolved_node(source, values[owner], NO_SIZES))
            todo.append(node.graph)
    unused = {name: graph for name, graph in project.graphs.items() if name not in values}
    return values | {name: _legal(graph, Node("Block")) for name, graph in unused.items()}


def _legal(block: Graph, use: Node) -> Values:
    values, params = use_values(block, use), {param.name: param for param in block_params(block)}
    legal = {name for name, value in values.items() if value is not None and params[name].problem(value) is None}
    return {name: value for name, value in values.items() if name in legal}
