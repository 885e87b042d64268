"""The canonical text of a tree: parentheses only where precedence needs them, spaces as formatters set them."""

import ast

from engine.catalog.expressions.literals import literal

_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Not: "not ",
}
_IF, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(10)
"""Precedence, weakest first."""
_STRENGTHS: dict[type[ast.AST], int] = {
    ast.IfExp: _IF,
    ast.Or: _OR,
    ast.And: _AND,
    ast.Not: _NOT,
    ast.Compare: _COMPARE,
    ast.Add: _SUM,
    ast.Sub: _SUM,
    ast.Mult: _PRODUCT,
    ast.Div: _PRODUCT,
    ast.FloorDiv: _PRODUCT,
    ast.Mod: _PRODUCT,
    ast.UAdd: _SIGN,
    ast.USub: _SIGN,
    ast.Pow: _POWER,
}


MAX_SHOWN = 60
"""The most characters of a text or a value in a message."""


def shortened(text: str) -> str:
    """A text as messages show it."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."


def brief(node: ast.expr) -> str:
    """The text of a tree as messages show it."""
    return shortened(spell(node))


def spell(node: ast.expr) -> str:
    """The canonical text of a tree of the closed grammar; reading it gives an equal tree."""
    return _text(node, _IF)


def _text(node: ast.expr, least: int) -> str:
    """The text of a node, in parentheses where it binds weaker than ``least``."""
    text = _bare(node)
    return f"({text})" if _strength(node) < least else text


def _strength(node: ast.expr) -> int:
    key = node.op if isinstance(node, ast.BoolOp | ast.UnaryOp | ast.BinOp) else node
    return _STRENGTHS.get(type(key), _ATOM)


def _bare(node: ast.expr) -> str:  # noqa: C901, PLR0911 (one case for each kind of node)
    strength = _strength(node)
    match node:
        case ast.IfExp():
            return f"{_text(node.body, _OR)} if {_text(node.test, _OR)} else {_text(node.orelse, _IF)}"
        case ast.BoolOp(op=op):
            word = " or " if isinstance(op, ast.Or) else " and "
            return word.join(_text(value, strength + 1) for value in node.values)
        case ast.UnaryOp(op=op):
            least = _ATOM if isinstance(node.operand, ast.BinOp) else strength
            return f"{_SYMBOLS[type(op)]}{_text(node.operand, least)}"
        case ast.Compare():
            rest = zip(node.ops, node.comparators, strict=True)
            pairs = [f"{_SYMBOLS[type(op)]} {_text(right, _SUM)}" for op, right in rest]
            return " ".join([_text(node.left, _SUM), *pairs])
        case ast.BinOp(op=ast.Pow()):
            is_simple = not isinstance(node.left, ast.UnaryOp) and _is_simple(node.left) and _is_simple(node.right)
            least = _ATOM if isinstance(node.right, ast.BinOp) else _SIGN
            return f"{_text(node.left, _ATOM)}{'**' if is_simple else ' ** '}{_text(node.right, least)}"
        case ast.BinOp(op=op):
            return f"{_text(node.left, strength)} {_SYMBOLS[type(op)]} {_text(node.right, strength + 1)}"
        case ast.Call(func=ast.Name(name)):
            return f"{name}({', '.join(map(spell, node.args))})"
        case ast.Tuple():
            inside = ", ".join(map(spell, node.elts))
            return f"({inside},)" if len(node.elts) == 1 else f"({inside})"
        case ast.Name(name):
            return name
        case ast.Constant(bool() | int() | float() | str() as value):
            return literal(value)
    raise TypeError(f"{ast.dump(node)} is not in the grammar")


def _is_simple(node: ast.expr) -> bool:
    """Whether a formatter sets no spaces around ``**`` beside it."""
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.op, ast.Not) and _is_simple(node.operand)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and not isinstance(node.value, str))
