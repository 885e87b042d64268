"""Rules about the training: ranges, optimizer, schedule, device, and the metrics that are watched."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from engine.catalog.index import did_you_mean, layer
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.catalog.training_spec import Optimizer, Schedule
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.optimization import averages, schedule_list
from engine.check.parameters.values import faults
from engine.graph.edits import SetTraining
from engine.graph.json_form.schema import BIGGEST_EXACT
from engine.graph.model import Part, Project, SchedulePart, Training
from engine.graph.watched_metrics import metric_names

DEVICE = re.compile(r"auto|cpu|cuda(:\d{1,4})?")
MAX_THREADS = 1024


class Range(NamedTuple):
    """The legal values of one training setting."""

    low: float
    high: float
    whole: bool = False

    def problem(self, value: object) -> str | None:
        """What is wrong with ``value``, as a sentence that follows the setting's name, or ``None``."""
        kinds = int if self.whole else int | float
        if not isinstance(value, kinds) or isinstance(value, bool) or not math.isfinite(value):
            return f"must be a {'whole ' if self.whole else ''}number, got {value!r}"
        if not self.low <= value <= self.high:
            high = "" if self.high == math.inf else f" to {self.high:,}"
            return f"must be {f'from {self.low:,}{high}' if high else f'at least {self.low:,}'}, got {value:,}"
        return None


RANGES = {
    "epochs": Range(1, 10_000_000, whole=True),
    "batch_size": Range(1, 100_000_000, whole=True),
    "seed": Range(0, BIGGEST_EXACT, whole=True),
}
PENALTIES = {"l1": Range(0, math.inf), "l2": Range(0, math.inf)}


def problems(project: Project) -> Iterator[Diagnostic]:
    """The problems of the training settings."""
    training = project.training
    yield from _ranges(training)
    yield from _device(training)
    yield from of_optimization(training)
    yield from averages.problems(training)
    yield from _watches(project)


def of_optimization(training: Training) -> Iterator[Diagnostic]:
    """The problems of optimizer, schedule, clipping and penalties, which each phase can have for itself."""
    default = Training()
    for name, legal in PENALTIES.items():
        yield from _range(training, default, name, legal)
    yield from _clip(training)
    for part in (training.optimizer, *training.other_optimizers):
        optimizer = OPTIMIZERS.get(part.kind)
        if optimizer is None:
            yield from _unknown("optimizer", part, OPTIMIZERS)
        else:
            yield from _part("optimizer", part, optimizer)
            yield from _together(training, part, optimizer)
    if training.schedule is not None:
        yield from schedule_list.problems(training, training.schedule)
        for entry in training.schedule.parts:
            yield from _schedule(entry)


def needs_loss(project: Project) -> Iterator[Diagnostic]:
    """The problem of training without a loss."""
    graph = project.graphs.get(project.main)
    roles = [declared.role for node in graph.nodes.values() if (declared := layer(node.kind))] if graph else []
    if graph is not None and "loss" not in roles:
        message = f"{project.main} has no loss, so there is nothing to train on."
        yield _problem("T001", message, "Add a loss and wire it.")


def _problem(code: str, message: str, hint: str = "", fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, fix=fix)


def _ranges(training: Training) -> Iterator[Diagnostic]:
    default = Training()
    for name, legal in RANGES.items():
        yield from _range(training, default, name, legal)
    if training.threads != "auto" and (wrong := Range(1, MAX_THREADS, whole=True).problem(training.threads)):
        yield _problem("T002", f"Training: threads {wrong}.", "With auto, Torchloom chooses the number.")
    yield from _early_stop(training)


def _range(training: Training, default: Training, name: str, legal: Range) -> Iterator[Diagnostic]:
    wrong = legal.problem(getattr(training, name))
    if wrong:
        value = getattr(default, name)
        new_training = replace(training, **{name: value})
        yield _problem(
            "T002", f"Training: {name} {wrong}.", fix=Fix(f"Set {name} to {value}", SetTraining(new_training))
        )


def _clip(training: Training) -> Iterator[Diagnostic]:
    clip = training.clip
    if clip is not None:
        wrong = Range(0, math.inf).problem(clip.at)
        if wrong or clip.at == 0:
            yield _problem("T002", f"Training: clip.at {wrong or 'must be larger than 0, got 0'}.", "1.0 is usual.")


def _early_stop(training: Training) -> Iterator[Diagnostic]:
    stop = training.early_stop
    if stop is not None:
        if wrong := Range(1, 10_000_000, whole=True).problem(stop.patience):
            yield _problem("T002", f"Training: early_stop.patience {wrong}.", "It counts epochs.")
        if wrong := Range(0, math.inf).problem(stop.min_delta):
            yield _problem("T002", f"Training: early_stop.min_delta {wrong}.")


