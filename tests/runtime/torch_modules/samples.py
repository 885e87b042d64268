"""The samples of torch's own module tests, as projects where the catalogue can express them."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from engine.catalog.emit import Module, Pattern
from engine.catalog.index import layers
from engine.catalog.params import FromInput, Value
from engine.catalog.spec import Layer, Port
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.ports import ports
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec

DTYPES = {torch.float32: "float32", torch.int64: "int64", torch.int32: "int64", torch.bool: "bool"}
UNTYPED = {"device", "dtype"}
NODE = "it"


class InexpressibleError(Exception):
    """Why a sample is not expressed."""


@dataclass
class Expressed:
    """A sample as a project with the module as its node ``it``.

    ``inputs``: its tensors by the names of Input nodes. ``swaps``: those with the samples on axis 1. ``is_single``: it
    has no samples, so it is a batch of one.
    """

    kind: Layer
    is_single: bool
    graph: Graph = field(default_factory=Graph)
    inputs: dict[str, Tensor] = field(default_factory=dict)
    fields: dict[str, FieldSpec] = field(default_factory=dict)
    swaps: set[str] = field(default_factory=set)

    @property
    def project(self) -> Project:
        return Project("sample", "Net", {"Net": self.graph})

    def batch(self, leaves: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The data for the network, with the samples on axis 0."""
        if self.is_single:
            return {name: leaf.unsqueeze(0) for name, leaf in leaves.items()}
        return {name: leaf.transpose(0, 1) if name in self.swaps else leaf for name, leaf in leaves.items()}


def layers_by_class() -> dict[str, Layer]:
    """The declarations of torch's classes, by their names without ``nn``."""
    entries: dict[str, Layer] = {}
    for entry in layers().values():
        if isinstance(entry.emit, Module) and not entry.emit.snippet:
            entries[entry.emit.target.removeprefix("nn.")] = entry
        elif entry.role == "loss" and entry.signature.startswith("nn."):
            entries[entry.signature.removeprefix("nn.")] = entry
    return entries


def public(arguments: Mapping[str, object]) -> dict[str, object]:
    """Keyword arguments without those that only tests pass, such as ``_random_samples``."""
    return {name: value for name, value in arguments.items() if not name.startswith("_")}


def expressed(name: str, sample: Any) -> Expressed:
    """A sample, first as a batch, else as a batch of one. Raises: `InexpressibleError`."""
    kind = layers_by_class().get(name.removeprefix("nn.").removeprefix("Lazy"))
    if kind is None:
        raise InexpressibleError("the class is left out")
    values = _of_constructor(getattr(nn, name.removeprefix("nn.")), kind, sample.constructor_input)
    called = _of_call(kind, sample.forward_input)
    values |= {port: value for port, value in called.items() if not isinstance(value, Tensor)}
    params = _params(kind, values)
    tensors = {port: value for port, value in called.items() if isinstance(value, Tensor)}
    reasons = []
    for is_single in (False, True):
        try:
            result = _Writer(Expressed(kind, is_single), params).write(tensors)
        except InexpressibleError as reason:
            reasons.append(str(reason))
            continue
        errors = analyse(result.project, result.fields).errors
        if not errors:
            return result
        reasons.append(f"{errors[0].code} {errors[0].message}")
    raise InexpressibleError(" / ".join(reasons))


def _of_constructor(cls: Callable, kind: Layer, arguments: Any) -> dict[str, object]:
    """The arguments of the constructor by name, without those that are torch's defaults."""
    signature = inspect.signature(cls)
    if any(param.kind is param.VAR_POSITIONAL for param in signature.parameters.values()):
        return {**arguments.kwargs, **dict(zip([param.name for param in kind.params], arguments.args, strict=False))}
    bound = signature.bind(*arguments.args, **public(arguments.kwargs))
    defaults = {name: param.default for name, param in signature.parameters.items()}
    return {
        name: value
        for name, value in bound.arguments.items()
        if name not in UNTYPED and (isinstance(value, Tensor) or value != defaults[name])
    }


def _of_call(kind: Layer, arguments: Any) -> dict[str, object]:
    """The values at the ports, and of the parameters that a call takes."""
    takes: Pattern = kind.emit.takes if isinstance(kind.emit, Module) else ()
    pattern = takes or tuple(port.name for port in kind.inputs)
    if len(arguments.args) > len(pattern):
        raise InexpressibleError("it is called with more values")
    pairs = [pair for part, value in zip(pattern, arguments.args, strict=False) for pair in _pairs(part, value)]
    return {name: value for name, value in [*pairs, *arguments.kwargs.items()] if value is not None}


