"""Whether the LR schedule fits the length of a run, which only the data decides."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn, optim

from engine.catalog.schedules import SCHEDULES, covers_run
from engine.catalog.spec import effective
from engine.check import training as settings
from engine.check.diagnostics import Diagnostic, Fix
from engine.errors import RunProblem
from engine.graph.edits import SetTraining
from engine.graph.model import Project, SchedulePart
from engine.graph.phases import EffectivePhase, effective_phases, with_schedule
from engine.graph.schedules import interval, moves_of_parts
from engine.runtime.data.batch_loader import steps_in_epoch
from engine.runtime.data.fields import Counts
from engine.runtime.data.survey import sizes
from resources.snippets.training.phases import Timing, epochs_with_updates, updates, updates_of_epochs


def schedule_moves(part: SchedulePart, epochs: int, steps_per_epoch: int) -> int:
    """The number of schedule steps in this many epochs."""
    return epochs * steps_per_epoch if interval(part) == "step" else epochs


def phase_moves(phase: EffectivePhase, epochs: int, steps_per_epoch: int) -> int:
    """The number of LR schedule steps of a phase in this many epochs; 0 if it has no schedule."""
    part = phase.schedule
    if part is None or not phase.name:
        return schedule_moves(part, epochs, steps_per_epoch) if part else 0
    timing = timing_of(phase, steps_per_epoch)
    return updates(timing, epochs) if interval(part) == "step" else epochs_with_updates(timing, epochs)


def moves_of_each(phase: EffectivePhase, part: SchedulePart, total: int, steps_per_epoch: int) -> list[int]:
    """How many moves each entry of a phase's list of schedules makes of a total."""

    def of_epochs(epochs: int) -> int:
        if interval(part) == "epoch":
            return epochs
        if not phase.name:
            return epochs * steps_per_epoch
        return updates_of_epochs(timing_of(phase, steps_per_epoch), epochs)

    return moves_of_parts(part, total, of_epochs)


def timing_of(phase: EffectivePhase, steps_per_epoch: int) -> Timing:
    """When a phase runs."""
    return Timing(
        steps_per_epoch,
        times=phase.times,
        every=phase.every,
        epochs=phase.epochs or (1, math.inf),
        accumulate=phase.accumulate,
    )


def has_empty_phase(part: SchedulePart, moves: int) -> bool:
    """Whether torch divides by the length of a phase that has none, which it does at the first or the last move."""
    declaration = SCHEDULES[part.kind]
    values: dict[str, Any] = effective(declaration.params, part.params)
    if covers_run(part.kind, part.params):
        values[declaration.run_length] = moves
    optimizer = optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    make: Any = getattr(optim.lr_scheduler, declaration.target.rpartition(".")[2])
    try:
        schedule = make(optimizer, **values)
        schedule.last_epoch = moves - 1
        optimizer.step()  # torch warns of a schedule that moves first
        schedule.step()
    except ZeroDivisionError:
        return True
    return False


def refuse_too_short(part: SchedulePart, moves: int) -> None:
    """Raises: `RunProblem` when the schedule was given a length of its own that ends before this many moves."""
    declaration = SCHEDULES[part.kind]
    total = effective(declaration.params, part.params).get(declaration.run_length)
    if declaration.ends and isinstance(total, int) and total < moves:
        raise RunProblem(
            f"{part.kind} ends after {declaration.run_length} = {total:,}, but the run takes {moves:,}.",
            hint=f"Leave {declaration.run_length} out: it is then the run's length.",
        )


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """What the schedule would refuse in the middle of the run; nothing if the training has other errors."""
    training = project.training
    if any(problem.severity == "error" for problem in settings.problems(project)):
        return
    steps = steps_in_epoch(sizes(project.data, counts)[0], training)
    if steps:
        for phase in effective_phases(project):
            yield from _of_phase(project, phase, steps)


def _of_phase(project: Project, phase: EffectivePhase, steps: int) -> Iterator[Diagnostic]:
    part, epochs = phase.schedule, project.training.epochs
    if min(phase.times, phase.every, phase.accumulate) < 1:
        return  # the check of the settings reports that
    if not updates(timing_of(phase, steps), epochs):
        yield _idle(phase, epochs, steps)
    elif part is not None:
        for place, moves in enumerate(moves_of_each(phase, part, phase_moves(phase, epochs, steps), steps)):
            yield from _of_part(project, phase, part.parts, place, moves)


def _of_part(
    project: Project, phase: EffectivePhase, parts: tuple[SchedulePart, ...], place: int, moves: int
) -> Iterator[Diagnostic]:
    part, declared = parts[place], SCHEDULES[parts[place].kind]
    if not moves:
        whose = f" of the phase {phase.name}" if phase.name else ""
        message = f"Training ends before {part.kind}{whose} begins."
        yield Diagnostic("T042", "warning", message, "Train longer, or shorten the schedules before it.")
    elif declared.ends:
        total = effective(declared.params, part.params).get(declared.run_length)
        if isinstance(total, int) and total < moves:
            yield _too_short(project, phase.name, parts, place, moves)
        elif has_empty_phase(part, moves):
            yield _uneven(part, total or moves)


def _idle(phase: EffectivePhase, epochs: int, steps: int) -> Diagnostic:
    return Diagnostic(
        "T040",
        "warning",
        f"The phase {phase.name} updates no weight in {epochs:,} epoch{'' if epochs == 1 else 's'} of {steps:,} "
        f"step{'' if steps == 1 else 's'}.",
        "Check its epochs, every and accumulate, or train for more epochs.",
    )


def _too_short(project: Project, phase: str, parts: tuple[SchedulePart, ...], place: int, moves: int) -> Diagnostic:
    part = parts[place]
    name, unit = SCHEDULES[part.kind].run_length, interval(SchedulePart.of_parts(parts))
    less = replace(part, params={key: value for key, value in part.params.items() if key != name})
    without_length = SchedulePart.of_parts([*parts[:place], less, *parts[place + 1 :]])
    lasts = "the run takes" if len(parts) == 1 else "it lasts"
    whose = f" of the phase {phase}" if phase else ""
    return Diagnostic(
        "T014",
        "error",
        f"{part.kind}{whose} ends after {name} = {part.params[name]:,}, but {lasts} {moves:,} "
        f"{unit}{'' if moves == 1 else 's'}.",
        f"Leave {name} out: it is then the run's length.",
        fix=Fix(f"Remove {name}", SetTraining(with_schedule(project.training, phase, without_length))),
    )


def _uneven(part: SchedulePart, length: object) -> Diagnostic:
    return Diagnostic(
        "T015",
        "error",
        f"{part.kind} cannot divide {length} moves by pct_start = {part.params.get('pct_start', 0.3)}: one of its "
        "phases would have no length.",
        "Change pct_start a little.",
    )
