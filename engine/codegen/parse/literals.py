"""Generated literals, parsed back to values; nothing is evaluated."""

import ast

from engine.catalog.expressions import Constant, Expression
from engine.catalog.params import NON_FINITE, Value
from engine.codegen.expression import Argument
from engine.codegen.indexed import INDEX, Indexed
from engine.errors import EngineError

CODE = "G030"


def source_error(node: ast.AST, message: str) -> EngineError:
    """An error that names the line of the source."""
    line = getattr(node, "lineno", None)
    place = f"line {line}: " if line else ""
    return EngineError(f"{place}{message}", hint="Only source that Torchloom wrote can be read back.", code=CODE)


class ExpressionNode(ast.expr):
    """An expression over the parameters of a block, in place of its tree."""

    def __init__(self, expression: Expression) -> None:
        super().__init__()
        self.expression = expression


def value_of(node: ast.expr) -> Value:
    """The value of a literal, or the expression of a node that has one. Raises: `EngineError` for anything else."""
    return node.expression if isinstance(node, ExpressionNode) else constant_of(node)


def constant_of(node: ast.expr) -> Constant:
    """The value of a literal. Raises: `EngineError` for anything that only running the source could tell."""
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.Tuple(elts=elements):
            return tuple(constant_of(element) for element in elements)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)) if not isinstance(
            value, bool
        ):
            return -value
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)], keywords=[]) if (
            text in NON_FINITE
        ):
            return NON_FINITE[text]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="tensor"), args=[numbers]):
            return constant_of(numbers)
    raise source_error(node, f"{ast.unparse(node)} is not a plain value.")


def value_or_argument(node: ast.expr, arguments: frozenset[str]) -> Value | Argument:
    """The value of a literal, or the constructor's argument that the expression names."""
    if isinstance(node, ast.Name) and node.id in arguments:
        return Argument(node.id)
    return value_of(node)


def value_of_use(node: ast.expr, arguments: frozenset[str], repeat: int) -> Value | Argument | Indexed:
    """An argument of a block's constructor; one that differs along the repetitions has a value for each."""
    match node:
        case ast.IfExp(
            test=ast.Compare(left=ast.Name(id=variable), ops=[ast.Eq()], comparators=[ast.Constant(value=0)])
        ) if variable == INDEX and repeat > 1:
            first, rest = value_or_argument(node.body, arguments), value_or_argument(node.orelse, arguments)
            return Indexed((first, *[rest] * (repeat - 1)))
        case ast.BinOp(
            left=first,
            op=ast.Add() | ast.Sub() as sign,
            right=ast.BinOp(left=step, op=ast.Mult(), right=ast.Name(id=variable)),
        ) if variable == INDEX and repeat > 1:
            begin, by = value_of(first), value_of(step)
            if isinstance(begin, int) and isinstance(by, int):
                by = -by if isinstance(sign, ast.Sub) else by
                return Indexed(tuple(begin + by * place for place in range(repeat)))
        case ast.Subscript(value=ast.Tuple(elts=elements), slice=ast.Name(id=variable)) if (
            variable == INDEX and len(elements) == repeat
        ):
            return Indexed(tuple(value_or_argument(element, arguments) for element in elements))
    return value_or_argument(node, arguments)


def dotted_name(node: ast.expr) -> str:
    """The text of ``nn.Conv2d`` and the like, ``""`` for any other expression."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name):
            before = dotted_name(inner)
            return f"{before}.{name}" if before else ""
    return ""
