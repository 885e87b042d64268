"""Which settings have no effect, and why; forms show it beside them, and a rule warns of those that were set."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from engine.catalog.no_effect_reasons import NoEffect, idle, overruled
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Param, Value, find
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer, effective
from engine.catalog.value_text import display
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.view import View
from engine.graph.edits import SetParam, SetTraining
from engine.graph.model import UNSET, Part, SchedulePart, Training

Effects = Mapping[str, NoEffect]


def of_optimizer(training: Training, part: Part) -> dict[str, NoEffect]:
    """The parameters of an optimizer that the schedule sets, and those that its other values make idle."""
    declared = OPTIMIZERS.get(part.kind)
    if declared is None:
        return {}
    set_by_it = _overruled(training.schedule, declared.params)
    values = effective(declared.params, part.params)
    own = {name: value for name, value in values.items() if name not in set_by_it}
    return {**idle(declared.params, own), **set_by_it}


def _overruled(schedule: SchedulePart | None, params: tuple[Param, ...]) -> dict[str, NoEffect]:
    """The parameters of an optimizer that a schedule sets; of a list, those that each of it does."""
    parts = schedule.parts if schedule else ()
    declared = [(SCHEDULES.get(part.kind), part) for part in parts]
    by_part = [overruled(by, part.params, params) if by else {} for by, part in declared]
    first = by_part[0] if by_part else {}
    return {name: why for name, why in first.items() if all(name in each for each in by_part)}


def of_schedules(schedule: SchedulePart | None, epochs: int) -> list[dict[str, NoEffect]]:
    """Of each schedule of a list, the parameters that its other values make idle, or that have no time to act.

    ``epochs``: of the training.
    """
    effects, left = [], epochs
    for part in schedule.parts if schedule else ():
        if part.epochs is None or part.epochs >= left:
            effects.append(_of_schedule(part, left, f"training ends after epoch {epochs:,}"))
        else:
            effects.append(_of_schedule(part, part.epochs, f"the next schedule follows after {part.epochs:,} epochs"))
            left -= part.epochs
    return effects


def _of_schedule(part: SchedulePart, epochs: int, end: str) -> dict[str, NoEffect]:
    """``epochs``: how many it lasts. ``end``: why no more."""
    declared = SCHEDULES.get(part.kind)
    if declared is None:
        return {}
    values = effective(declared.params, part.params)
    if declared.watches and _outlasts(values.get("patience"), 2, epochs):
        return {**idle(declared.params, values), "patience": NoEffect(end)}
    return idle(declared.params, values)


def of_early_stop(training: Training) -> dict[str, NoEffect]:
    """The parameters of early stopping that have no effect in so few epochs."""
    stop = training.early_stop
    if stop is None or not _outlasts(stop.patience, 1, training.epochs):
        return {}
    return {"patience": NoEffect(f"training ends after epoch {training.epochs:,}")}


def _outlasts(patience: object, more: int, epochs: object) -> bool:
    """Whether training ends before patience does; the first epoch always counts as an improvement."""
    return isinstance(patience, int) and isinstance(epochs, int) and patience + more >= epochs


def ineffective(
    params: tuple[Param, ...], values: Mapping[str, Value], effects: Effects
) -> Iterator[tuple[str, NoEffect]]:
    """The values that differ from the defaults and have no effect."""
    for name, without in effects.items():
        param = find(params, name)
        if param is not None and name in values and _differs(param.default, values[name], without.entry):
            yield name, without


def _differs(default: Value, value: Value, entry: int | None) -> bool:
    if entry is not None and isinstance(default, tuple) and isinstance(value, tuple):
        return default[entry : entry + 1] != value[entry : entry + 1]
    return default != value


def problems(view: View) -> Iterator[Diagnostic]:
    """Values of nodes that have no effect."""
    for name, node in view.graph.nodes.items():
        declared = view.layers[name]
        if declared is None or not node.params:
            continue
        effects = _unused_numbers(declared, view.into.get(name, {}))
        if any(param.idle and param.name in node.params for param in declared.params):
            effects |= idle(declared.params, effective(declared.params, node.params))
        if declared.role == "input" and view.name != view.project.main:
            effects |= dict.fromkeys(("shape", "element"), NoEffect("what is wired to the block sets it"))
        for each, without in ineffective(declared.params, node.params, effects):
            yield view.problem(
                "P005",
                f"{name} ({node.kind}): {each} = {display(node.params[each])} has no effect: {without.why}.",
                node=name,
                severity="warning",
                fix=(f"Remove {each}", SetParam(view.name, name, each, UNSET)),
            )


def _unused_numbers(declared: Layer, ports_with_wire: Collection[str]) -> dict[str, NoEffect]:
    """The number parameters that a wire replaces."""
    ports = (port for port in declared.inputs if port.number and port.name in ports_with_wire)
    return {port.number: NoEffect(f"a value is wired into {port.name}") for port in ports}


def training_problems(training: Training) -> Iterator[Diagnostic]:
    """Values of optimizer and schedule that have no effect."""
    schedule = training.schedule
    for part in (training.optimizer, *training.other_optimizers):
        declared = OPTIMIZERS.get(part.kind)
        if declared is not None:
            for name, without in ineffective(declared.params, part.params, of_optimizer(training, part)):
                yield _problem("optimizer", part, name, without, _fix(training, part, name, without))
    parts = schedule.parts if schedule else ()
    for place, part in enumerate(parts):
        by = SCHEDULES.get(part.kind)
        if by is None:
            continue
        for name, without in ineffective(by.params, part.params, idle(by.params, effective(by.params, part.params))):
            less = replace(part, params=_without(part.params, name))
            after = replace(training, schedule=SchedulePart.of_parts([*parts[:place], less, *parts[place + 1 :]]))
            yield _problem("schedule", part, name, without, Fix(f"Remove {name}", SetTraining(after)))


def _problem(what: str, part: Part, name: str, without: NoEffect, fix: Fix) -> Diagnostic:
    instead = f"Set {without.instead} of the schedule instead." if without.instead else ""
    value, why = display(part.params[name]), without.why
    message = f"The {what} {part.kind}: {name} = {value} has no effect: {why}."
    if without.entry is not None:
        message = f"The {what} {part.kind}: not all of {name} = {value} has an effect: {why}."
    return Diagnostic("T011", "warning", message, instead, fix=fix)


def _fix(training: Training, part: Part, name: str, without: NoEffect) -> Fix:
    """Remove a value from the optimizer, or move it to the schedule, where it has an effect, if it is legal there."""
    value, schedule = part.params[name], training.schedule
    rest = training.with_optimizer(part, replace(part, params=_without(part.params, name)))
    declared = SCHEDULES.get(schedule.kind) if schedule else None
    param = find(declared.params, without.instead) if declared else None
    if schedule is None or schedule.then or param is None or param.problem(value) is not None:
        return Fix(f"Remove {name}", SetTraining(rest))
    moved = replace(schedule, params={**schedule.params, param.name: value})
    return Fix(f"Set {param.name} to {display(value)}", SetTraining(replace(rest, schedule=moved)))


def _without(params: Mapping[str, Value], name: str) -> dict[str, Value]:
    return {key: value for key, value in params.items() if key != name}
