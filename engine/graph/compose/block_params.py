"""Gestures on the parameters of a block, and how they follow nodes into another graph."""

from collections.abc import Mapping

from msgspec import Struct

from engine.catalog.expressions import Constant, Expression, ExpressionError, names, parse, sizes, substitute
from engine.graph.block_params import BlockParam
from engine.graph.compose.draft import Draft
from engine.graph.compose.naming import taken_names, unused_name
from engine.graph.edits import RESERVED_PARAMS, AddBlockParam, Batch, EditError, RemoveBlockParam, SetNode, SetParam
from engine.graph.edits.insertion import find, graph_of
from engine.graph.model import UNSET, End, Graph, Node, Project
from engine.graph.node_expressions import expressions_of, with_expressions

Values = Mapping[str, Constant | Expression]
Sizes = Mapping[tuple[str, int], int | Expression]


def add_param(project: Project, block: str, param: BlockParam, like: str) -> Batch:
    """Add a parameter after the others, under a free name similar to ``like``."""
    graph = graph_of(project, block)
    name = unused_name({*taken_names(graph), *RESERVED_PARAMS}, like)
    return Batch(f"Add parameter {name}", (AddBlockParam(block, name, param),))


def remove_param(project: Project, block: str, name: str) -> Batch:
    """Remove a parameter: expressions in the block get its default, and its uses lose their values.

    Raises: `EditError` when the block has no such parameter, or its default cannot be part of an expression.
    """
    draft = Draft(project, block)
    param = find(draft.graph.params, name, "parameter")
    for node_name, node in draft.graph.nodes.items():
        _set_values(draft, node_name, with_values(node, {name: param.default}))
    for owner, use in project.uses(block):
        if name in draft.project.graphs[owner].nodes[use].params:
            draft.do(SetParam(owner, use, name, UNSET))
    draft.do(RemoveBlockParam(block, name))
    return draft.batch(f"Remove parameter {name}")


def _set_values(draft: Draft, name: str, after: Node) -> None:
    before = draft.graph.nodes[name]
    if after.bypass != before.bypass:
        draft.do(SetNode(draft.name, name, "bypass", after.bypass))
    for key, value in list(before.params.items()):
        if isinstance(value, Expression) and after.params[key] != value:
            draft.do(SetParam(draft.name, name, key, after.params[key]))


def with_values(node: Node, values: Values, known_sizes: Sizes | None = None) -> Node:
    """The node with values in place of parameters and sizes that its expressions read.

    Raises: `EditError` when an expression would be too long, or a value cannot be part of one.
    """

    def value(expression: Expression) -> Constant | Expression:
        if not (names(expression) or sizes(expression)):
            return expression
        try:
            return substitute(expression, values, known_sizes or {})
        except ExpressionError as wrong:
            raise EditError(f"{expression.text}: {wrong.message.removesuffix('.')}") from None

    return with_expressions(node, value)


class CarriedParams(Struct, frozen=True):
    """What nodes of a block need in a block of their own.

    ``params``: of the new block. ``values``: of its use, in the block around it. ``nodes``: with new names of sizes.
    """

    params: dict[str, BlockParam]
    values: dict[str, Constant | Expression]
    nodes: dict[str, Node]


def carried_params(outer: Graph, nodes: dict[str, Node], ports: Mapping[End, str]) -> CarriedParams:
    """The parameters that the nodes read, which a use of the new block passes on.

    ``ports``: the inputs of the new block by their source. A size of another input becomes a parameter.
    """
    expressions = [expression for node in nodes.values() for _, expression in expressions_of(node)]
    read = {name for expression in expressions for name in names(expression)}
    params = {name: param for name, param in outer.params.items() if name in read}
    values: dict[str, Constant | Expression] = {name: Expression(name) for name in params}
    new_sizes: dict[tuple[str, int], int | Expression] = {}
    used = {*nodes, *ports.values(), *outer.params, *RESERVED_PARAMS}
    for port, axis in dict.fromkeys(size for expression in expressions for size in sizes(expression)):
        if inner := ports.get(End(port, "output")):
            new_sizes[port, axis] = parse(f"size({inner}, {axis})")
            continue
        name = unused_name(used, f"{port}_size_{axis}".replace("-", "minus_"))
        used.add(name)
        params[name] = BlockParam("int", 1, min=1, help=f"The size of axis {axis} of {port}.")
        values[name] = parse(f"size({port}, {axis})")
        new_sizes[port, axis] = Expression(name)
    return CarriedParams(params, values, {name: with_values(node, {}, new_sizes) for name, node in nodes.items()})
