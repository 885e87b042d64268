"""The rule that a schedule watches a metric in the direction in which it improves."""

from collections.abc import Iterator
from dataclasses import replace

from engine.check.diagnostics import Diagnostic, Fix
from engine.graph.edits import SetTraining
from engine.graph.model import Project, SchedulePart
from engine.graph.schedules import watching
from engine.graph.watched_metrics import is_lower_better, metric_names, schedule_metric


def problems(project: Project) -> Iterator[Diagnostic]:
    """A schedule that waits for a rise of a metric that should fall: it would lower the rate while all goes well."""
    whole = project.training.schedule
    part = watching(whole)
    if whole is None or part is None or part.params.get("mode") != "max" or project.main not in project.graphs:
        return
    names = metric_names(project)
    if len(names) < 3:  # without a loss there is nothing to wait for
        return
    metric = schedule_metric(project, part)
    if metric not in names or not is_lower_better(project, metric):
        return
    new_part = replace(part, params={**part.params, "mode": "min"})
    after = SchedulePart.of_parts([new_part if each == part else each for each in whole.parts])
    yield Diagnostic(
        "T013",
        "warning",
        f"{part.kind} waits for a rise of {metric}, which improves when it falls.",
        "With mode min it waits for the loss to fall.",
        fix=Fix("Set mode to min", SetTraining(replace(project.training, schedule=after))),
    )
