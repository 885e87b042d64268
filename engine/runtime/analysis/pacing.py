"""Whether the schedule of the learning rate fits the length of the run, which only the data decides."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.check import training as settings
from engine.check.diagnostics import Diagnostic, Fix
from engine.graph.edits import SetTraining
from engine.graph.model import Project, SchedulePart
from engine.runtime.data.feeder import steps_in_epoch
from engine.runtime.data.fields import Counts
from engine.runtime.data.survey import sizes
from engine.runtime.training.optimization import has_empty_phase, schedule_moves


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """What the schedule would refuse in the middle of the run; where the training has other errors, nothing."""
    training, part = project.training, project.training.schedule
    if part is None or any(problem.severity == "error" for problem in settings.problems(project)):
        return
    declared = SCHEDULES[part.kind]
    steps = steps_in_epoch(sizes(project.data, counts)[0], training)
    if not declared.ends or not steps:
        return
    moves = schedule_moves(part, training.epochs, steps)
    given = effective(declared.params, part.params).get(declared.run_length)
    if isinstance(given, int) and given < moves:
        yield _too_short(project, part, declared.run_length, moves)
    elif has_empty_phase(part, moves):
        yield _uneven(part, given or moves)


def _too_short(project: Project, part: SchedulePart, name: str, moves: int) -> Diagnostic:
    params = {key: value for key, value in part.params.items() if key != name}
    mended = replace(project.training, schedule=replace(part, params=params))
    return Diagnostic(
        "T014",
        "error",
        f"{part.kind} ends after {name} = {part.params[name]:,}, but the run takes {moves:,} "
        f"{'step' if part.every != 'epoch' else 'epoch'}{'' if moves == 1 else 's'}.",
        f"Leave {name} out: it is then the run's length.",
        fix=Fix(f"Remove {name}", SetTraining(mended)),
    )


def _uneven(part: SchedulePart, length: object) -> Diagnostic:
    return Diagnostic(
        "T015",
        "error",
        f"{part.kind} cannot divide {length} moves by pct_start = {part.params.get('pct_start', 0.3)}: one of its "
        "phases would have no length.",
        "Change pct_start a little.",
    )
