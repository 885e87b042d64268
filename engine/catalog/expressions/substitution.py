"""Names and sizes of an expression replaced by values or by other expressions."""

import ast
import math
from collections.abc import Mapping
from typing import Any

from engine.catalog.expressions.evaluation import evaluate
from engine.catalog.expressions.expression import Constant, Expression, ExpressionError
from engine.catalog.expressions.grammar import operands, parse, size_of, tree
from engine.catalog.expressions.literals import literal
from engine.catalog.expressions.names import names, sizes
from engine.catalog.expressions.spelling import spell

Replacements = Mapping[str, Constant | Expression]
Sizes = Mapping[tuple[str, int], int | Expression]


def substitute(expression: Expression, values: Replacements, known_sizes: Sizes) -> Constant | Expression:
    """The expression with the names and sizes that are given replaced, or its value where it then has one.

    Raises: `ExpressionError` where it is no expression, would be too long, or needs a value that cannot be written.
    """
    whole = tree(expression.text)
    if isinstance(whole, ast.Name) and whole.id in values:
        return values[whole.id]
    result = parse(spell(_Replacing(values, known_sizes).visit(ast.parse(spell(whole), mode="eval").body)))
    return result if names(result) or sizes(result) else _value(result)


def _value(expression: Expression) -> Constant | Expression:
    """The value of an expression that reads nothing, or itself where it has none."""
    try:
        return evaluate(expression, {}, {})
    except ExpressionError:
        return expression


class _Replacing(ast.NodeTransformer):
    def __init__(self, values: Replacements, known_sizes: Sizes) -> None:
        self._values, self._sizes = values, known_sizes

    def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 (an operator stays an operator, an expression one)
        """The node with its parts replaced, and what has a value by then as a literal."""
        after = super().visit(node)
        return _folded(after) if isinstance(after, ast.expr) else after

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _as_tree(self._values[node.id]) if node.id in self._values else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        size = size_of(node)
        if size is not None:
            return _as_tree(self._sizes[size]) if size in self._sizes else node
        return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])


def _folded(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Constant) and isinstance(node.test.value, bool):
        return node.body if node.test.value else node.orelse
    if isinstance(node, ast.Name | ast.Constant | ast.Tuple) or _reads(node):
        return node
    value = _value(Expression(spell(node)))
    return node if isinstance(value, Expression) else tree(literal(value))


def _reads(node: ast.expr) -> bool:
    """Whether a node reads a parameter or a size."""
    return isinstance(node, ast.Name) or size_of(node) is not None or any(map(_reads, operands(node)))


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
