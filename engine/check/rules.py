"""All rules that need no torch: about the graphs, the settings of the data, and those of the training."""

from engine.check import (
    blocks,
    data,
    generation,
    gradients,
    inplace,
    names,
    no_effect,
    phases,
    shared_weights,
    training,
    unknown,
    watch_direction,
    weights,
    wires,
)
from engine.check.diagnostics import Diagnostic
from engine.check.optimization import optimizers, sparse_gradients
from engine.check.parameters import block_params, expressions, values
from engine.check.view import views
from engine.graph.model import Project
from engine.graph.stepwise import Steps, result

_RULES = (
    names.problems, blocks.problems, block_params.problems, values.problems, expressions.problems, *wires.RULES,
    inplace.problems, gradients.problems, no_effect.problems, weights.problems, shared_weights.problems,
    unknown.of_graph,
)  # fmt: skip


def graph_problems(project: Project) -> tuple[Diagnostic, ...]:
    """All problems of the graphs themselves: names, kinds, parameters, wires, blocks."""
    return result(_graph_problems(project))


def _graph_problems(project: Project) -> Steps[tuple[Diagnostic, ...]]:
    problems = [*blocks.project_problems(project)]
    for view in views(project):
        for rule in _RULES:
            problems += rule(view)
            yield
    return tuple(problems)


def settings_problems(project: Project) -> tuple[Diagnostic, ...]:
    """All problems of the settings of data, training and generation."""
    return (
        *data.problems(project),
        *training.problems(project),
        *no_effect.training_problems(project.training),
        *watch_direction.problems(project),
        *weights.phase_problems(project),
        *generation.problems(project),
        *phases.problems(project),
        *optimizers.problems(project),
        *sparse_gradients.problems(project),
        *unknown.problems(project),
    )


def instant_problems(project: Project) -> tuple[Diagnostic, ...]:
    """The problems that can be found after every edit; shapes and the data itself need a worker."""
    return result(instant_steps(project))


def instant_steps(project: Project) -> Steps[tuple[Diagnostic, ...]]:
    """`instant_problems` in steps, between which the project must not change; 2,000 nodes take 20 ms."""
    problems = yield from _graph_problems(project)
    return (*problems, *settings_problems(project))


def training_problems(project: Project) -> tuple[Diagnostic, ...]:
    """The problems that only training has: no data, or no loss."""
    return (*data.needs_data(project), *training.needs_loss(project))
