"""The closed grammar: a text is read as a tree of few kinds of node, within limits that are checked first."""

import ast
import re
import warnings
from functools import lru_cache

from engine.catalog.expressions.expression import MAX_NUMBER, Expression, ExpressionError
from engine.catalog.expressions.spelling import spell

MAX_LENGTH = 1000
MAX_DEPTH = 60
FUNCTIONS = ("min", "max", "size")
"""The functions, whose names no parameter can have."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_SIGNS = (ast.UAdd, ast.USub, ast.Not)
_LIST = "Use numbers, names, texts, + - * / // % **, comparisons, and, or, not, a if c else b, tuples, min, max, size."


def parse(text: str) -> Expression:
    """The expression that a text is, in its canonical spelling. Raises: `ExpressionError` with what is wrong."""
    spelled = spell(tree(text))
    _check_length(spelled)  # which has more spaces than the text may have
    return Expression(spelled)


def read(text: str) -> Expression:
    """Like `parse`, but a text that is no expression is kept as it is, for `engine.check` to report."""
    try:
        return parse(text)
    except ExpressionError:
        return Expression(text)


@lru_cache(4096)
def tree(text: str) -> ast.expr:
    """The tree of an expression, which is shared: do not change it. Raises: `ExpressionError` with what is wrong."""
    _check_length(text)
    if not text.strip():
        raise ExpressionError("The expression is empty.", "syntax", hint="Write a number or the name of a parameter.")
    try:
        with warnings.catch_warnings(action="ignore"):  # of odd escapes in texts, which do no harm
            body = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as wrong:
        place = f", at character {wrong.offset}" if wrong.offset else ""
        raise ExpressionError(f"{_short(text)} cannot be read as an expression{place}.", "syntax", hint=_LIST) from None
    except (ValueError, RecursionError, MemoryError):  # a null byte, or nesting that Python refuses
        raise ExpressionError(f"{_short(text)} cannot be read as an expression.", "syntax", hint=_LIST) from None
    _check(body, 1)
    return body


def _check_length(text: str) -> None:
    if len(text) > MAX_LENGTH:
        message = f"The expression has {len(text):,} characters; the limit is {MAX_LENGTH:,}."
        raise ExpressionError(message, "syntax", hint="Compute part of it in a parameter of its own.")


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else f"{text[:57]!r}..."


def _check(node: ast.expr, depth: int) -> None:
    """Refuse nodes that are not in the closed list, and depth."""
    if depth > MAX_DEPTH:
        message = f"The expression is nested more than {MAX_DEPTH} deep."
        raise ExpressionError(message, "syntax", hint="Compute part of it in a parameter of its own.")
    match node:
        case ast.Constant():
            _check_constant(node.value)
        case ast.Name():
            _check_name(node.id)
        case ast.Call():
            _check_call(node)
        case _ if not _is_allowed(node):
            raise _refusal(node)
    for operand in operands(node):
        _check(operand, depth + 1)


def _is_allowed(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(op=op):
            return isinstance(op, _OPERATORS)
        case ast.UnaryOp(op=op):
            return isinstance(op, _SIGNS)
        case ast.Compare(ops=ops):
            return all(isinstance(op, _COMPARISONS) for op in ops)
    return isinstance(node, ast.BoolOp | ast.IfExp | ast.Tuple)


def operands(node: ast.expr) -> list[ast.expr]:
    """The parts of a node that have values; the name of a function and what ``size`` takes have none."""
    parts = [] if size_of(node) else node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    return [part for part in parts if isinstance(part, ast.expr)]


def _check_constant(value: object) -> None:
    if isinstance(value, int | float) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise ExpressionError("The expression has a number larger than 2**53.", "large", hint="Use a smaller number.")
    if not isinstance(value, bool | int | float | str):
        what = "None" if value is None else "This value"
        raise ExpressionError(f"{what} is not allowed in an expression.", "syntax", hint=_LIST)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        message = f"{name} is not a name: use ASCII letters, digits and underscores."
        raise ExpressionError(message, "syntax", hint="Rename the parameter.")
    if name in FUNCTIONS:
        example = "size(x, 1)" if name == "size" else f"{name}(a, b)"
        raise ExpressionError(f"{name} is a function.", "syntax", hint=f"Write it as in {example}.")


def _check_call(node: ast.Call) -> None:
    function = node.func.id if isinstance(node.func, ast.Name) else ""
    if function not in FUNCTIONS:
        what = f"The function {function}" if function else "A method"
        raise ExpressionError(f"{what} is not allowed in an expression.", "syntax", hint=_LIST)
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        raise ExpressionError(f"{function} takes no keywords and no *.", "syntax", hint=f"Write {function}(a, b).")
    if function == "size":
        if size_of(node) is None:
            message = "size takes an input of the block and the number of an axis."
            raise ExpressionError(message, "syntax", hint="Write it as in size(x, 1).")
        return
    if len(node.args) < 2:
        raise ExpressionError(f"{function} takes two or more numbers.", "syntax", hint=f"Write {function}(a, b).")


def size_of(node: ast.expr) -> tuple[str, int] | None:
    """The port and the axis of a call of ``size``, ``None`` for any other node."""
    match node:
        case ast.Call(func=ast.Name("size"), args=[ast.Name(port), ast.Constant(int(axis))], keywords=[]):
            sign = 1
        case ast.Call(
            func=ast.Name("size"),
            args=[ast.Name(port), ast.UnaryOp(ast.USub(), ast.Constant(int(axis)))],
            keywords=[],
        ):
            sign = -1
        case _:
            return None
    if isinstance(axis, bool) or axis > 64 or not _NAME.fullmatch(port):
        return None
    return port, sign * axis


def _refusal(node: ast.expr) -> ExpressionError:
    parts = {
        ast.Lambda: "A function",
        ast.Attribute: "A dot",
        ast.Subscript: "An index in brackets",
        ast.List: "A list",
        ast.Dict: "A dictionary",
        ast.Set: "A set",
        ast.JoinedStr: "A formatted text",
        ast.NamedExpr: ":=",
        ast.Starred: "*",
        ast.Compare: "A comparison with in or is",
        ast.BinOp: "This operator",
        ast.UnaryOp: "This operator",
    }
    return ExpressionError(f"{parts.get(type(node), 'This')} is not allowed in an expression.", "syntax", hint=_LIST)
