"""Borders that are wider than what they are parts of."""

from collections.abc import Iterator, Mapping

from engine.catalog.params import Value
from engine.catalog.requirements import Border
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.runtime.analysis.build import Spec, has_samples, shape_text

KINDS = {"reflect": "mirrored", "circular": "wrapped"}
"""The borders that torch's padding modes make, where they are bounded."""


def concern(layer: Layer) -> bool:
    """Whether the rule can find problems of layers of a kind."""
    return layer.border is not None


def problems(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """The first axis whose border is too wide, or cut off entirely."""
    border, spec = layer.border, inputs.get(layer.inputs[0].name) if layer.inputs else None
    if border is None or spec is None:
        return
    all_values = effective(layer.params, values)
    sides, kind = _sides(border, all_values[border.param], spec), _kind(border, all_values)
    if isinstance(sides, str):
        yield view.problem("P003", f"{name} ({layer.kind}): {sides}", "Give two sizes for each axis.", node=name)
        return
    for place, (before, after) in enumerate(sides):
        axis = len(spec.shape) - 1 - place
        size = spec.shape[axis]
        most = {"mirrored": size - 1, "wrapped": size}.get(kind)
        if has_samples(size):
            message = f"pads axis {axis} of {shape_text(spec.shape)}, which holds the samples"
            yield _problem(view, name, layer, "S012", message, "Give sizes for the later axes alone.")
            return
        if most is not None and max(before, after) > most:
            rule = "less than" if kind == "mirrored" else "at most"
            message = f"makes a {kind} border of {max(before, after)} for axis {axis} of {shape_text(spec.shape)}"
            bound = size if kind == "mirrored" else most
            yield _problem(view, name, layer, "S007", message, f"A {kind} border must be {rule} {bound} wide here.")
            return
        if size + before + after < 1:
            message = f"cuts {-before - after} off axis {axis} of {shape_text(spec.shape)}, so nothing is left"
            yield _problem(view, name, layer, "S007", message, f"Cut off less than {size}.")
            return


def _problem(view: View, name: str, layer: Layer, code: str, message: str, hint: str) -> Diagnostic:
    text = f"{name} ({layer.kind}) {message}."
    return view.problem(code, text, hint, node=name, port=layer.inputs[0].name)


def _kind(border: Border, all_values: Mapping[str, Value]) -> str:
    return KINDS.get(str(all_values.get(border.mode)), "any") if border.mode else border.kind


def _sides(border: Border, value: Value, spec: Spec) -> list[tuple[int, int]] | str:
    """The border before and after each axis, the last axis first, or what is wrong with the sizes."""
    axes = len(spec.shape)
    if isinstance(value, int):
        return [(value, value)] * (axes - 2)
    numbers = [entry for entry in value if isinstance(entry, int)] if isinstance(value, tuple) else []
    if len(numbers) % 2:
        return f"{border.param} has {len(numbers)} sizes, which is not two for each axis."
    if len(numbers) > 2 * axes:
        return f"{border.param} has sizes for {len(numbers) // 2} axes, but {shape_text(spec.shape)} has {axes}."
    return list(zip(numbers[::2], numbers[1::2], strict=True))
