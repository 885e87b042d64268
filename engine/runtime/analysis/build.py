"""Builds and runs a layer on the meta device, from the text that the generated source will have."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module
from math import prod
from types import CodeType
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.catalog.emit import Function, Gradient, Module, Pattern
from engine.catalog.params import Value
from engine.catalog.spec import Element, Layer
from engine.codegen.expression import COUNT, call, constructor
from engine.runtime.analysis.empty_weights import Layers, Unfilled
from engine.runtime.analysis.macs import MultiplyAdds
from engine.runtime.analysis.without_compiler import run_uncompiled

SAMPLES = 1_000_003
"""The batch size for trying layers: a prime, so that a size it divides counts samples."""

OTHER_SAMPLES = 999_983
"""Another prime, to distinguish a size that depends on the samples from one that is large by itself."""

FLOAT, INT = torch.float32, torch.int64
DTYPES = {"float32": FLOAT, "int64": INT, "bool": torch.bool}
_LAYERS = Layers()
_FORWARD_NAMES = {COUNT: SAMPLES, "self": nn.Linear(1, 1, device="meta")}
"""What a call in ``forward`` can use: the requested number of samples, and the device of its weights."""

_LONG_SEQUENCE = 5  # steps; a longer result is derived from two short ones, because each step costs a millisecond


class Spec(NamedTuple):
    """What is known of a value: its shape, with `SAMPLES` for the batch, and its type."""

    shape: tuple[int, ...]
    dtype: torch.dtype

    @property
    def element(self) -> Element:
        """The type by its name in the catalogue."""
        if self.dtype.is_floating_point:
            return "float"
        return "bool" if self.dtype == torch.bool else "int"


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a layer: its outputs in the order of its ports (``None`` for one that it does not give now).

    ``weights``: the shapes of what it learns, by name. ``macs``: multiply-adds per sample. ``uneven``: a size
    changes with the number of samples, but is not a multiple of it, as when samples are cut off.
    """

    outputs: tuple[Spec | None, ...]
    weights: tuple[tuple[str, tuple[int, ...]], ...] = ()
    macs: int = 0
    uneven: bool = False

    @property
    def parameters(self) -> int:
        """How many numbers it learns."""
        return sum(prod(shape) for _, shape in self.weights)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Torch's message when it does not build (``is_built`` is false) or run the layer."""

    message: str
    is_built: bool


def size_label(size: int) -> int | str:
    """A size as text: samples are ``N``, several samples' worth ``N*8``."""
    rows, rest = divmod(size, SAMPLES)
    if rest or not rows:
        return size
    return "N" if rows == 1 else f"N*{rows}"


