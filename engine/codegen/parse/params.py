"""The parameters of a generated class, and the expressions over them, parsed back."""

import ast
import re
from collections.abc import Collection, Mapping

from engine.catalog.expressions import Expression, ExpressionError, names, parse, substitute
from engine.codegen.indexed import INDEX
from engine.codegen.parameters import CHOICE, TYPES
from engine.codegen.parse.literals import ExpressionNode, constant_of, source_error
from engine.graph.block_params import BlockParam, ParamType
from engine.graph.sizes import short_ports

_SIZE = re.compile(r"(\w+)_size_(?:(\d+)|last(?:_(\d+))?)")
_TYPES: Mapping[str, ParamType] = {annotation: kind for kind, annotation in TYPES.items()}
_INNER = ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare | ast.IfExp | ast.Tuple
"""What is part of an expression where all inside it is."""


def declared_params(arguments: ast.arguments) -> dict[str, BlockParam]:
    """The parameters of a block: the arguments of its constructor that have a default."""
    with_default = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    params = {}
    for argument, default in zip(with_default, arguments.defaults, strict=True):
        options = _options(argument.annotation)
        annotation = ast.unparse(argument.annotation) if argument.annotation else ""
        kind = "choice" if options else _TYPES.get(annotation)
        if kind is None:
            raise source_error(argument, f"{argument.arg} has no type that a parameter of a block can have.")
        params[argument.arg] = BlockParam(kind, constant_of(default), options=options)
    return params


def _options(annotation: ast.expr | None) -> tuple[str, ...]:
    """The words of ``Literal["relu", "gelu"]``; none of another annotation."""
    match annotation:
        case ast.Subscript(value=ast.Name(id=name), slice=words) if name == CHOICE:
            entries = words.elts if isinstance(words, ast.Tuple) else [words]
            options = [word.value for word in entries if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            return tuple(options) if len(options) == len(entries) else ()
    return ()


def size_of_argument(argument: str, inputs: Collection[str]) -> tuple[str, int] | None:
    """The input and the axis whose size an argument is, or ``None``."""
    match, ports = _SIZE.fullmatch(argument), {short: name for name, short in short_ports(inputs).items()}
    if match is None or match[1] not in ports:
        return None
    return ports[match[1]], int(match[2]) if match[2] else -int(match[3] or 1)


def with_sizes(expression: Expression, sizes: Mapping[str, tuple[str, int]]) -> Expression:
    """The expression with ``size(x, 1)`` in place of the argument for it."""
    read = {name: Expression(f"size({port}, {axis})") for name, (port, axis) in sizes.items()}
    if not read.keys() & set(names(expression)):
        return expression
    result = substitute(expression, read, {})
    return result if isinstance(result, Expression) else expression


class ExpressionReader(ast.NodeTransformer):
    """Replaces the trees of expressions, over names or without any, by an `ExpressionNode`.

    ``names``: those of parameters and sizes. ``others``: those that may stand in one, but are none alone.
    ``attributes``: by attribute of ``self``, the argument that it keeps. ``sizes``: of arguments that are sizes, to be
    written as such.
    """

    def __init__(
        self,
        names: Collection[str],
        others: Collection[str] = (),
        attributes: Mapping[str, str] | None = None,
        sizes: Mapping[str, tuple[str, int]] | None = None,
    ) -> None:
        self._names, self._others, self._attributes = names, {INDEX, *others}, attributes or {}
        self._sizes = sizes or {}

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.If):  # its test is an attribute, for `ParsedClass.condition`
            for statement in (*node.body, *node.orelse):
                self.visit(statement)
            return node
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple):  # one value for each repetition
            node.value.elts = [each for element in node.value.elts if isinstance(each := self.visit(element), ast.expr)]
            return node
        if isinstance(node, ast.expr) and self._is_whole(node):
            try:
                text = ast.unparse(_Attributes(self._attributes).visit(node))
                return ast.copy_location(ExpressionNode(with_sizes(parse(text), self._sizes)), node)
            except ExpressionError:
                return node
        return self.generic_visit(node)

    def _is_whole(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self._names
            case ast.Attribute():
                return self._is_part(node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) | ast.Tuple():
                return not _is_literal(node) and self._is_part(node)
            case ast.Call() | ast.BinOp() | ast.UnaryOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
                return self._is_part(node)
        return False

    def _is_part(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant(value=bool() | int() | float() | str()):
                return True
            case ast.Name(id=name):
                return name in self._names or name in self._others
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                return attribute in self._attributes
            case ast.Call(func=ast.Name(id="min" | "max"), args=args, keywords=[]):
                return all(map(self._is_part, args))
        parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return isinstance(node, _INNER) and all(map(self._is_part, parts))


class _Attributes(ast.NodeTransformer):
    def __init__(self, attributes: Mapping[str, str]) -> None:
        self._attributes = attributes

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Name(self._attributes[node.attr])


def _is_literal(node: ast.expr) -> bool:
    kinds = ast.Constant | ast.Tuple | ast.UnaryOp | ast.USub | ast.Load
    return all(isinstance(each, kinds) for each in ast.walk(node))
