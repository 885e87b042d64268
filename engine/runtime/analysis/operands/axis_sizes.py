"""Axes that must have one size, and axes that are divided into parts."""

from collections.abc import Iterator, Mapping

from engine.catalog.params import Value
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.runtime.analysis.build import Spec, has_samples, shape_text


def problems(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """Values whose last axis must have a certain size, and has another; parts that do not make up an axis."""
    required = [port.name for port in layer.inputs if not port.optional]
    for port, shapes in zip(required, layer.shape.inputs, strict=False):
        if port in inputs:
            yield from _fixed(view, name, layer, port, inputs[port], [shape.axes for shape in shapes])
            yield from _without_samples(view, name, layer, port, inputs[port], [shape.axes for shape in shapes])
    yield from _parts(view, name, layer, inputs, values)


def _fixed(
    view: View, name: str, layer: Layer, port: str, spec: Spec, shapes: list[tuple[str, ...]]
) -> Iterator[Diagnostic]:
    """The axes of a declared shape that are numbers above 1, counted from the end."""
    (axes,) = shapes if len(shapes) == 1 else ((),)
    if layer.traits.counts_axes and len(axes) != len(spec.shape):
        return  # the number of axes is a problem of its own
    fixed = {place - len(axes): int(axis) for place, axis in enumerate(axes) if axis.isdigit() and int(axis) > 1}
    for axis, size in fixed.items():
        if -axis > len(spec.shape) or spec.shape[axis] != size:
            message = f"{name} ({layer.kind}) wants ({', '.join(axes)}) in {port}, gets {shape_text(spec.shape)}."
            hint = f"Axis {axis} must have the size {size}: it holds numbers that belong together."
            yield view.problem("S002", message, hint, node=name, port=port)
            return


def _without_samples(
    view: View, name: str, layer: Layer, port: str, spec: Spec, shapes: list[tuple[str, ...]]
) -> Iterator[Diagnostic]:
    """A value that is the same for all samples, such as a list of indices, but is computed from them."""
    if layer.role != "layer" or any({"B", "*"} & {*axes} or not axes for axes in shapes):
        return
    if any(map(has_samples, spec.shape)):
        message = f"{name} ({layer.kind}) gets {shape_text(spec.shape)} in {port}, with an entry for each sample."
        hint = f"It wants ({', '.join(shapes[0])}), the same for all samples; gather takes others for each."
        yield view.problem("S012", message, hint, node=name, port=port)


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
