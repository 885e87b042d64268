"""Generated expressions, parsed back to kinds of layer, their parameters and the expressions at their ports."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from engine.catalog.emit import Creation, Function, Gradient, Infix, Method, Module, Pattern, Slice
from engine.catalog.index import layers
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.spec import Layer, Port
from engine.codegen.expression import COUNT, Argument
from engine.codegen.literals import literal
from engine.codegen.parse.literals import (
    ExpressionNode,
    constant_of,
    dotted_name,
    source_error,
    value_of,
    value_or_argument,
)

OPERATORS: Mapping[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@",
    ast.Mod: "%", ast.Pow: "**",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Computation:
    """What an expression computes. ``inputs``: the expression at each port. ``derived``: parameters off the wires."""

    kind: Layer
    inputs: dict[str, ast.expr]
    params: dict[str, Value]
    derived: dict[str, Value | Argument]


@cache
def _layers_by_source() -> Mapping[tuple[str, str], Layer]:
    layers_by_source: dict[tuple[str, str], Layer] = {}
    for layer in layers().values():
        match layer.emit:
            case Module(target=target):
                layers_by_source.setdefault(("module", target), layer)
            case Function(targets=targets):
                for target in targets:
                    layers_by_source.setdefault(("function", target), layer)
            case Method(name=target):
                layers_by_source.setdefault(("method", target), layer)
            case Infix(operator=target):
                layers_by_source.setdefault(("infix", target), layer)
            case Slice():
                layers_by_source.setdefault(("slice", ""), layer)
            case Creation(target=target):
                layers_by_source.setdefault(("creation", target), layer)
            case Gradient(target=target):
                layers_by_source.setdefault(("gradient", target), layer)
    return layers_by_source


def module_of(node: ast.expr, arguments: frozenset[str]) -> Computation | None:
    """The layer that ``nn.Conv2d(...)`` constructs, or ``None`` when that is not the class of a layer."""
    if not isinstance(node, ast.Call):
        return None
    layer = _layers_by_source().get(("module", dotted_name(node.func)))
    if layer is None or not isinstance(layer.emit, Module):
        return None
    params = [param for param in layer.params if param.is_argument and param.name not in layer.emit.call]
    values = _param_values(node, node.args, node.keywords, params, arguments)
    return _computation(layer, {}, values)


def module_call(layer: Layer, node: ast.Call) -> Computation:
    """The arguments of a call ``self.conv1(...)`` of this layer."""
    emit = layer.emit
    if not isinstance(emit, Module):
        raise source_error(node, f"{layer.kind} is not called as a module.")
    inputs = dict(_positional(emit.takes or tuple(port.name for port in layer.inputs), node))
    inputs |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg and layer.input(keyword.arg)}
    keywords = [keyword for keyword in node.keywords if not (keyword.arg and layer.input(keyword.arg))]
    params = [param for param in layer.params if param.name in emit.call]
    return _computation(layer, inputs, _param_values(node, [], keywords, params, frozenset()))


def computation_of(node: ast.expr) -> Computation:
    """What a function, a method, an operator or a slice computes. Raises: `EngineError` for anything else."""
    by_source = _layers_by_source()
    match node:
        case ast.Call(func=ast.Attribute(value=first, attr=name)) if (layer := by_source.get(("method", name))) and (
            by_source.get(("function", dotted_name(node.func))) is None
        ):
            return _function(layer, node, [first, *node.args])
        case ast.Call() if layer := by_source.get(("creation", dotted_name(node.func))):
            return _creation(layer, node)
        case ast.Subscript(value=ast.Call() as call) if layer := by_source.get(("gradient", dotted_name(call.func))):
            return _gradient(layer, call)
        case ast.Call() if layer := by_source.get(("function", dotted_name(node.func))):
            return _function(layer, node, node.args)
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]) if (
            layer := by_source.get(("infix", OPERATORS.get(type(op), "")))
        ):
            return _operands(layer, (left, right))
        case ast.Subscript(value=first) if layer := by_source.get(("slice", "")):
            return _computation(layer, {layer.inputs[0].name: first}, _slice(node))
    raise source_error(node, f"{ast.unparse(node)} is not by_source.")


def _operands(layer: Layer, operands: tuple[ast.expr, ast.expr]) -> Computation:
    """What an operator computes from its two ports, or from one port and a number."""
    inputs: dict[str, ast.expr] = {}
    numbers: dict[str, Value] = {}
    for port, operand in zip(layer.inputs, operands, strict=True):
        if _is_number(port, operand):
            numbers[port.number] = value_of(operand)
        else:
            inputs[port.name] = operand
    return _computation(layer, inputs, numbers)


def _is_number(port: Port, operand: ast.expr) -> bool:
    return bool(port.number) and not isinstance(operand, ast.Name | ast.Subscript)


def _function(layer: Layer, node: ast.Call, args: list[ast.expr]) -> Computation:
    inputs, placed, rest = _by_place(layer, args)
    inputs |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg and layer.input(keyword.arg)}
    keywords = [keyword for keyword in node.keywords if not (keyword.arg and layer.input(keyword.arg))]
    params, values = [param for param in layer.params if param.is_argument], dict[str, Value]()
    if isinstance(layer.emit, Function):
        target = dotted_name(node.func)
        params, values = list(filter(layer.emit.takes(target), layer.params)), layer.emit.value(target)
    values |= placed
    return _computation(layer, inputs, {**values, **_param_values(node, rest, keywords, params, frozenset())})


def _by_place(layer: Layer, args: list[ast.expr]) -> tuple[dict[str, ast.expr], dict[str, Value], list[ast.expr]]:
    """The expressions at the ports, the values between them, and the arguments after all ports."""
    inputs: dict[str, ast.expr] = {}
    values: dict[str, Value] = {}
    rest = list(args)
    order = layer.emit.order if isinstance(layer.emit, Function) else ()
    ports = {port.name: port for port in layer.inputs}
    for name in order or ports:
        port = ports.get(name)
        if not rest:
            break
        if port is None:
            values[name] = value_of(rest.pop(0))
        elif order and port.variadic:
            inputs |= {f"{name}[{place}]": operand for place, operand in enumerate(rest)}
            rest = []
        elif _is_number(port, rest[0]):
            values[port.number] = value_of(rest.pop(0))
        else:
            inputs |= _port_entries(port, rest.pop(0))
    return inputs, values, rest


def _port_entries(port: Port, node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if not port.variadic:
        yield port.name, node
    elif isinstance(node, ast.List):
        yield from ((f"{port.name}[{place}]", element) for place, element in enumerate(node.elts))
    else:
        raise source_error(node, f"{port.name} must be a list.")


def _positional(pattern: Pattern, node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    if len(node.args) > len(pattern):
        raise source_error(node, f"there are {len(node.args)} arguments, and at most {len(pattern)} are possible.")
    for part, argument in zip(pattern, node.args, strict=False):
        if isinstance(part, str):
            yield part, argument
        elif isinstance(argument, ast.Tuple) and len(argument.elts) == len(part):
            yield from (
                (name, element) for name, element in zip(part, argument.elts, strict=True) if isinstance(name, str)
            )
        else:
            raise source_error(argument, f"this must be a tuple of {len(part)}.")


def _param_values(
    call: ast.Call, args: list[ast.expr], keywords: list[ast.keyword], params: list[Param], arguments: frozenset[str]
) -> dict[str, Value | Argument]:
    """The value of each parameter that a call passes."""
    if len(args) > len(params):
        raise source_error(call, f"there are {len(args)} values, and at most {len(params)} are possible.")
    values: dict[str, Value | Argument] = {}
    by_name = {param.name: param for param in params}
    pairs = [*zip(by_name, args, strict=False), *((keyword.arg or "**", keyword.value) for keyword in keywords)]
    for name, value in pairs:
        if name not in by_name or name in values:
            raise source_error(call, f"{ast.unparse(call.func)} takes no parameter {name} here, or takes it once.")
        values[name] = value_or_argument(value, arguments if isinstance(by_name[name], FromInput) else frozenset())
    return values


def _computation(layer: Layer, inputs: dict[str, ast.expr], values: Mapping[str, Value | Argument]) -> Computation:
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


def _creation(layer: Layer, node: ast.Call) -> Computation:
    """What ``torch.randn(x.shape[0], 64, device=...)`` makes, or ``torch.randn(count, 64, device=...)``."""
    match node.args:
        case [ast.Subscript(value=ast.Attribute(value=like, attr="shape")), *sizes]:
            inputs = {"like": like}
        case [ast.Name(id=name), *sizes] if name == COUNT:
            inputs = {}
        case _:
            raise source_error(node, f"{ast.unparse(node)} is not known.")
    match sizes:
        case [ast.Starred(value=ExpressionNode(expression=shape))]:
            return _computation(layer, inputs, {"shape": shape})
    return _computation(layer, inputs, {"shape": tuple(map(constant_of, sizes))})


def _gradient(layer: Layer, node: ast.Call) -> Computation:
    """What ``torch.autograd.grad(y.sum(), x, create_graph=True)`` differentiates."""
    match node.args:
        case [ast.Call(func=ast.Attribute(value=outputs), args=[]), inputs]:
            return _computation(layer, {"outputs": outputs, "inputs": inputs}, {})
    raise source_error(node, f"{ast.unparse(node)} is not known.")


def _slice(node: ast.Subscript) -> dict[str, Value]:
    """The axis and the bounds of ``[:, 1:3]`` or ``[..., 1:3, :]``."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    axes = [
        place
        for place, part in enumerate(parts)
        if isinstance(part, ast.Slice) and (part.lower or part.upper or part.step)
    ]
    from_end = bool(parts) and isinstance(parts[0], ast.Constant) and parts[0].value is Ellipsis
    rest = parts[1:] if from_end else parts
    if len(axes) > 1 or not all(isinstance(part, ast.Slice) for part in rest) or not rest:
        raise source_error(node, f"{ast.unparse(node)} is not known.")
    place = axes[0] if axes else 1 if from_end else len(parts) - 1
    part = parts[place]
    bounds = {"start": part.lower, "end": part.upper, "step": part.step} if isinstance(part, ast.Slice) else {}
    values = {name: value_of(bound) for name, bound in bounds.items() if bound is not None}
    return {"dim": place - len(parts) if from_end else place, **values}
