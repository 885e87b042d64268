"""Names and sizes of an expression replaced by values or by other expressions."""

import ast
import math
from collections.abc import Mapping

from engine.catalog.expressions.evaluation import evaluate
from engine.catalog.expressions.expression import Constant, Expression, ExpressionError
from engine.catalog.expressions.grammar import parse, size_of, tree
from engine.catalog.expressions.literals import literal
from engine.catalog.expressions.names import names, sizes
from engine.catalog.expressions.spelling import spell

Replacements = Mapping[str, Constant | Expression]
Sizes = Mapping[tuple[str, int], int | Expression]


def substitute(expression: Expression, values: Replacements, known_sizes: Sizes) -> Constant | Expression:
    """The expression with the names and sizes that are given replaced, and its value where nothing else is left.

    Raises: `ExpressionError` where it has no value, or would be too long.
    """
    replaced = _Replacing(values, known_sizes).visit(ast.parse(spell(tree(expression.text)), mode="eval").body)
    result = parse(spell(replaced))
    return result if names(result) or sizes(result) else evaluate(result, {}, {})


class _Replacing(ast.NodeTransformer):
    def __init__(self, values: Replacements, known_sizes: Sizes) -> None:
        self._values, self._sizes = values, known_sizes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _as_tree(self._values[node.id]) if node.id in self._values else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        size = size_of(node)
        if size is not None:
            return _as_tree(self._sizes[size]) if size in self._sizes else node
        return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])


def _as_tree(value: Constant | Expression) -> ast.expr:
    if isinstance(value, Expression):
        return tree(value.text)
    if not _can_be_written(value):
        raise ExpressionError(f"{literal(value)} cannot be part of an expression.", "type")
    return tree(literal(value))


def _can_be_written(value: Constant) -> bool:
    if isinstance(value, tuple):
        return all(map(_can_be_written, value))
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))
