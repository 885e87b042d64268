"""The values that parameters of blocks, and expressions over them, have at one use of a block."""

from collections.abc import Iterator, Mapping

from engine.catalog.expressions import Expression, ExpressionError, evaluate
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.block_params import block_params
from engine.graph.model import Graph, Node
from engine.graph.node_expressions import expressions_of
from engine.graph.resolved import NO_SIZES, SizeValues, Values, loop_values
from engine.graph.sizes import size_reads
from engine.runtime.analysis.build import Spec, has_samples

CODE = "P006"


def unresolved(view: View, values: Values, sizes: SizeValues) -> Iterator[Diagnostic]:
    """The problems of expressions that have no value here. ``view``: of a graph where all others have one.

    What a repeated use reads of its repetition is judged by `use_problems`.
    """
    for name, node in view.graph.nodes.items():
        is_repeated = node.kind == "Block" and node.repeat > 1
        for param, expression in expressions_of(node):
            if not (is_repeated and param in node.params):
                yield from _problem(view, name, param or "bypass", expression, values, sizes)


def undecided(view: View) -> Iterator[Diagnostic]:
    """The problems of expressions that must be values, since the source depends on them."""
    for name, node in view.unresolved.nodes.items():
        layer = view.layers[name]
        for param in layer.decides_source if layer else ():
            if isinstance(node.params.get(param), Expression):
                message = f"{name}: {param} decides which source {node.kind} has, so it cannot be an expression."
                yield view.problem(CODE, message, "Write a value.", node=name)


def use_problems(view: View, name: str, owner: Node, values: Values, index: int) -> Iterator[Diagnostic]:
    """The problems of the values of a block's parameters at one repetition of a use. ``owner``: of its weights."""
    for param in block_params(view.project.graphs[owner.graph or ""]):
        own = owner.params.get(param.name)
        if param.name not in values and isinstance(own, Expression):
            yield from _problem(view, name, param.name, own, loop_values(owner, index), NO_SIZES)
        elif param.name in owner.params and (wrong := param.problem(values.get(param.name))) is not None:
            yield view.problem("P002", f"{name}: {param.name} {wrong}.", param.help, node=name)


def has_wrong_defaults(block: Graph, owner: Node) -> bool:
    """Whether a use of the block has a default that is not legal, which is a problem of the block."""
    return any(name not in owner.params and param.default_problem(name) for name, param in block.params.items())


def read_sizes(graph: Graph, inputs: Mapping[str, Spec]) -> dict[tuple[str, int], int]:
    """The sizes of its inputs that a block reads, except those that count samples, and those of missing axes."""
    sizes = {}
    for port, axis in size_reads(graph):
        shape = inputs[port].shape if port in inputs else ()
        if -len(shape) <= axis < len(shape) and not has_samples(shape[axis]):
            sizes[port, axis] = shape[axis]
    return sizes


def _problem(
    view: View, name: str, param: str, expression: Expression, values: Values, sizes: SizeValues
) -> Iterator[Diagnostic]:
    try:
        evaluate(expression, values, sizes)
    except ExpressionError as wrong:
        yield view.problem(CODE, f"{name}: {param}: {wrong.message}", wrong.hint, node=name)
