"""The two expressions of a node: the one that builds its module, and the one that calls it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from engine.catalog.emit import Creation, Function, Gradient, Infix, Method, Module, Pattern, Slice
from engine.catalog.expressions import Expression
from engine.catalog.params import FromInput, Param, Value, Vector
from engine.catalog.spec import Layer, Port
from engine.codegen.literals import literal
from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a block's constructor, by name."""

    name: str


COUNT = "count"
"""The argument of ``forward`` for the number of samples to draw."""
DEVICE = "next(self.parameters()).device"
"""The device of new numbers where the port ``like`` is not wired."""
MAX_AXES = 64  # of a tensor in torch

Values = Mapping[str, Value | Argument] | Mapping[str, Value]
"""Parameters by name, explicit and derived; an absent one has its declared default."""
Arguments = Mapping[str, str]
"""Input ports (``input``, ``tensors[0]``) and the variables that feed them; unwired optional ports are absent."""


def constructor(layer: Layer, values: Values, *, device: str = "") -> str:
    """The call that builds a layer's module, such as ``nn.Conv2d(1, 32, 3, padding=1)``.

    ``device``: the device of its vectors, as an expression; empty for modules that are moved later.
    Raises: `EngineError` when a derived value is missing because the shapes are not known.
    """
    emit = layer.emit
    if not isinstance(emit, Module):
        raise TypeError(f"{layer.kind} is not a module")
    return f"{emit.target}({', '.join(_arguments(layer, layer.constructor_params, values, device=device))})"


def call(layer: Layer, callee: str, arguments: Arguments, values: Values) -> str:
    """The expression of a node's result; ``callee``: the expression of its module, such as ``self.conv1``."""
    emit = layer.emit
    if isinstance(emit, Module):
        takes = _pattern(layer, emit.takes, arguments) if emit.takes else _ports(layer, layer.inputs, arguments, values)
        if layer.call_params:
            device = _device(arguments)
            takes = chain(takes, _arguments(layer, layer.call_params, values, positional=False, device=device))
        return f"{callee}({', '.join(takes)})"
    device = _device(arguments)
    match emit:
        case Function():
            target = emit.function_for(values)
            params = list(filter(emit.takes(target), layer.params))
            if emit.order:
                return f"{target}({', '.join(_in_order(layer, emit.order, params, arguments, values))})"
            return f"{target}({', '.join(_function(layer, layer.inputs, params, arguments, values, device))})"
        case Method():
            first, params = _variable(layer, layer.inputs[0], arguments), list(layer.params)
            rest = _function(layer, layer.inputs[1:], params, arguments, values, device)
            return f"{first}.{emit.name}({', '.join(rest)})"
        case _:
            return _without_call(layer, arguments, values)


def _device(arguments: Arguments) -> str:
    """The device of the first input, as an expression; empty without inputs."""
    return f"{next(iter(arguments.values()))}.device" if arguments else ""


def _without_call(layer: Layer, arguments: Arguments, values: Values) -> str:
    """The expression of an operator, a slice, new numbers or a gradient."""
    match layer.emit:
        case Infix(operator=operator):
            return f" {operator} ".join(_operands(layer, operator, arguments, values))
        case Slice():
            return _slice(layer, _variable(layer, layer.inputs[0], arguments), values)
        case Creation(target=target):
            return _creation(layer, target, arguments, values)
        case Gradient(target=target, reduction=reduction):
            outputs, inputs = (_variable(layer, port, arguments) for port in layer.inputs)
            return f"{target}({outputs}.{reduction}(), {inputs}, create_graph=True)[0]"
        case _:
            raise TypeError(f"{layer.kind} has no expression of its own")


def _function(
    layer: Layer, ports: tuple[Port, ...], params: list[Param], arguments: Arguments, values: Values, device: str
) -> Iterator[str]:
    yield from _ports(layer, ports, arguments, values)
    complete = all(port.variadic or not port.optional or port.name in arguments for port in ports)
    yield from _arguments(layer, params, values, positional=complete, device=device)


def _in_order(
    layer: Layer, order: tuple[str, ...], params: list[Param], arguments: Arguments, values: Values
) -> Iterator[str]:
    """The arguments of a function that takes parameters between its ports."""
    ports, by_name = {port.name: port for port in layer.inputs}, {param.name: param for param in params}
    for name in order:
        port = ports.get(name)
        if port is None:
            yield spell(layer, by_name[name], values) or literal(by_name[name].default)
        elif port.variadic:
            yield from _variadic(layer, port, arguments)
        else:
            yield _operand(layer, port, arguments, values)
    rest = [param for param in params if param.name not in order]
    yield from _arguments(layer, rest, values, positional=False)


def _ports(layer: Layer, ports: tuple[Port, ...], arguments: Arguments, values: Values) -> Iterator[str]:
    skipped = False
    for port in ports:
        if port.variadic:
            value = f"[{', '.join(_variadic(layer, port, arguments))}]"
        elif port.optional and port.name not in arguments:
            skipped = True
            continue
        else:
            value = _operand(layer, port, arguments, values)
        yield f"{port.name}={value}" if skipped else value


def _variadic(layer: Layer, port: Port, arguments: Arguments) -> list[str]:
    values = [value for name, value in arguments.items() if name.partition("[")[0] == port.name]
    if not values and not port.optional:
        raise EngineError(f"{layer.kind} needs a wire into {port.name}.", code="G005")
    return values