def _device(training: Training) -> Iterator[Diagnostic]:
    if not DEVICE.fullmatch(training.device):
        yield _problem(
            "T006",
            f"Training: {training.device!r} is not the name of a device.",
            "Use auto, cpu, cuda, or cuda:1 for the second GPU.",
            Fix("Set the device to auto", SetTraining(replace(training, device="auto"))),
        )


def _unknown(what: str, part: Part, kinds: Collection[str]) -> Iterator[Diagnostic]:
    hint = did_you_mean(part.kind, kinds) or f"Choose one of {', '.join(kinds)}."
    yield _problem("T003", f"The {what} {part.kind!r} is unknown.", hint)


def _part(what: str, part: Part, declared: Optimizer | Schedule) -> Iterator[Diagnostic]:
    for wrong in faults(part.kind, declared.params, part.params):
        text = f": {wrong.message}" if wrong.declared else f" {wrong.message}"
        yield _problem("T002" if wrong.declared else "T004", f"The {what} {part.kind}{text}", wrong.hint)


def _together(training: Training, part: Part, optimizer: Optimizer) -> Iterator[Diagnostic]:
    """Values that torch takes alone, but not together."""
    values = effective(optimizer.params, part.params)
    if values.get("nesterov") is True and (values.get("momentum") == 0 or values.get("dampening", 0) != 0):
        yield _problem(
            "T008",
            f"The optimizer {optimizer.kind}: nesterov needs momentum above 0 and dampening 0, got momentum "
            f"{values.get('momentum')} and dampening {values.get('dampening')}.",
            "0.9 is a usual momentum.",
        )
    for place, schedule in enumerate(training.schedule.parts if training.schedule else ()):
        if schedule.kind in SCHEDULES:
            yield from _cycle(training, place, schedule, optimizer, values)


def _cycle(
    training: Training, place: int, schedule: SchedulePart, optimizer: Optimizer, values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """A schedule that changes the momentum, and an optimizer that does not let it. ``values``: of the optimizer."""
    cycle = effective(SCHEDULES[schedule.kind].params, schedule.params)
    if cycle.get("cycle_momentum") is not True or training.schedule is None:
        return
    parts = list(training.schedule.parts)
    parts[place] = replace(schedule, params={**schedule.params, "cycle_momentum": False})
    fix = Fix("Switch cycle_momentum off", SetTraining(replace(training, schedule=SchedulePart.of_parts(parts))))
    if not {"momentum", "betas"} & set(values):
        yield _problem(
            "T008",
            f"{schedule.kind} with cycle_momentum changes the momentum, which {optimizer.kind} does not have.",
            "Switch cycle_momentum off, or use another optimizer.",
            fix,
        )
    elif optimizer.fixes_momentum and cycle.get("max_momentum") == 0 != cycle.get("base_momentum"):
        yield _problem(
            "T008",
            f"{schedule.kind} begins with max_momentum 0 and raises the momentum to {cycle.get('base_momentum')}, but "
            f"{optimizer.kind} has momentum in all steps or in none.",
            "Set max_momentum above 0, or switch cycle_momentum off.",
            fix,
        )


def _schedule(part: SchedulePart) -> Iterator[Diagnostic]:
    declared = SCHEDULES.get(part.kind)
    if declared is None:
        yield from _unknown("schedule", part, SCHEDULES)
        return
    yield from _part("schedule", part, declared)


def _watches(project: Project) -> Iterator[Diagnostic]:
    training = project.training
    names = metric_names(project)
    watches = [("early_stop.watch", training.early_stop.watch)] if training.early_stop else []
    watches += [("best.watch", training.best.watch)] if training.best.watch is not None else []
    for setting, metric in watches:
        if not metric and setting == "early_stop.watch" and len(training.phases) > 1:
            message = "Training: early stopping of several phases needs a metric to watch."
            yield _problem("T005", message, f"The metrics are {', '.join(names)}.")
        elif metric not in names:
            message = f"Training: {setting} names {metric!r}, which no run reports."
            yield _problem("T005", message, _watch_hint(metric, names))


def _watch_hint(metric: str, names: Sequence[str]) -> str:
    if metric.startswith("val_") and not any(name.startswith("val_") for name in names):
        return f"No samples are held out for validation. Hold some out, or watch {names[0]}."
    return did_you_mean(metric, names) or f"The metrics are {', '.join(names)}."
