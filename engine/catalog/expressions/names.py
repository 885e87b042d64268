"""What an expression reads, and renaming it."""

import ast
from collections.abc import Mapping

from engine.catalog.expressions.expression import Expression, ExpressionError
from engine.catalog.expressions.grammar import operands, size_of, tree
from engine.catalog.expressions.spelling import spell


def names(expression: Expression) -> tuple[str, ...]:
    """The parameters that it reads, each once, in order; none for a text that is no expression."""
    return tuple(dict.fromkeys(node.id for node in _walk(expression) if isinstance(node, ast.Name)))


def sizes(expression: Expression) -> tuple[tuple[str, int], ...]:
    """The (port, axis) pairs whose sizes it reads, each once; none for a text that is no expression."""
    return tuple(dict.fromkeys(size for node in _walk(expression) if (size := size_of(node))))


def _walk(expression: Expression) -> list[ast.expr]:
    """The nodes that have values, in order."""
    try:
        nodes, todo = list[ast.expr](), [tree(expression.text)]
    except ExpressionError:
        return []
    while todo:
        node = todo.pop()
        nodes.append(node)
        todo += reversed(operands(node))
    return nodes


def rename(expression: Expression, new_names: Mapping[str, str]) -> Expression:
    """The expression with parameters renamed, old name to new; a text that is no expression stays."""
    return _mapped(expression, _Renaming(new_names, {}))


def rename_ports(expression: Expression, new_names: Mapping[str, str]) -> Expression:
    """The expression with the ports of ``size`` renamed, old name to new; a text that is no expression stays."""
    return _mapped(expression, _Renaming({}, new_names))


def _mapped(expression: Expression, change: ast.NodeTransformer) -> Expression:
    try:
        return Expression(spell(change.visit(ast.parse(spell(tree(expression.text)), mode="eval").body)))
    except ExpressionError:
        return expression


class _Renaming(ast.NodeTransformer):
    def __init__(self, params: Mapping[str, str], ports: Mapping[str, str]) -> None:
        self._params, self._ports = params, ports

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self._params.get(node.id, node.id))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if size := size_of(node):
            return ast.Call(node.func, [ast.Name(self._ports.get(size[0], size[0])), node.args[1]], [])
        return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])
