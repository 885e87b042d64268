"""Torch's refusals, reported with the numbers and a remedy; an unknown one is quoted."""

import re
from collections.abc import Mapping
from math import prod

from engine.catalog.params import Value
from engine.catalog.recommended import converter
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Edit, SetParam
from engine.graph.model import UNSET
from engine.runtime.analysis.build import Refusal, Spec, has_samples, shape_text, size_label
from engine.runtime.analysis.wire_fixes import conversion_fix

DIVISIBLE = re.compile(r"(\w+)(?: \(\d+\))? (?:must|has to|should) be divisible by (\w+)")
OUT_OF_RANGE = re.compile(
    r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)"
)
TOO_SMALL = re.compile(
    r"kernel size can't be greater|output size is too small|too small|expected .* non-zero|non-zero size"
    r"|padding size should be less than|stretch is negative|must be at least one|too large relative to input"
    r"|wrapping around more than once",
    re.IGNORECASE,
)
EMPTY = re.compile(r"Input and output sizes should be greater than 0")
EXCLUSIVE = re.compile(r"(\w+) should not be set when (\w+)=")
LAID_OUT = re.compile(
    r"is invalid for input of size|don't multiply up to|cannot reshape|cannot be reshaped", re.IGNORECASE
)
LONGEST = 300  # characters of torch's words that are quoted


def explanation(
    view: View,
    name: str,
    layer: Layer,
    params: Mapping[str, Value],
    inputs: Mapping[str, Spec],
    refusal: Refusal,
) -> Diagnostic:
    """Why torch would not make or run a node. ``params``: those set by hand, of the owner of its weights."""
    if not refusal.is_built and layer.stateful:
        return _parameters(view, name, layer, params, inputs, refusal)
    explanations = (
        _size(view, name, layer, params, inputs),
        _window(view, name, layer, inputs, refusal),
        _exclusive(view, name, layer, refusal),
    )
    problem = next((each for each in explanations if each), None)
    if problem:
        return problem
    return _layout(view, name, layer, inputs, refusal) or _together(view, name, layer, inputs, refusal)


def quote(words: str) -> str:
    """The first line of torch's message, with samples as ``N``, and not too long."""
    line = next((" ".join(line.split()) for line in words.splitlines() if line.strip()), "nothing")
    line = re.sub(r"\d{7,}", lambda digits: str(size_label(int(digits[0]))), line)
    line = re.sub(r"torch\.Size\((\[[^\]]*\])\)", r"\1", line)
    return (line[: LONGEST - 3] + "..." if len(line) > LONGEST else line).rstrip(".")


def _parameters(
    view: View, name: str, layer: Layer, params: Mapping[str, Value], inputs: Mapping[str, Spec], refusal: Refusal
) -> Diagnostic:
    match = DIVISIBLE.search(refusal.message)
    sizes = {param.name: inputs[param.port].shape[param.axis] for param in layer.derived if param.port in inputs}
    values = {**effective(layer.params, {}), **sizes, **{k: v for k, v in params.items() if v is not None}}
    dividend, divisor = (match[1], match[2]) if match else ("", "")
    whole, part = values.get(dividend), values.get(divisor)
    if not isinstance(whole, int) or not isinstance(part, int):
        message = f"{name} ({layer.kind}) cannot be made with these values: {quote(refusal.message)}."
        return view.problem("P003", message, "Change one of them.", node=name)
    best = min(
        (each for each in range(1, min(whole, 4096) + 1) if whole % each == 0), key=lambda each: abs(each - part)
    )
    owner = view.graph.nodes[name].shares or name
    return view.problem(
        "P003",
        f"{name} ({layer.kind}): {dividend}, which is {whole}, must be divisible by {divisor}, which is {part}.",
        f"Set {divisor} to {best}, for instance.",
        node=name,
        fix=(f"Set {divisor} to {best}", SetParam(view.name, owner, divisor, best)),
    )


def _size(
    view: View, name: str, layer: Layer, params: Mapping[str, Value], inputs: Mapping[str, Spec]
) -> Diagnostic | None:
    """A size that was set by hand, or by a wire of the owner of its weights, and differs on this wire."""
    for param in layer.derived:
        expected, spec = params.get(param.name), inputs.get(param.port)
        if expected is None or spec is None:
            continue
        if isinstance(expected, tuple):
            tail = spec.shape[-len(expected) :]
            fits, text = tail == expected, shape_text(tail)
        else:
            inside = -len(spec.shape) <= param.axis < len(spec.shape)
            size = spec.shape[param.axis] if inside else 0
            fits, text = size == expected, str(size_label(size))
        if fits:
            continue
        noun = param.noun or f"as {param.name}"
        owner = view.graph.nodes[name].shares
        if owner:
            message = f"{name} uses the weights of {owner}, made for {expected} {noun}, but gets {text}."
            return view.problem("S002", message, f"Give {name} weights of its own.", node=name, port=param.port)
        hint, fix = _size_fix(view, name, param.name, param.port, spec, expected)
        return view.problem(
            "S002", f"{layer.kind} wants {expected} {noun}, gets {text}.", hint, node=name, port=param.port, fix=fix
        )
    return None