def _operands(layer: Layer, operator: str, arguments: Arguments, values: Values) -> Iterator[str]:
    """The operands of an operator, of which at least one is a value; a power binds tighter than a sign."""
    if not arguments:
        raise EngineError(f"{layer.kind} needs a wire into {layer.inputs[0].name}.", code="G005")
    for place, port in enumerate(layer.inputs):
        text = _atom(_operand(layer, port, arguments, values))
        yield f"({text})" if operator == "**" and place == 0 and text.startswith("-") else text


def _operand(layer: Layer, port: Port, arguments: Arguments, values: Values) -> str:
    """The variable at a port, or the number in its place."""
    if port.name in arguments:
        return arguments[port.name]
    param = layer.param(port.number)
    number = spell(layer, param, values) if param else None
    return number or _variable(layer, port, arguments)


def _atom(text: str) -> str:
    """An operand, in parentheses where it is an expression of several parts."""
    return f"({text})" if " " in text or "**" in text or text.startswith("-self") else text


def _variable(layer: Layer, port: Port, arguments: Arguments) -> str:
    if port.name not in arguments:
        raise EngineError(f"{layer.kind} needs a wire into {port.name}.", code="G005")
    return arguments[port.name]


def _pattern(layer: Layer, pattern: Pattern, arguments: Arguments) -> Iterator[str]:
    """The arguments, nested as torch takes them, without unwired ports; then other ports by keyword."""
    names = set()
    for part in pattern:
        ports = [part] if isinstance(part, str) else [name for name in part if isinstance(name, str)]
        names.update(ports)
        variables = [arguments[name] for name in ports if name in arguments]
        missing = [name for name in ports if name not in arguments]
        for name in missing:
            port = layer.input(name)
            if variables or port is None or not port.optional:
                raise EngineError(f"{layer.kind} needs a wire into {name}.", code="G018" if variables else "G005")
        if variables:
            yield variables[0] if isinstance(part, str) else f"({', '.join(variables)})"
    for port in layer.inputs:
        if port.name not in names and port.name in arguments:
            yield f"{port.name}={arguments[port.name]}"


def _arguments(
    layer: Layer, params: Iterable[Param], values: Values, *, positional: bool = True, device: str = ""
) -> Iterator[str]:
    for param in params:
        if not param.is_argument:
            continue
        is_leading = param.required or isinstance(param, FromInput)
        text = spell(layer, param, values, device=device) if is_leading or param.name in values else None
        if text is None:
            positional = False
            continue
        positional = positional and is_leading
        yield text if positional else f"{param.name}={text}"


def spell(layer: Layer, param: Param, values: Values, *, device: str = "") -> str | None:
    """A parameter's value as source, or ``None`` when it is torch's default."""
    if isinstance(param, FromInput) and values.get(param.name) is None:
        port = layer.input(param.port)
        if param.unless or (port is not None and port.optional):
            return None
        raise EngineError(
            f"{layer.kind} needs a value for {param.name}, which is read off the wire into {param.port}.",
            hint="Fix the shape problems before it, or set the value by hand.",
            code="S019",
        )
    if param.name not in values and not param.required:
        return None
    value = values.get(param.name, param.default)
    text = value.name if isinstance(value, Argument) else literal(_legal(param, value))
    if not param.required and not isinstance(param, FromInput) and text == literal(param.default):
        return None
    if isinstance(param, Vector) and value is not None:
        return f"torch.tensor({text}, device={device})" if device else f"torch.tensor({text})"
    return text


def _legal(param: Param, value: Value) -> Value:
    """The value of the type that torch takes."""
    return value if isinstance(value, Expression) else param.from_json(value)


def _creation(layer: Layer, target: str, arguments: Arguments, values: Values) -> str:
    """``torch.randn(count, 64, device=...)``, or with the number of samples and the device of ``like``."""
    shape = {param.name: values.get(param.name, param.default) for param in layer.params}["shape"]
    like = arguments.get("like")
    sizes = ", ".join(map(literal, shape)) if isinstance(shape, tuple) else ""
    if isinstance(shape, Argument):
        sizes = f"*{shape.name}"
    if not sizes:
        raise EngineError(f"{layer.kind} needs a shape, got {shape!r}.", code="P002")
    if like is None:
        return f"{target}({COUNT}, {sizes}, device={DEVICE})"
    return f"{target}({like}.shape[0], {sizes}, device={like}.device)"


def _slice(layer: Layer, variable: str, values: Values) -> str:
    """``variable[:, start:end:step]`` on the axis ``dim``; a negative one counts from the end."""
    params = {param.name: values.get(param.name, param.default) for param in layer.params}
    axis = params.get("dim", 0)
    bounds = [params.get(name) for name in ("start", "end", "step")]
    start, end, step = map(_bound, bounds)
    inside = f"{start}:{end}" + (f":{step}" if step not in ("", "1") else "")
    if any(isinstance(bound, Argument) for bound in bounds):  # formatters set spaces around what is no literal
        inside = inside.replace(":", " : ").replace(" :  : ", " :: ").strip()
    if not isinstance(axis, int) or abs(axis) > MAX_AXES:
        raise EngineError(f"{layer.kind} needs an axis for dim, got {axis!r}.", code="P002")
    return f"{variable}[{':, ' * axis}{inside}]" if axis >= 0 else f"{variable}[..., {inside}{', :' * (-axis - 1)}]"


def _bound(value: Value | Argument) -> str:
    return "" if value is None else value.name if isinstance(value, Argument) else literal(value)
