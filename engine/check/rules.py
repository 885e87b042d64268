"""All rules that need no torch: what the drawing, the data's settings and the training's settings alone tell."""

from itertools import chain

from engine.check import blocks, data, effects, inplace, names, training, values, watched, wires
from engine.check.diagnostics import Diagnostic
from engine.check.view import views
from engine.graph.model import Project


def structural(project: Project) -> tuple[Diagnostic, ...]:
    """Every problem of the graphs themselves: names, kinds, parameters, wires, blocks."""
    found = [*blocks.project_problems(project)]
    for view in views(project):
        found += chain.from_iterable(rules.problems(view) for rules in (names, blocks, values, wires, inplace, effects))
    return tuple(found)


def settings(project: Project) -> tuple[Diagnostic, ...]:
    """Every problem of the data's and the training's settings."""
    return (
        *data.problems(project),
        *training.problems(project),
        *effects.training_problems(project.training),
        *watched.problems(project),
    )


def instant(project: Project) -> tuple[Diagnostic, ...]:
    """All that can be told at once, after every edit; shapes and the data itself take a worker."""
    return (*structural(project), *settings(project))


def trainable(project: Project) -> tuple[Diagnostic, ...]:
    """What only training asks of a project: a loss."""
    return tuple(training.needs_loss(project))
