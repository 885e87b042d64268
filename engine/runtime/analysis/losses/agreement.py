"""Whether the inputs of a loss have the shapes that it declares, and sizes that agree, for torch would stretch some."""

from collections.abc import Iterator, Mapping

from engine.catalog.shapes import Shape
from engine.catalog.spec import Layer
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.runtime.analysis.build import Spec, has_samples, shape_text

BATCH, REST = "B", "*"


def disagreements(view: View, name: str, layer: Layer, inputs: Mapping[str, Spec]) -> Iterator[Diagnostic]:
    """The first problem of the inputs, if there is one; inputs with alternative shapes are not looked at."""
    title = f"{name} ({layer.kind})"
    sizes: dict[str, tuple[int, ...]] = {}
    for port, shapes in zip(layer.inputs, layer.shape.inputs, strict=False):
        if len(shapes) > 1 or port.name not in inputs:
            continue
        (shape,), given = shapes, inputs[port.name].shape
        if not _has_room(shape, given):
            message = f"{title} takes ({', '.join(shape.axes)}) in {port.name}, and gets {shape_text(given)}."
            yield view.problem("S003", message, f"It maps {layer.shape.text}.", node=name, port=port.name)
            return
        for axis, found in _axes(shape, given):
            if axis == BATCH and not has_samples(found[0]):
                message = f"{title} gets {shape_text(given)} in {port.name}, in which axis {shape.axes.index(BATCH)} "
                message += "does not hold the samples."
                hint = f"It maps {layer.shape.text}; B are the samples."
                yield view.problem("S012", message, hint, node=name, port=port.name)
                return
            if sizes.setdefault(axis, found) != found:
                texts = " and ".join(shape_text(spec.shape) for spec in inputs.values())
                message = f"{title} gets {texts}, which do not fit together."
                yield view.problem("S009", message, f"It maps {layer.shape.text}.", node=name, port=port.name)
                return


def _has_room(shape: Shape, given: tuple[int, ...]) -> bool:
    """Whether a value has as many axes as a declared shape."""
    named = len(shape.axes) - shape.axes.count(REST)
    return len(given) >= named if REST in shape.axes else len(given) == named


def _axes(shape: Shape, given: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The sizes that each named axis has; ``*`` has all that are left."""
    left = len(given) - len(shape.axes) + 1
    place = 0
    for axis in shape.axes:
        width = left if axis == REST else 1
        yield axis, given[place : place + width]
        place += width