def _size_fix(
    view: View, name: str, param: str, port: str, spec: Spec, expected: Value
) -> tuple[str, tuple[str, Edit] | None]:
    flat = len(spec.shape) > 2 and param == "in_features" and not any(map(has_samples, spec.shape[1:]))
    if flat and prod(spec.shape[1:]) == expected:
        return f"Add {converter('join axes').kind}, or set {param}.", conversion_fix(view, name, port, "join axes")
    joiner = f"Add {converter('join axes').kind} or " if flat else ""
    hint = f"{joiner}set {param}, or leave it out to have it read off the wire."
    return hint[0].upper() + hint[1:], (f"Read {param} off the wire", SetParam(view.name, name, param, UNSET))


def _exclusive(view: View, name: str, layer: Layer, refusal: Refusal) -> Diagnostic | None:
    """An input that a parameter excludes."""
    match = EXCLUSIVE.search(refusal.message)
    if match is None or layer.input(match[1]) is None or layer.param(match[2]) is None:
        return None
    port, param = match[1], match[2]
    return view.problem(
        "P003",
        f"{name} ({layer.kind}) has {param} on, so nothing may be wired into {port}.",
        f"Turn {param} off and wire a value that does both, or remove the wire.",
        node=name,
        port=port,
        fix=(f"Turn {param} off", SetParam(view.name, name, param, UNSET)),
    )


def _window(view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], refusal: Refusal) -> Diagnostic | None:
    if not layer.traits.has_window or not TOO_SMALL.search(refusal.message):
        return None
    shape = shape_text(inputs["input"].shape)
    return view.problem(
        "S007",
        f"{name} ({layer.kind}) gets {shape}, which is smaller than the window that slides over it.",
        "Use a smaller kernel_size, more padding, or fewer pooling layers before it."
        if layer.param("kernel_size")
        else "Use a smaller window, or give it more to slide over.",
        node=name,
        port="input",
    )


def _layout(view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], refusal: Refusal) -> Diagnostic | None:
    axis = OUT_OF_RANGE.search(refusal.message)
    spec = next(iter(inputs.values()), None)
    if spec is None:
        return None
    port = next(iter(inputs))
    if axis:
        shape = shape_text(spec.shape)
        message = f"{name} ({layer.kind}) is to work on axis {axis[3]}, but {shape} has axes {axis[1]} to {axis[2]}."
        return view.problem("S003", message, "Axes count from 0, the samples; -1 is the last.", node=name, port=port)
    if EMPTY.search(refusal.message):
        message = f"{name} ({layer.kind}) makes of {shape_text(spec.shape)} a result without any number."
        return view.problem("S007", message, "Look at its values: they take more than there is.", node=name, port=port)
    if LAID_OUT.search(refusal.message):
        shape, words = shape_text(spec.shape), quote(refusal.message)
        return view.problem(
            "S006",
            f"{name} ({layer.kind}) gets {shape} and cannot reshape that as requested: {words}.",
            "The sizes must multiply to the same number; -1 takes what is left.",
            node=name,
            port=port,
        )
    return None


def _together(view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], refusal: Refusal) -> Diagnostic:
    ports = list(inputs)
    shapes = [shape_text(spec.shape) for spec in inputs.values()]
    if len(inputs) > 1 and layer.agreement:
        return view.problem(
            "S005",
            f"{name} ({layer.kind}) cannot put {' and '.join(shapes)} together.",
            _unequal(layer, [spec.shape for spec in inputs.values()]),
            node=name,
            port=ports[1],
        )
    gets = " and ".join(shapes)
    return view.problem(
        "S001",
        f"{name} ({layer.kind}) does not take {gets}: {quote(refusal.message)}.",
        layer.shape.text and f"It maps {layer.shape.text}.",
        node=name,
        port=ports[0] if ports else None,
    )


def _unequal(layer: Layer, shapes: list[tuple[int, ...]]) -> str:
    """Where shapes that should agree do not."""
    if len({len(shape) for shape in shapes}) > 1 and layer.traits.joins:
        ways = f"{converter('add axis').kind} or {converter('join axes').kind}"
        return f"They must have the same number of axes: add {ways}."
    if not layer.traits.joins and len(set(layer.shape.takes)) > 1:
        return layer.agreement  # the inputs have axes of different meanings
    differ = [axis for axis, sizes in enumerate(zip(*shapes, strict=False)) if len(set(sizes)) > 1]
    where = f"They differ on axis {' and '.join(map(str, differ))}. " if differ else ""
    return where + layer.agreement
