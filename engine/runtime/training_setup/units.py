"""The units of outputs: an output has the unit of the field that a loss or metric compares it with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from engine.catalog.index import layer
from engine.catalog.spec import Layer
from engine.codegen.plan import plan_main
from engine.codegen.wiring import Step, Wiring
from engine.graph.model import End, Project
from engine.runtime.analysis.build import layer_output
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.prepared_samples import Fitted
from resources.snippets.units import Undo, Unit, Units

MAX_PLACES = 4096  # written into a script one by one


@dataclass(frozen=True, slots=True)
class OutputUnits:
    """The units of a project's outputs and metrics, derived from its graph.

    ``keys``: the names of all outputs; a single one has the name ``""``. ``outputs``: the units, where they are
    known. ``metrics``: those in the unit of a field, by name. ``fields``: those that are compared as quantities, even
    if the unit of the output is not known.
    """

    keys: tuple[str, ...] = ()
    outputs: Mapping[str, Unit] = field(default_factory=dict)
    metrics: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()


def output_units(project: Project, specs: Mapping[str, FieldSpec]) -> OutputUnits:
    """The units of a project's outputs and metrics. ``specs``: the fields of its data."""
    plan = plan_main(project)
    units: dict[End, _ShapedUnit] = {}
    metrics: dict[str, str] = {}
    fields: set[str] = set()
    for score in filter(_is_quantity, (*plan.losses, *plan.metrics)):
        read = score.inputs
        target = _target(plan.wiring, read["target"], specs) if "target" in read else None
        fields |= {name for port in ("input", "target") for name in _fields_read(plan.wiring, read.get(port), port)}
        if target is None or "input" not in read:
            continue
        units.setdefault(read["input"], target)
        if score.kind.in_unit and units[read["input"]].unit == target.unit:
            metrics[score.name] = target.unit.field
    ends = {"": next(iter(plan.returns.values()))} if len(plan.returns) == 1 else plan.returns
    outputs = {name: unit for name, end in ends.items() if (unit := _unit(plan.wiring, end, units))}
    return OutputUnits(tuple(ends), outputs, metrics, frozenset(fields))


def units_for(project: Project, specs: Mapping[str, FieldSpec], fitted: Sequence[Fitted]) -> Units | None:
    """The units of metrics and outputs; ``None`` if no transform changed what is compared."""
    every = undo_of(fitted)
    if not every:
        return None
    result = output_units(project, specs)
    undo = {name: steps for name, steps in every.items() if name in result.fields}
    metrics = tuple(name for name, source in result.metrics.items() if source in undo)
    outputs = {name: unit for name, unit in result.outputs.items() if unit.field in undo}
    return Units(undo, outputs, metrics) if outputs or metrics else None


def metric_units(project: Project, specs: Mapping[str, FieldSpec], fitted: Sequence[Fitted]) -> dict[str, str]:
    """The field whose unit a loss or error has, by name, if transforms changed what is compared.

    Empty for one that is as trained, in the unit after the transforms.
    """
    undo, result = undo_of(fitted), output_units(project, specs)
    if not result.fields & undo.keys():
        return {}
    plan = plan_main(project)
    as_trained = [*(loss.name for loss in plan.losses), "loss"]
    errors = [metric.name for metric in plan.metrics if metric.kind.in_unit and metric.name not in result.metrics]
    in_unit = {name: source for name, source in result.metrics.items() if source in undo}
    return dict.fromkeys([*as_trained, *errors], "") | in_unit


def unit_powers(project: Project) -> dict[str, int]:
    """Of each metric, by name, the power of the unit that it is measured in: 1 for an error, 2 for its square."""
    return {metric.name: metric.kind.unit_power for metric in plan_main(project).metrics}


def undo_of(fitted: Sequence[Fitted]) -> dict[str, tuple[Undo, ...]]:
    """The functions that undo the transforms of each field, the last transform first."""
    steps: dict[str, tuple[Undo, ...]] = {}
    for one in fitted:
        if not one.fills:
            steps[one.field] = (one.undo, *steps.get(one.field, ()))
    return steps


@dataclass(frozen=True, slots=True)
class _ShapedUnit:
    """A unit, and the shape of a sample of the value that has it."""

    unit: Unit
    shape: tuple[int, ...]


