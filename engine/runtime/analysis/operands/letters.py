"""The letters of an equation against the number and the axes of the values."""

from collections.abc import Iterator, Mapping

from engine.catalog.expressions import shortened
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.catalog.text_params import Equation, terms
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.runtime.analysis.build import Spec, shape_text, size_label

ANY = "..."


def concern(layer: Layer) -> bool:
    """Whether the rule can find problems of layers of a kind."""
    return any(isinstance(param, Equation) for param in layer.params)


def problems(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """The first port at which the letters and the value disagree."""
    param = next((param for param in layer.params if isinstance(param, Equation)), None)
    equation = values.get(param.name, param.default) if param else None
    if param is None or not isinstance(equation, str) or param.problem(equation):
        return
    operands = terms(equation)
    title = f"{name} ({layer.kind})"
    if len(operands) != len(inputs):
        wires = "1 value is" if len(inputs) == 1 else f"{len(inputs)} values are"
        message = f"{title}: {shortened(equation)} has letters for {_values(len(operands))}, but {wires} wired."
        hint = "Write one group of letters for each wire, with commas between."
        yield view.problem("S005", message, hint, node=name, port=list(inputs)[min(len(operands), len(inputs) - 1)])
        return
    sizes: dict[str, tuple[int, str]] = {}
    for (port, spec), term in zip(inputs.items(), operands, strict=True):
        if wrong := _misfit(term, port, spec, sizes):
            hint = "Each letter is an axis, and a letter has one size everywhere; ... is any axes."
            yield view.problem("S005", f"{title}: {wrong}", hint, node=name, port=port)
            return


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _misfit(term: str, port: str, spec: Spec, sizes: dict[str, tuple[int, str]]) -> str:
    """What is wrong with the letters of one value, or nothing; ``sizes``: each letter's size and its first port."""
    before, dots, after = term.partition(ANY)
    count, axes = len(before) + len(after), len(spec.shape)
    if axes < count or (axes > count and not dots):
        letters = f"{count:,} letter{'s' * (count != 1)}, {shortened(term) or 'none'},"
        return f"{letters} for {port}, which has {axes} axes, {shape_text(spec.shape)}."
    pairs = [*zip(before, spec.shape, strict=False), *zip(after, spec.shape[axes - len(after) :], strict=True)]
    for letter, size in pairs:
        expected, first = sizes.setdefault(letter, (size, port))
        if size != expected and 1 not in (size, expected):
            return (
                f"the letter {letter} is {size_label(size)} in {port}, {shape_text(spec.shape)}, "
                f"but {size_label(expected)} in {first}."
            )
    return ""
