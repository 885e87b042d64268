"""Expressions of our own dialect, back to kinds of layer, their values, and what feeds their ports."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from engine.catalog.emit import Function, Gradient, Infix, Method, Module, Pattern, Random, Slice
from engine.catalog.index import layers
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.spec import Layer, Port
from engine.codegen.expression import COUNT, Argument
from engine.codegen.literals import literal
from engine.codegen.parse.literals import dotted, value_of, value_or_argument, wrong

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Computation:
    """What an expression computes. ``inputs``: by port, the expression that feeds it. ``derived``: off the wires."""

    kind: Layer
    inputs: dict[str, ast.expr]
    params: dict[str, Value]
    derived: dict[str, Value | Argument]


@cache
def _known() -> Mapping[tuple[str, str], Layer]:
    found: dict[tuple[str, str], Layer] = {}
    for layer in layers().values():
        match layer.emit:
            case Module(target=target):
                found.setdefault(("module", target), layer)
            case Function(targets=targets):
                for target in targets:
                    found.setdefault(("function", target), layer)
            case Method(name=target):
                found.setdefault(("method", target), layer)
            case Infix(operator=target):
                found.setdefault(("infix", target), layer)
            case Slice():
                found.setdefault(("slice", ""), layer)
            case Random(target=target):
                found.setdefault(("random", target), layer)
            case Gradient(target=target):
                found.setdefault(("gradient", target), layer)
    return found


def built_module(node: ast.expr, arguments: frozenset[str]) -> Computation | None:
    """The layer that ``nn.Conv2d(...)`` builds, or ``None`` when it is no layer's class."""
    if not isinstance(node, ast.Call):
        return None
    layer = _known().get(("module", dotted(node.func)))
    if layer is None or not isinstance(layer.emit, Module):
        return None
    params = [param for param in layer.params if param.is_argument and param.name not in layer.emit.call]
    values = _bound(node, node.args, node.keywords, params, arguments)
    return _recognized(layer, {}, values)


def called_module(layer: Layer, node: ast.Call) -> Computation:
    """What is passed to ``self.conv1(...)``, given the layer behind it."""
    emit = layer.emit
    if not isinstance(emit, Module):
        raise wrong(node, f"{layer.kind} is not called as a module.")
    inputs = dict(_positional(emit.takes or tuple(port.name for port in layer.inputs), node))
    inputs |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg and layer.input(keyword.arg)}
    keywords = [keyword for keyword in node.keywords if not (keyword.arg and layer.input(keyword.arg))]
    params = [param for param in layer.params if param.name in emit.call]
    return _recognized(layer, inputs, _bound(node, [], keywords, params, frozenset()))


def computed(node: ast.expr) -> Computation:
    """What a function, a method, an operator or a slice computes. Raises: `EngineError` for what is not known."""
    match node:
        case ast.Call(func=ast.Attribute(value=first, attr=name)) if (layer := _known().get(("method", name))) and (
            _known().get(("function", dotted(node.func))) is None
        ):
            return _function(layer, node, [first, *node.args])
        case ast.Call() if layer := _known().get(("random", dotted(node.func))):
            return _random(layer, node)
        case ast.Subscript(value=ast.Call() as made) if layer := _known().get(("gradient", dotted(made.func))):
            return _gradient(layer, made)
        case ast.Call() if layer := _known().get(("function", dotted(node.func))):
            return _function(layer, node, node.args)
        case ast.BinOp(left=left, op=op, right=right) if layer := _known().get(("infix", OPERATORS.get(type(op), ""))):
            return _operands(layer, (left, right))
        case ast.Subscript(value=first) if layer := _known().get(("slice", "")):
            return _recognized(layer, {layer.inputs[0].name: first}, _slice(node))
    raise wrong(node, f"{ast.unparse(node)} is not known.")


def _operands(layer: Layer, given: tuple[ast.expr, ast.expr]) -> Computation:
    """What an operator computes: of its two ports, or of one and a number."""
    inputs: dict[str, ast.expr] = {}
    numbers: dict[str, Value] = {}
    for port, operand in zip(layer.inputs, given, strict=True):
        if port.number and not isinstance(operand, ast.Name | ast.Subscript):
            numbers[port.number] = value_of(operand)
        else:
            inputs[port.name] = operand
    return _recognized(layer, inputs, numbers)