def _is_quantity(score: Step) -> bool:
    """Whether a loss or metric compares quantities, of which errors have a unit, and not scores of classes."""
    fitting = layer(score.kind.metric)
    return score.kind.in_unit or (fitting is not None and fitting.in_unit)


def _target(graph: Wiring, end: End, specs: Mapping[str, FieldSpec]) -> _ShapedUnit | None:
    """The unit of a target that is a field or a part of one, in any layout."""
    root, steps = _trace(graph, end)
    name = _field(graph, root)
    spec = specs.get(name) if name else None
    if name is None or spec is None or spec.dtype != "float32":
        return None
    places = _places(steps, spec.sizes)
    return None if places is None else _shaped_unit(name, spec.sizes, places)


def _shaped_unit(name: str, shape: tuple[int, ...], places: Tensor) -> _ShapedUnit | None:
    flat = tuple(places.flatten().tolist())
    in_order = flat == tuple(range(int(np.prod(shape))))
    if len(flat) > MAX_PLACES and not in_order:
        return None
    return _ShapedUnit(Unit(name, shape, () if in_order else flat), tuple(places.shape))


def _unit(graph: Wiring, end: End, units: Mapping[End, _ShapedUnit]) -> Unit | None:
    """The unit of an output that is compared, or that holds compared values in another layout."""
    if end in units:
        return units[end].unit
    for other, laid in units.items():
        steps = _between(graph, end, other)
        if steps is not None:
            return _rearrange(laid, steps)
        back = _between(graph, other, end)
        if back is not None and all(step.kind.layout == "in order" for step in back):
            return laid.unit
    return None


def _rearrange(laid: _ShapedUnit, steps: list[Step]) -> Unit | None:
    index = _places(steps, laid.shape)
    if index is None:
        return None
    before = laid.unit.places or tuple(range(int(np.prod(laid.unit.shape))))
    result = _shaped_unit(laid.unit.field, laid.unit.shape, torch.tensor(before)[index])
    return result.unit if result else None


def _between(graph: Wiring, end: End, earlier: End) -> list[Step] | None:
    """The steps that reshape ``earlier`` to ``end``, ``None`` if ``end`` depends on other values."""
    steps: list[Step] = []
    for value, step in _path(graph, end):
        if value == earlier:
            return steps[::-1]
        if step is not None:
            steps.append(step)
    return None


def _trace(graph: Wiring, end: End) -> tuple[End, list[Step]]:
    path = list(_path(graph, end))
    return path[-1][0], [step for _, step in reversed(path) if step is not None]


def _path(graph: Wiring, end: End) -> Iterator[tuple[End, Step | None]]:
    """The values from ``end`` back to its origin, each with the step that only changed its layout, if one did."""
    while True:
        step = graph.step(end.node) if graph.role(end.node) == "layer" else None
        if step is None or not _changes_layout_only(step.kind) or len(step.inputs) != 1:
            yield end, None
            return
        yield end, step
        end = next(iter(step.inputs.values()))


def _changes_layout_only(kind: Layer) -> bool:
    return kind.layout != "computed"


def _places(steps: Sequence[Step], shape: tuple[int, ...]) -> Tensor | None:
    """For each value after the steps its index in a sample of that shape; ``None`` if samples are mixed."""
    one = torch.arange(int(np.prod(shape))).reshape(1, *shape)
    values = torch.cat([one, one])
    for step in steps:
        result = layer_output(step.kind, step.params, values)
        if result is None:
            return None
        values = result
    is_whole = values.dim() > 0 and len(values) == 2 and torch.equal(values[0], values[1])
    return values[0].long() if is_whole else None


def _field(graph: Wiring, end: End) -> str | None:
    node = graph.node(end.node)
    return str(node.params.get("field") or end.node) if node.kind == "Input" else None


def _fields_read(graph: Wiring, end: End | None, port: str) -> Iterator[str]:
    """The fields that a target is computed from, or the field that an input is, if it is one."""
    todo, visited = [end] if end else [], set[str]()
    while todo:
        here, _ = _trace(graph, todo.pop())
        name = _field(graph, here)
        if name is not None:
            yield name
        elif here.node not in visited and port == "target":
            visited.add(here.node)
            todo += graph.inputs(here.node).values()
