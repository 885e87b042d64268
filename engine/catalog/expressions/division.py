"""Division that gives whole numbers."""

import ast

from engine.catalog.expressions.expression import Expression
from engine.catalog.expressions.grammar import tree
from engine.catalog.expressions.spelling import spell


def with_whole_division(expression: Expression) -> Expression:
    """The expression with every ``/`` as ``//``. Raises: `ExpressionError` where it is no expression."""
    return Expression(spell(_Whole().visit(ast.parse(spell(tree(expression.text)), mode="eval").body)))


class _Whole(ast.NodeTransformer):
    def visit_Div(self, node: ast.Div) -> ast.FloorDiv:
        del node
        return ast.FloorDiv()