def _pairs(part: Any, value: Any) -> Iterator[tuple[str, object]]:
    if isinstance(part, str):
        yield part, torch.tensor(value) if isinstance(value, list | tuple) else value
    elif value is not None:
        yield from zip(part, value if isinstance(value, tuple) else (value,), strict=False)


def _params(kind: Layer, values: Mapping[str, object]) -> dict[str, Value]:
    """The values as parameters. Raises: `InexpressibleError`."""
    params: dict[str, Value] = {}
    for name, raw in values.items():
        param = kind.param(name)
        if param is None:
            raise InexpressibleError(f"no parameter {name}")
        value = param.from_json(_plain(raw))
        if isinstance(param, FromInput) and value is None:
            continue
        if wrong := param.problem(value):
            raise InexpressibleError(f"{name} {wrong}")
        if param.required or value != param.default:
            params[name] = value
    return params


def _plain(value: object) -> object:
    if isinstance(value, Tensor):
        return tuple(value.flatten().tolist())
    if callable(value):
        return getattr(value, "__name__", "")
    return list(value) if isinstance(value, list | tuple) else value


@dataclass
class _Writer:
    """Writes the graph of a sample."""

    result: Expressed
    params: dict[str, Value]

    def write(self, tensors: Mapping[str, Tensor]) -> Expressed:
        result, kind = self.result, self.result.kind
        result.graph.nodes[NODE] = Node(kind.kind, dict(self.params))
        for place, (name, tensor) in enumerate(tensors.items()):
            port = kind.input(name)
            if port is None:
                raise InexpressibleError(f"no port {name}")
            is_mask = name.endswith("mask") and "padding" not in name
            end = self._constant(name, tensor) if is_mask else self._field(port, tensor, is_first=place == 0)
            result.graph.wires.append(Wire(end, End(NODE, name)))
        for place, port in enumerate(ports(result.project, result.graph.nodes[NODE]).outputs):
            result.graph.nodes[f"out_{place}"] = Node("Output")
            result.graph.wires.append(Wire(End(NODE, port.name), End(f"out_{place}", "input")))
        return result

    def _then(self, end: End, name: str, kind: str, **params: Value) -> End:
        """One more node after a value."""
        self.result.graph.nodes[name] = Node(kind, params)
        self.result.graph.wires.append(Wire(end, End(name, "input")))
        return End(name, "output")

    def _field(self, port: Port, tensor: Tensor, *, is_first: bool) -> End:
        """An Input node for a port, with the samples on its axis 0."""
        result, name = self.result, f"in_{port.name}"
        if tensor.dtype not in DTYPES or not (tensor.dim() or result.is_single):
            raise InexpressibleError(f"{port.name} is {tensor.dtype} of {tensor.dim()} axes")
        if self._samples_are_second(port, tensor.dim() + result.is_single):
            result.swaps.add(name)
        result.inputs[name] = tensor.long() if tensor.dtype == torch.int32 else tensor
        sizes = result.batch({name: tensor})[name].shape
        result.fields[name] = FieldSpec(tuple(sizes[1:]), DTYPES[tensor.dtype])
        result.graph.nodes[name] = Node("Input")
        end = End(name, "output")
        if name in result.swaps:
            end = self._then(end, f"swap_{port.name}", "transpose", dim0=0, dim1=1)
        if is_first and (result.kind.role == "loss" or self.params.get("inplace")):  # a loss reads what is computed
            end = self._then(end, "copy", "add", other=0)
        if port.element == "float" and not tensor.is_floating_point():
            end = self._then(end, f"real_{port.name}", "float")
        return end

    def _samples_are_second(self, port: Port, axes: int) -> bool:
        kind = self.result.kind
        if port.name in ("h_0", "c_0") and axes == 3:
            return True
        if kind.param("batch_first") and axes == 3:
            return not self.params.get("batch_first", False)
        required = [each.name for each in kind.inputs if not each.optional]
        shapes = kind.shape.inputs[required.index(port.name)] if port.name in required else ()
        return any(len(shape.axes) == axes and "B" in shape.axes[1:2] for shape in shapes)

    def _constant(self, port: str, tensor: Tensor) -> End:
        """Fixed numbers for a port that has no samples."""
        numbers = tuple(tensor.float().flatten().tolist())
        self.result.graph.nodes[f"is_{port}"] = Node("Buffer", {"values": numbers, "shape": tuple(tensor.shape)})
        end = End(f"is_{port}", "output")
        return self._then(end, f"true_{port}", "bool") if tensor.dtype == torch.bool else end
