"""The value of an expression, with limits that are checked before anything large is computed."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import TypeVar

from engine.catalog.expressions.expression import MAX_NUMBER, Constant, Expression, ExpressionError
from engine.catalog.expressions.grammar import size_of, tree
from engine.catalog.expressions.spelling import brief

Number = int | float
K = TypeVar("K")
T = TypeVar("T")

_ARITHMETIC: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDER: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def evaluate(expression: Expression, values: Mapping[str, Constant], sizes: Mapping[tuple[str, int], int]) -> Constant:
    """The value, as Python would compute it.

    ``values``: of the parameters. ``sizes``: by port and axis. Raises: `ExpressionError` where there is none.
    """
    return _Evaluation(values, sizes).value(tree(expression.text))


class _Evaluation:
    def __init__(self, values: Mapping[str, Constant], sizes: Mapping[tuple[str, int], int]) -> None:
        self._values, self._sizes = values, sizes

    def value(self, node: ast.expr) -> Constant:  # noqa: PLR0911 (one case for each kind of node)
        match node:
            case ast.Constant(bool() | int() | float() | str() as value):
                return value
            case ast.Name(name):
                return _item(self._values, name, f"There is no parameter {name} here.", name)
            case ast.Tuple():
                return tuple(map(self.value, node.elts))
            case ast.IfExp():
                return self.value(node.body if self._flag(node.test) else node.orelse)
            case ast.BoolOp(op=op):
                short = isinstance(op, ast.Or)
                return short if any(self._flag(each) is short for each in node.values) else not short
            case ast.UnaryOp(op=ast.Not()):
                return not self._flag(node.operand)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call():
                return self._call(node)
        return self._arithmetic(node)

    def _arithmetic(self, node: ast.expr) -> Number:
        match node:
            case ast.UnaryOp(op=op):
                number = self._number(node.operand)
                return -number if isinstance(op, ast.USub) else +number
            case ast.BinOp(op=op):
                left, right = self._number(node.left), self._number(node.right)
                if not right and isinstance(op, ast.Div | ast.FloorDiv | ast.Mod):
                    raise ExpressionError(f"{brief(node)} divides by zero.", "zero", hint="Use another divisor.")
                if isinstance(op, ast.Pow):
                    return _power(node, left, right)
                return _limited(node, _ARITHMETIC[type(op)](left, right))
        raise TypeError(f"{ast.dump(node)} is not in the grammar")

    def _call(self, node: ast.Call) -> Constant:
        match node:
            case ast.Call(func=ast.Name("min" | "max" as name)):
                return (min if name == "min" else max)(map(self._number, node.args))
        port, axis = size_of(node) or ("", 0)
        return _item(self._sizes, (port, axis), f"{brief(node)} is not known: {port} has no such axis here.", port)

    def _comparison(self, node: ast.Compare) -> bool:
        left_node, left = node.left, self.value(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            if isinstance(op, ast.Eq | ast.NotEq):
                holds = (left == right) is isinstance(op, ast.Eq)
            else:
                holds = _ORDER[type(op)](_as_number(left_node, left), _as_number(right_node, right))
            if not holds:
                return False
            left_node, left = right_node, right
        return True

    def _flag(self, node: ast.expr) -> bool:
        value = self.value(node)
        if not isinstance(value, bool):
            hint = "Compare it, as in a != 0."
            raise ExpressionError(f"{brief(node)} is used as a flag, but is {_described(value)}.", "type", hint=hint)
        return value

    def _number(self, node: ast.expr) -> Number:
        return _as_number(node, self.value(node))


def _item(items: Mapping[K, T], key: K, message: str, name: str) -> T:
    if key not in items:
        raise ExpressionError(message, "size" if isinstance(key, tuple) else "name", name=name)
    return items[key]


def _as_number(node: ast.expr, value: Constant) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = "Compare it, as in a == b." if isinstance(value, bool | str) else ""
        raise ExpressionError(f"{brief(node)} is used as a number, but is {_described(value)}.", "type", hint=hint)
    return _limited(node, value)


def _described(value: Constant) -> str:
    match value:
        case bool():
            return "a flag"
        case str():
            return "a text"
        case tuple():
            return "a tuple"
        case None:
            return "None"
    return "a number"


def _power(node: ast.BinOp, base: Number, exponent: Number) -> Number:
    if not base and exponent < 0:
        raise ExpressionError(f"{brief(node)} divides by zero.", "zero", hint="Use another base.")
    if base < 0 and not float(exponent).is_integer():
        raise ExpressionError(f"{brief(node)} is no real number.", "type", hint="Use a whole exponent.")
    if abs(base) > 1 and exponent * math.log2(abs(base)) > 60:  # twice 53 bits would still be cheap to compute
        raise _too_large(node)
    return _limited(node, base**exponent)


def _limited(node: ast.expr, value: Number) -> Number:
    if not -MAX_NUMBER <= value <= MAX_NUMBER:  # nan too
        raise _too_large(node)
    return value


def _too_large(node: ast.expr) -> ExpressionError:
    return ExpressionError(f"{brief(node)} is larger than 2**53.", "large", hint="Use smaller numbers.")
