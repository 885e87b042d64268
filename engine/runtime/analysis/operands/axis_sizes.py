"""Axes that must have one size, and axes that are divided into parts."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from engine.catalog.index import layer as declaration
from engine.catalog.params import Value
from engine.catalog.shapes import Shape
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.runtime.analysis.build import Spec, has_samples, shape_text


class Demand(NamedTuple):
    """What the declared shape of an input demands of its value. ``axes``: of the first such shape.

    ``sizes``: of axes that are numbers above 1, by their place from the end. ``is_shared``: it has the same numbers for
    all samples, as a list of indices has.
    """

    port: str
    axes: tuple[str, ...]
    sizes: Mapping[int, int]
    is_shared: bool


def concern(layer: Layer) -> bool:
    """Whether the rules can find problems of layers of a kind."""
    return bool(_demands(layer.kind) or any(port.count for port in layer.outputs))


def problems(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """Values whose last axis must have a certain size, and has another; parts that do not make up an axis."""
    for demand in _demands(layer.kind):
        if demand.port in inputs:
            yield from _fixed(view, name, layer, demand, inputs[demand.port])
            yield from _without_samples(view, name, layer, demand, inputs[demand.port])
    yield from _parts(view, name, layer, inputs, values)


@cache
def _demands(kind: str) -> tuple[Demand, ...]:
    """The inputs of a kind that demand anything, found once for all nodes of it."""
    layer = declaration(kind)
    if layer is None:
        return ()
    required = [port.name for port in layer.inputs if not port.optional]
    every = [_demand(layer, port, shapes) for port, shapes in zip(required, layer.shape.inputs, strict=False)]
    return tuple(demand for demand in every if demand.sizes or demand.is_shared)


def _demand(layer: Layer, port: str, shapes: tuple[Shape, ...]) -> Demand:
    axes = shapes[0].axes
    numbers = axes if len(shapes) == 1 else ()
    sizes = {place - len(axes): int(axis) for place, axis in enumerate(numbers) if axis.isdigit() and int(axis) > 1}
    has_no_samples = all(shape.axes and {"B", "*"}.isdisjoint(shape.axes) for shape in shapes)
    return Demand(port, axes, sizes, has_no_samples and layer.role == "layer")


def _fixed(view: View, name: str, layer: Layer, demand: Demand, spec: Spec) -> Iterator[Diagnostic]:
    """The first axis that has another size than its declared one."""
    if layer.traits.counts_axes and len(demand.axes) != len(spec.shape):
        return  # the number of axes is a problem of its own
    for axis, size in demand.sizes.items():
        if -axis > len(spec.shape) or spec.shape[axis] != size:
            wants, gets = ", ".join(demand.axes), shape_text(spec.shape)
            message = f"{name} ({layer.kind}) wants ({wants}) in {demand.port}, gets {gets}."
            hint = f"Axis {axis} must have the size {size}: it holds numbers that belong together."
            yield view.problem("S002", message, hint, node=name, port=demand.port)
            return


def _without_samples(view: View, name: str, layer: Layer, demand: Demand, spec: Spec) -> Iterator[Diagnostic]:
    """A value that is the same for all samples, such as a list of indices, but is computed from them."""
    if demand.is_shared and any(map(has_samples, spec.shape)):
        message = (
            f"{name} ({layer.kind}) gets {shape_text(spec.shape)} in {demand.port}, with an entry for each sample."
        )
        hint = f"It wants ({', '.join(demand.axes)}), the same for all samples; gather takes others for each."
        yield view.problem("S012", message, hint, node=name, port=demand.port)


def _parts(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    param = next((port.count for port in layer.outputs if port.count), "")
    spec = inputs.get(layer.inputs[0].name) if layer.inputs else None
    if not param or spec is None:
        return
    all_values = effective(layer.params, values)
    count, dim = all_values[param], all_values["dim"]
    if not isinstance(dim, int) or not -len(spec.shape) <= dim < len(spec.shape) or has_samples(spec.shape[dim]):
        return
    size, title, hint, fix = spec.shape[dim], f"{name} ({layer.kind})", "", None
    where = f"axis {dim} of {shape_text(spec.shape)}"
    if isinstance(count, tuple):
        total = sum(part for part in count if isinstance(part, int))
        message = f"{title}: the parts {' + '.join(map(str, count))} make {total}, but {where} has {size}."
        is_right, hint = total == size, f"Give sizes that make {size} together."
    elif isinstance(count, int):
        each = -(-size // count)
        parts = -(-size // each)
        message = f"{title} cannot divide {where} into {count} parts: in parts of {each} it makes {parts}."
        is_right = parts == count
        if parts > 1:
            hint = f"Set {param} to {parts}."
            fix = (hint.removesuffix("."), SetParam(view.name, view.graph.nodes[name].shares or name, param, parts))
    if not is_right:
        yield view.problem("S002", message, hint, node=name, port=layer.inputs[0].name, fix=fix)
