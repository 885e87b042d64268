"""Which figures of a run decide something: the best weights, when to stop, when the learning rate falls."""

from collections.abc import Iterator
from dataclasses import replace

from msgspec import Struct

from engine.catalog.index import layer, usual_metrics
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.training import figures
from engine.graph.edits import SetTraining
from engine.graph.model import Project


class Watched(Struct, frozen=True):
    """A figure by its event name (``val_loss``), and whether it should fall or rise."""

    figure: str
    lower_is_better: bool


def is_lower_better(project: Project, figure: str) -> bool:
    """Whether a figure such as ``val_mae`` should fall: every loss and every error should, other metrics rise."""
    name = figure.partition("_")[2]
    node = project.graphs[project.main].nodes.get(name)
    declared = layer(node.kind) if node else usual_metrics().get(name)
    if name == "loss" or declared is None:
        return name == "loss"
    return declared.role == "loss" or declared.lower_is_better


def watched_for_best(project: Project) -> Watched:
    """The figure that decides which weights are the best: the first metric's unless the project names one."""
    known = figures(project)
    held_out = tuple(name for name in known if name.startswith("val_"))
    figure = project.training.best.watch or (held_out or known)[1]
    return Watched(figure, is_lower_better(project, figure))


def watched_for_stop(project: Project) -> Watched | None:
    """The figure that early stopping waits for, or ``None``."""
    stop = project.training.early_stop
    return Watched(stop.watch, is_lower_better(project, stop.watch)) if stop else None


def watched_for_schedule(project: Project) -> str | None:
    """The figure that the schedule is told each epoch, or ``None`` when it needs none.

    One that waits for a fall is told the loss, one that waits for a rise what decides the best weights.
    """
    part = project.training.schedule
    declared = SCHEDULES.get(part.kind) if part else None
    if part is None or declared is None or not declared.watches:
        return None
    if effective(declared.params, part.params).get("mode") == "max":
        return watched_for_best(project).figure
    return "val_loss" if "val_loss" in figures(project) else "train_loss"


def problems(project: Project) -> Iterator[Diagnostic]:
    """A schedule that waits for a rise of what should fall: it would lower the rate for as long as all goes well."""
    part = project.training.schedule
    if part is None or part.params.get("mode") != "max" or project.main not in project.graphs:
        return
    known = figures(project)
    if len(known) < 3:  # without a loss there is nothing to wait for
        return
    told = watched_for_schedule(project)
    if told not in known or not is_lower_better(project, told):
        return
    mended = replace(part, params={**part.params, "mode": "min"})
    yield Diagnostic(
        "T013",
        "warning",
        f"{part.kind} waits for a rise of {told}, which gets better by falling.",
        "With mode min it waits for the loss to fall.",
        fix=Fix("Set mode to min", SetTraining(replace(project.training, schedule=mended))),
    )