def _function(layer: Layer, node: ast.Call, given: list[ast.expr]) -> Computation:
    inputs: dict[str, ast.expr] = {}
    rest = list(given)
    for port in layer.inputs:
        if not rest:
            break
        inputs.update(_fed(port, rest.pop(0)))
    inputs |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg and layer.input(keyword.arg)}
    keywords = [keyword for keyword in node.keywords if not (keyword.arg and layer.input(keyword.arg))]
    params, chosen = [param for param in layer.params if param.is_argument], dict[str, Value]()
    if isinstance(layer.emit, Function):
        target = dotted(node.func)
        params, chosen = list(filter(layer.emit.takes(target), layer.params)), layer.emit.value(target)
    return _recognized(layer, inputs, {**chosen, **_bound(node, rest, keywords, params, frozenset())})


def _fed(port: Port, node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if not port.variadic:
        yield port.name, node
    elif isinstance(node, ast.List):
        yield from ((f"{port.name}[{place}]", element) for place, element in enumerate(node.elts))
    else:
        raise wrong(node, f"{port.name} must be a list.")


def _positional(pattern: Pattern, node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    if len(node.args) > len(pattern):
        raise wrong(node, f"there are {len(node.args)} arguments where {len(pattern)} are known.")
    for part, given in zip(pattern, node.args, strict=False):
        if isinstance(part, str):
            yield part, given
        elif isinstance(given, ast.Tuple) and len(given.elts) == len(part):
            yield from (
                (name, element) for name, element in zip(part, given.elts, strict=True) if isinstance(name, str)
            )
        else:
            raise wrong(given, f"a tuple of {len(part)} belongs here.")


def _bound(
    call: ast.Call, args: list[ast.expr], keywords: list[ast.keyword], params: list[Param], arguments: frozenset[str]
) -> dict[str, Value | Argument]:
    """The value of each parameter that a call passes."""
    if len(args) > len(params):
        raise wrong(call, f"there are {len(args)} values where {len(params)} are known.")
    found = {}
    known = {param.name: param for param in params}
    given = [*zip(known, args, strict=False), *((keyword.arg or "**", keyword.value) for keyword in keywords)]
    for name, value in given:
        if name not in known or name in found:
            raise wrong(call, f"{ast.unparse(call.func)} has no parameter {name} to be given here.")
        found[name] = value_or_argument(value, arguments if isinstance(known[name], FromInput) else frozenset())
    return found


def _recognized(layer: Layer, inputs: dict[str, ast.expr], values: Mapping[str, Value | Argument]) -> Computation:
    params: dict[str, Value] = {}
    derived: dict[str, Value | Argument] = {}
    for name, value in values.items():
        param = layer.param(name)
        if isinstance(param, FromInput):
            derived[name] = value
        elif param is None or isinstance(value, Argument):
            raise LookupError(name)
        elif param.required or literal(value) != literal(param.default):
            params[name] = value
    return Computation(layer, inputs, params, derived)


def _random(layer: Layer, node: ast.Call) -> Computation:
    """What ``torch.randn(x.shape[0], 64, device=...)`` draws; with ``count`` in place of a value's samples."""
    match node.args:
        case [ast.Subscript(value=ast.Attribute(value=like, attr="shape")), *sizes]:
            inputs = {"like": like}
        case [ast.Name(id=name), *sizes] if name == COUNT:
            inputs = {}
        case _:
            raise wrong(node, f"{ast.unparse(node)} is not known.")
    return _recognized(layer, inputs, {"shape": tuple(map(value_of, sizes))})


def _gradient(layer: Layer, node: ast.Call) -> Computation:
    """What ``torch.autograd.grad(y.sum(), x, create_graph=True)`` differentiates."""
    match node.args:
        case [ast.Call(func=ast.Attribute(value=outputs), args=[]), inputs]:
            return _recognized(layer, {"outputs": outputs, "inputs": inputs}, {})
    raise wrong(node, f"{ast.unparse(node)} is not known.")


def _slice(node: ast.Subscript) -> dict[str, Value]:
    """The axis and the bounds of ``[:, 1:3]`` or ``[..., 1:3, :]``."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    chosen = [
        place
        for place, part in enumerate(parts)
        if isinstance(part, ast.Slice) and (part.lower or part.upper or part.step)
    ]
    from_end = bool(parts) and isinstance(parts[0], ast.Constant) and parts[0].value is Ellipsis
    rest = parts[1:] if from_end else parts
    if len(chosen) > 1 or not all(isinstance(part, ast.Slice) for part in rest) or not rest:
        raise wrong(node, f"{ast.unparse(node)} is not known.")
    place = chosen[0] if chosen else 1 if from_end else len(parts) - 1
    part = parts[place]
    bounds = {"start": part.lower, "end": part.upper, "step": part.step} if isinstance(part, ast.Slice) else {}
    found = {name: value_of(bound) for name, bound in bounds.items() if bound is not None}
    return {"dim": place - len(parts) if from_end else place, **found}
