"""Whether the inputs of a loss or metric have the shapes it declares, and equal sizes: torch would broadcast others."""

import math
from collections.abc import Iterator, Mapping
from typing import TypeVar

from engine.catalog.params import Int, Value
from engine.catalog.shapes import Shape
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.runtime.analysis.build import Spec, has_samples, shape_text

BATCH, REST = "B", "*"
Size = TypeVar("Size")


def has_declared_sizes(layer: Layer) -> bool:
    """Whether the inputs of a loss or metric are checked against its declared shapes."""
    if layer.role == "metric":
        return layer.shape.is_closed
    return layer.role == "loss" and len(layer.inputs) > (2 if layer.compares else 1)


def disagreements(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], params: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """The first problem of the inputs, if there is one; inputs with alternative shapes are not looked at."""
    title = f"{name} ({layer.kind})"
    sizes: dict[str, tuple[int, ...]] = {}
    for port, shapes in zip(layer.inputs, layer.shape.inputs, strict=False):
        if len(shapes) > 1 or port.name not in inputs:
            continue
        (shape,), value_shape = shapes, inputs[port.name].shape
        if not _has_room(shape, value_shape):
            message = f"{title} takes ({', '.join(shape.axes)}) in {port.name}, and gets {shape_text(value_shape)}."
            yield view.problem("S003", message, f"It maps {layer.shape.text}.", node=name, port=port.name)
            return
        for axis, axis_sizes in named_axes(shape, value_shape):
            if axis.isdigit():
                sizes.setdefault(axis, (int(axis),))
            if axis == BATCH and not has_samples(axis_sizes[0]):
                place = f"in {port.name}, in which axis {shape.axes.index(BATCH)} does not hold the samples"
                message = f"{title} gets {shape_text(value_shape)} {place}."
                hint = f"It maps {layer.shape.text}; B are the samples."
                yield view.problem("S012", message, hint, node=name, port=port.name)
                return
            if sizes.setdefault(axis, axis_sizes) != axis_sizes:
                texts = " and ".join(shape_text(spec.shape) for spec in inputs.values())
                message = f"{title} gets {texts}, which do not fit together."
                yield view.problem("S009", message, f"It maps {layer.shape.text}.", node=name, port=port.name)
                return
    yield from _out_of_range(view, name, layer, sizes, params)


def _out_of_range(
    view: View, name: str, layer: Layer, sizes: Mapping[str, tuple[int, ...]], params: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """Numbers that are too large for an axis: an index of it, or a size that has to fit in."""
    values = effective(layer.params, params)
    for param in layer.params:
        value = values.get(param.name)
        if not isinstance(param, Int) or not isinstance(value, int):
            continue
        size, best = sizes.get(param.index_of, (math.inf,))[0], 0
        if param.fits_in:
            best = min(sizes[axis][0] for axis in param.fits_in)
            size = best + 1
        if value >= size:
            limit = f"at most {best}" if param.fits_in else f"less than {size}"
            message = f"{name} ({layer.kind}): {param.name} is {value}, but must be {limit}."
            owner = view.graph.nodes[name].shares or name
            fix = (f"Set {param.name} to {best}", SetParam(view.name, owner, param.name, best))
            yield view.problem("P003", message, f"{fix[0]}, for instance.", node=name, fix=fix)


def _has_room(shape: Shape, sizes: tuple[int, ...]) -> bool:
    """Whether a value has as many axes as a declared shape."""
    axis_count = len(shape.axes) - shape.axes.count(REST)
    return len(sizes) >= axis_count if REST in shape.axes else len(sizes) == axis_count


def named_axes(shape: Shape, sizes: tuple[Size, ...]) -> Iterator[tuple[str, tuple[Size, ...]]]:
    """The sizes that each named axis has; ``*`` has all that are left."""
    left = len(sizes) - len(shape.axes) + 1
    place = 0
    for axis in shape.axes:
        width = left if axis == REST else 1
        yield axis, sizes[place : place + width]
        place += width