@lru_cache(4096)
def shape_labels(shape: tuple[int, ...]) -> tuple[int | str, ...]:
    """The sizes of a shape as text where they count samples."""
    return tuple(map(size_label, shape))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape for a message: ``(N, 32, 8, 8)``."""
    return f"({', '.join(map(str, shape_labels(shape)))})"


def has_samples(size: int) -> bool:
    """Whether an axis of this size runs over the samples."""
    return size >= SAMPLES and size % SAMPLES == 0


@contextmanager
def trial() -> Iterator[None]:
    """A context for trying layers: without gradients, and without warnings, which the run gives itself."""
    run_uncompiled()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        yield


def try_layer(layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> Result | Refusal:
    """Make the layer, run it, and return its result.

    ``values``: given and derived parameters. ``inputs``: by port as wires name it (``tensors[0]``), only wired ones.
    """
    with trial():
        return layer_result(layer, values, inputs)


def layer_result(layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> Result | Refusal:
    """As `try_layer`, for one of many layers within `trial`."""
    if layer.traits.one_by_one:
        steps = 1 if values.get("batch_first", False) else 0
        if len(inputs["input"].shape) == 3 and inputs["input"].shape[steps] > _LONG_SEQUENCE:
            return _long_sequence(layer, values, inputs, steps)
    result = _try(layer, values, inputs)
    if isinstance(result, Result) and any(map(_is_odd, result.outputs)):
        return replace(result, uneven=_is_uneven(layer, values, inputs, result))
    return result


def try_exact(
    layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec], *, training: bool
) -> Result | Refusal:
    """The result of the layer for inputs of exactly these shapes, in training or evaluation mode."""
    with trial():
        return _try(layer, values, inputs, training=training)


def layer_output(layer: Layer, values: Mapping[str, Value], tensor: Tensor) -> Tensor | None:
    """The output of a layer with one input and no weights, ``None`` where torch refuses."""
    try:
        module = eval(constructor(layer, values), _names(layer)) if isinstance(layer.emit, Module) else None  # noqa: S307 (names and literals only)
        text = call(layer, "module", {layer.inputs[0].name: "tensor"}, values)
        result = eval(_compile(text), _names(layer), {"module": module, "tensor": tensor})  # noqa: S307 (as above)
    except Exception:  # noqa: BLE001 (the analysis reports what torch refuses)
        return None
    return result if isinstance(result, Tensor) else None


def may_learn(layer: Layer, values: Mapping[str, Value]) -> bool:
    """Whether a layer has weights with these values; a layer that cannot be built with them may have some."""
    try:
        module = _new_module(layer, values)
    except Exception:  # noqa: BLE001 (whatever torch lacks is unknown here, and not wrong)
        return True
    return module is not None and any(True for _ in module.parameters())


def _is_odd(spec: Spec | None) -> bool:
    return spec is not None and any(size > SAMPLES // 2 and size % SAMPLES for size in spec.shape)


def _is_uneven(layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec], result: Result) -> bool:
    """Whether a size depends on the number of samples, although it is not a multiple of it."""
    fewer = {port: Spec(tuple(map(_with_other_batch, spec.shape)), spec.dtype) for port, spec in inputs.items()}
    other = _try(layer, values, fewer)
    expected = [spec and tuple(map(_with_other_batch, spec.shape)) for spec in result.outputs]
    return isinstance(other, Refusal) or [spec and spec.shape for spec in other.outputs] != expected


def _with_other_batch(size: int) -> int:
    return size // SAMPLES * OTHER_SAMPLES if has_samples(size) else size


def _try(
    layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec], *, training: bool | None = None
) -> Result | Refusal:
    if isinstance(layer.emit, Gradient):
        return Result((inputs[layer.inputs[1].name],))  # whatever is differentiated by it
    is_built = False
    try:
        module = _new_module(layer, values)
        is_built = True
        if module is not None and training is not None:
            module.train(training)
        _refuse_channels(module, inputs)
        variables = {port: f"input_{place}" for place, port in enumerate(inputs)}
        arguments = {variables[port]: _empty(spec) for port, spec in inputs.items()} | {
            "module": module,
            **_FORWARD_NAMES,
        }
        code, names = _compile(call(layer, "module", variables, values)), _names(layer)
        with MultiplyAdds() as counter:
            result = eval(code, names, arguments)  # noqa: S307 (names and literals only)
    except Exception as wrong:  # noqa: BLE001 (whatever torch raises is what is wrong with this node)
        if layer.role == "loss" and _needs_numbers(wrong):
            return Result((Spec((), FLOAT),))
        words = str(wrong).strip() or type(wrong).__name__
        return Refusal(words, is_built)
    learned = module.named_parameters() if module is not None else ()
    weights = tuple((name, tuple(parameter.shape)) for name, parameter in learned)
    return Result(tuple(_specs(layer, result)), weights, counter.total // SAMPLES)


def _new_module(layer: Layer, values: Mapping[str, Value]) -> nn.Module | None:
    if not isinstance(layer.emit, Module):
        return None
    params = {**values, "inplace": False} if layer.param("inplace") else values  # `pointwise` looks at new results only
    module = _new_unfilled(layer.emit.target, constructor(layer, params), _names(layer))
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
        module.eval()  # training counts batches, which has no value here, and takes twice as long
        module.momentum = 0.1  # None divides by that count
    return module


def _new_unfilled(target: str, text: str, names: dict[str, object]) -> nn.Module:
    library, _, kind = target.rpartition(".")
    module: nn.Module
    if library == "nn" and _LAYERS.has(kind):
        module = eval(text, {"nn": _LAYERS})  # noqa: S307 (names and literals only)
    else:
        with Unfilled():
            module = eval(text, names)  # noqa: S307 (as above)
    return module


def _refuse_channels(module: nn.Module | None, inputs: Mapping[str, Spec]) -> None:
    """The one size that torch compares on the processor and not on the meta device."""
    if isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d):
        shape = inputs["input"].shape
        if len(shape) == module.weight.dim() and shape[1] != module.in_channels:
            raise RuntimeError(f"expected input to have {module.in_channels} channels, but got {shape[1]} channels")


def _needs_numbers(wrong: Exception) -> bool:
    """Whether torch cannot run a function on the meta device, which is not the fault of its arguments."""
    return isinstance(wrong, NotImplementedError) or "cannot be called on meta tensors" in str(wrong)


@lru_cache
def _compile(text: str) -> CodeType:
    return compile(text, "<call>", "eval")


def _empty(spec: Spec) -> Tensor:
    return torch.empty(spec.shape, dtype=spec.dtype, device="meta")


def _names(layer: Layer) -> dict[str, object]:
    """The names at the top of the generated file, so that its expressions mean the same here."""
    emit = layer.emit
    return _namespace(emit.snippet if isinstance(emit, Module | Function) else "")


@cache
def _namespace(snippet: str) -> dict[str, object]:
    defined = vars(import_module(f"resources.snippets.{snippet}")) if snippet else {}
    return {**defined, "torch": torch, "nn": nn, "F": F}


def _specs(layer: Layer, result: object) -> Iterator[Spec | None]:
    values: Iterable[object] = result if isinstance(result, tuple | list) else [result]
    if isinstance(layer.emit, Module) and isinstance(result, tuple):
        values = _flat(result, layer.emit.gives)
    for value in values:
        yield Spec(tuple(value.shape), value.dtype) if isinstance(value, Tensor) else None


def _flat(value: object, pattern: Pattern | str) -> Iterator[object]:
    if isinstance(pattern, str):
        yield value
    elif isinstance(value, tuple):
        for part, inside in zip(value, pattern, strict=True):
            yield from _flat(part, inside)


def _long_sequence(
    layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec], axis: int
) -> Result | Refusal:
    """The result of a recurrent layer for many steps, from those for 2 and for 3: all sizes grow evenly."""
    whole = inputs["input"]
    short = []
    for steps in (2, 3):
        shape = (*whole.shape[:axis], steps, *whole.shape[axis + 1 :])
        result = _try(layer, values, {**inputs, "input": whole._replace(shape=shape)})
        if isinstance(result, Refusal):
            return result
        short.append(result)
    two, three = short
    more = whole.shape[axis] - 2
    outputs = (
        a and b and Spec(tuple(x + (y - x) * more for x, y in zip(a.shape, b.shape, strict=True)), a.dtype)
        for a, b in zip(two.outputs, three.outputs, strict=True)
    )
    return Result(tuple(outputs), two.weights, two.macs + (three.macs - two.macs) * more)
