"""What torch would misread silently: types, axes and their order, checked before a layer is run."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from engine.catalog.axes import input_axes
from engine.catalog.index import layer as declaration
from engine.catalog.params import FromInput, Value
from engine.catalog.recommended import converter
from engine.catalog.spec import Conversion, Layer, Port, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Edit, SetParam
from engine.graph.model import UNSET
from engine.runtime.analysis.build import Spec, has_samples, shape_text
from engine.runtime.analysis.operands import axis_sizes, borders, letters
from engine.runtime.analysis.result_rules import between_samples
from engine.runtime.analysis.wire_fixes import conversion_fix

ELEMENTS = {"float": "real numbers", "int": "whole numbers", "bool": "true or false"}
Rule = Callable[[View, str, Layer, Mapping[str, Spec], Mapping[str, Value]], Iterator[Diagnostic]]
CONVERSIONS: dict[str, Conversion] = {"float": "to float", "int": "to int"}


def misfits(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """Problems of types and axes; a layer with any of them is not run."""
    if layer.role != "layer" and (pairs := between_samples(view, name, inputs)):
        yield pairs
        return
    if layer.role == "metric":
        yield from _metric_elements(view, name, layer, inputs)
        return
    for port_name, spec in inputs.items():
        port = layer.input(port_name)
        if port is not None:
            if port.element not in ("any", spec.element):
                yield _element(view, name, port, port_name, spec)
            yield from _axes(view, name, layer, port, spec)
    for rule in _rules_for(layer.kind):
        yield from rule(view, name, layer, inputs, values)


@cache
def _rules_for(kind: str) -> tuple[Rule, ...]:
    """The rules that can find problems of a kind, few of all, so that each node runs only these."""
    layer = declaration(kind)
    return tuple(rule for concern, rule in _RULES if layer and concern(layer))


def _metric_elements(view: View, name: str, layer: Layer, inputs: Mapping[str, Spec]) -> Iterator[Diagnostic]:
    """Inputs of a metric that are no numbers, or no token ids; it converts other targets itself."""
    for port in layer.inputs:
        spec = inputs.get(port.name)
        takes_ids = port.element == "int" and layer.shape.is_closed
        is_misread = takes_ids or (port.name == "input" and spec is not None and spec.element == "bool")
        if spec and is_misread and port.element not in ("any", spec.element):
            yield _element(view, name, port, port.name, spec)


def _axis(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """Softmax or a sort of a missing axis, which torch reports on the CPU but not on the meta device."""
    param = layer.param("dim")
    dim, axes = values.get("dim", param.default if param else None), len(inputs["input"].shape)
    if isinstance(dim, int) and not -axes <= dim < axes:
        shape = shape_text(inputs["input"].shape)
        yield view.problem(
            "S003",
            f"{name} ({layer.kind}) is to work on axis {dim}, but {shape} has axes {-axes} to {axes - 1}.",
            "Axes count from 0, the samples; -1 is the last.",
            node=name,
            port="input",
            fix=("Set dim to -1", SetParam(view.name, view.graph.nodes[name].shares or name, "dim", -1)),
        )


def _sample_selection(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """A selection of some samples of a batch, whose result changes with the batch size."""
    param, shape = layer.param(layer.picks), inputs["input"].shape
    dim = values.get(layer.picks, param.default if param else 0)
    if isinstance(dim, int) and -len(shape) <= dim < len(shape) and has_samples(shape[dim]):
        yield view.problem(
            "S012",
            f"{name} ({layer.kind}) picks from axis {dim} of {shape_text(shape)}, which holds the samples.",
            "Every sample must be treated in the same way: choose another axis.",
            node=name,
            port="input",
        )


def _output_padding(
    view: View, name: str, layer: Layer, _: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """The one rule that torch checks on the CPU but not on the meta device."""
    added, stride, dilation = (_per_axis(values.get(each, 0)) for each in ("output_padding", "stride", "dilation"))
    axes = max(len(added), len(stride), len(dilation))
    added, stride, dilation = (each * axes if len(each) == 1 else each for each in (added, stride, dilation))
    if any(extra >= max(step, apart, 1) for extra, step, apart in zip(added, stride, dilation, strict=True)):
        yield view.problem(
            "P003",
            f"{name} ({layer.kind}): output_padding must be smaller than stride or dilation, got "
            f"{values.get('output_padding')} with stride {values.get('stride', 1)} and dilation "
            f"{values.get('dilation', 1)}.",
            "Set output_padding to 0, or enlarge stride.",
            node=name,
            fix=(
                "Set output_padding to 0",
                SetParam(view.name, view.graph.nodes[name].shares or name, "output_padding", UNSET),
            ),
        )


def _divisibility(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """Sizes that a parameter must divide; torch says so in other words for each layer."""
    spec, by = inputs.get(layer.inputs[0].name) if layer.inputs else None, layer.divides
    if by is None or spec is None:
        return
    factor = effective(layer.params, values)[by.param]
    axes = [axis % len(spec.shape) for axis in by.axes if -len(spec.shape) <= axis < len(spec.shape)]
    sizes = {axis: spec.shape[axis] for axis in axes if not has_samples(spec.shape[axis])}
    if not isinstance(factor, int) or factor < 1 or len(sizes) < len(by.axes):
        return
    odd = [axis for axis, size in sizes.items() if size % factor**by.power]
    if odd:
        most = min(size for size in sizes.values())
        fitting = [
            each for each in range(1, min(most, 4096) + 1) if not any(s % each**by.power for s in sizes.values())
        ]
        best = min(fitting, key=lambda each: abs(each - factor))
        divisor = by.param if by.power == 1 else f"{by.param} ** {by.power}"
        yield view.problem(
            "S002",
            f"{name} ({layer.kind}): axis {odd[0]} of {shape_text(spec.shape)} must be divisible by {divisor}, which "
            f"is {factor**by.power}.",
            f"Set {by.param} to {best}, for instance.",
            node=name,
            port=layer.inputs[0].name,
            fix=(
                f"Set {by.param} to {best}",
                SetParam(view.name, view.graph.nodes[name].shares or name, by.param, best),
            ),
        )


def _per_axis(value: Value) -> tuple[int, ...]:
    entries = value if isinstance(value, tuple) else (value,)
    return tuple(entry for entry in entries if isinstance(entry, int))


def _element(view: View, name: str, port: Port, port_name: str, spec: Spec) -> Diagnostic:
    kind = view.graph.nodes[name].kind
    conversion = CONVERSIONS.get(port.element)
    return view.problem(
        "S004",
        f"{name} ({kind}) wants {ELEMENTS[port.element]} in {port_name}, gets {ELEMENTS[spec.element]}.",
        f"Add {converter(conversion).kind} before it." if conversion else "Wire another value in.",
        node=name,
        port=port_name,
        fix=conversion_fix(view, name, port_name, conversion) if conversion else None,
    )


def _axes(view: View, name: str, layer: Layer, port: Port, spec: Spec) -> Iterator[Diagnostic]:
    axis_counts, words = input_axes(layer.kind, port.name)
    got = len(spec.shape)
    if not axis_counts or got in axis_counts:
        return
    hint, fix = _other_axes(view, name, layer, port, spec, axis_counts)
    counts = " or ".join(map(str, sorted(axis_counts)))
    yield view.problem(
        "S003",
        f"{name} ({layer.kind}) wants {counts} axes, {words}, gets {got}: {shape_text(spec.shape)}.",
        hint,
        node=name,
        port=port.name,
        fix=fix,
    )


def _other_axes(
    view: View, name: str, layer: Layer, port: Port, spec: Spec, axis_counts: frozenset[int]
) -> tuple[str, tuple[str, Edit] | None]:
    """How a value gets the right number of axes."""
    got = len(spec.shape)
    in_sequence = layer.traits.is_sequence
    if got + 1 in axis_counts and got > 1:
        dim = 2 if in_sequence else 1
        what = "each number a separate step" if in_sequence else "it one channel"
        hint = f"Add {converter('add axis').kind} with dim {dim} to give {what}."
        return hint, conversion_fix(view, name, port.name, "add axis", dim)
    if got - 1 in axis_counts and spec.shape[1] == 1:
        hint = f"Add {converter('remove axis').kind} with dim 1."
        return hint, conversion_fix(view, name, port.name, "remove axis", 1)
    if got > max(axis_counts):
        first = max(axis_counts) - 1
        fix = conversion_fix(view, name, port.name, "join axes", first) if first > 1 else None
        return f"Add {converter('join axes').kind} with start_dim {first}, or reshape.", fix
    return "Add Unflatten, unsqueeze or reshape before it.", None


def _order(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """A layer that reads sequences needs to know which axis holds the samples."""
    batch_first = values.get("batch_first", False) is True
    for port_name, spec in inputs.items():
        port = layer.input(port_name)
        if port is None or port.optional or len(spec.shape) != 3:
            continue
        rows = [axis for axis, size in enumerate(spec.shape) if has_samples(size)]
        if rows == [0 if not batch_first else 1]:
            yield _misread(view, name, layer, port_name, spec, batch_first=batch_first)
            return


def _misread(view: View, name: str, layer: Layer, port: str, spec: Spec, *, batch_first: bool) -> Diagnostic:
    rows, steps = (1, 0) if batch_first else (0, 1)
    owner = view.graph.nodes[name].shares or name
    edit = SetParam(view.name, owner, "batch_first", UNSET if batch_first else True)
    return view.problem(
        "S008",
        f"{name} ({layer.kind}) would read the samples (axis {rows} of {shape_text(spec.shape)}) as time steps, and "
        f"axis {steps} as samples, because batch_first is {'true' if batch_first else 'false'}.",
        f"Set batch_first to {'false' if batch_first else 'true'}.",
        node=name,
        port=port,
        fix=(f"Set batch_first to {'false' if batch_first else 'true'}", edit),
    )


def derived_sizes(
    view: View, name: str, layer: Layer, inputs: Mapping[str, Spec], params: Mapping[str, Value]
) -> tuple[dict[str, Value], Diagnostic | None]:
    """The sizes that the layer reads off its wires, or the problem that prevents it."""
    sizes: dict[str, Value] = {}
    for param in layer.derived:
        spec = inputs.get(param.port)
        if params.get(param.name) is not None or spec is None:
            continue
        wrong = _unreadable(view, name, layer, param, spec)
        if wrong:
            return {}, wrong
        size = spec.shape[param.axis]
        if not param.unless or size != sizes.get(param.unless, params.get(param.unless)):
            sizes[param.name] = size
    return sizes, None


_RULES: tuple[tuple[Callable[[Layer], bool], Rule], ...] = (
    (lambda layer: layer.param("batch_first") is not None, _order),
    (lambda layer: layer.param("dim") is not None and layer.family in ("activation", "indexing"), _axis),
    (lambda layer: bool(layer.picks), _sample_selection),
    (lambda layer: layer.param("output_padding") is not None, _output_padding),
    (lambda layer: layer.divides is not None, _divisibility),
    (letters.concern, letters.problems),
    (axis_sizes.concern, axis_sizes.problems),
    (borders.concern, borders.problems),
)
"""The rules about inputs and values, each with the test whether it concerns a kind."""


def _unreadable(view: View, name: str, layer: Layer, param: FromInput, spec: Spec) -> Diagnostic | None:
    axes = len(spec.shape)
    least = param.axis + 1 if param.axis >= 0 else -param.axis
    if axes < least:
        return view.problem(
            "S003",
            f"{name} ({layer.kind}) reads {param.name} off axis {param.axis}, but gets {shape_text(spec.shape)}.",
            f"It needs at least {least} axes: add unsqueeze or reshape before it.",
            node=name,
            port=param.port,
        )
    if has_samples(spec.shape[param.axis]):
        return view.problem(
            "S008",
            f"{name} ({layer.kind}) reads {param.name} off axis {param.axis} of {shape_text(spec.shape)}, which holds "
            "the samples, and their number changes.",
            "Samples belong on axis 0: look at the layers before it.",
            node=name,
            port=param.port,
        )
    if spec.shape[param.axis] < param.min:
        return view.problem(
            "S005",
            f"{name} ({layer.kind}) gets {shape_text(spec.shape)}, which holds nothing along axis {param.axis}.",
            "Look at the layers before it.",
            node=name,
            port=param.port,
        )
    return None
