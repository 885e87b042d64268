"""All rules that need no torch: what the drawing, the data's settings and the training's settings alone tell."""

from engine.check import (
    blocks,
    data,
    effects,
    generation,
    gradients,
    inplace,
    names,
    phases,
    training,
    unknown,
    values,
    watched,
    weights,
    wires,
)
from engine.check.diagnostics import Diagnostic
from engine.check.view import views
from engine.graph.model import Project
from engine.graph.steps import Steps, result

_RULES = (
    names.problems, blocks.problems, values.problems, *wires.RULES, inplace.problems, gradients.problems,
    effects.problems, weights.problems, unknown.of_graph,
)  # fmt: skip


def structural(project: Project) -> tuple[Diagnostic, ...]:
    """Every problem of the graphs themselves: names, kinds, parameters, wires, blocks."""
    return result(_structural(project))


def _structural(project: Project) -> Steps[tuple[Diagnostic, ...]]:
    found = [*blocks.project_problems(project)]
    for view in views(project):
        for rule in _RULES:
            found += rule(view)
            yield
    return tuple(found)


def settings(project: Project) -> tuple[Diagnostic, ...]:
    """Every problem of the data's and the training's settings."""
    return (
        *data.problems(project),
        *training.problems(project),
        *effects.training_problems(project.training),
        *watched.problems(project),
        *weights.phase_problems(project),
        *generation.problems(project),
        *phases.problems(project),
        *unknown.problems(project),
    )


def instant(project: Project) -> tuple[Diagnostic, ...]:
    """All that can be told at once, after every edit; shapes and the data itself take a worker."""
    return result(judging(project))


def judging(project: Project) -> Steps[tuple[Diagnostic, ...]]:
    """What `instant` gives, in steps, between which the project must not change: of 2,000 nodes it takes 20 ms."""
    found = yield from _structural(project)
    return (*found, *settings(project))


def trainable(project: Project) -> tuple[Diagnostic, ...]:
    """What only training asks of a project: data and a loss."""
    return (*data.needs_data(project), *training.needs_loss(project))
