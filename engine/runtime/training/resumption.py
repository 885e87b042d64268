"""The plan of a resumed run: its checkpoint, its end and its legs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.catalog.schedules import SCHEDULES
from engine.check.diagnostics import Diagnostic
from engine.check.training import RANGES
from engine.codegen.scripts.run_length import RunLength, ScheduleMode
from engine.errors import RunProblem
from engine.graph.model import Project, SchedulePart
from engine.graph.phases import EffectivePhase, effective_phases
from engine.project import disk_errors
from engine.project.regular_file import mode_of
from engine.runs.events import Resumed, decode_lines
from engine.runs.folder import RunFolder
from engine.runtime.analysis.schedule_length import has_empty_phase, moves_of_each, phase_moves, refuse_too_short
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.manifest import CheckpointMetadata, PositionState
from engine.runtime.checkpoints.run_length import extended_length, note_of_run, recorded_length, schedule_mode


@dataclass(frozen=True, slots=True)
class Request:
    """A request to resume: a number of epochs to reach, and the mode of the schedule, or neither."""

    epochs: int | None = None
    mode: ScheduleMode | None = None


@dataclass(frozen=True, slots=True)
class Resumption:
    """``checkpoint``: the checkpoint to continue from. ``note``: a sentence about the schedule, or nothing.

    ``warnings``: further messages for a person.
    """

    checkpoint: Checkpoint
    length: RunLength
    note: str = ""
    warnings: tuple[Diagnostic, ...] = ()


def resumption(
    folder: RunFolder, checkpoint: Checkpoint, project: Project, steps_per_epoch: int, request: Request
) -> Resumption:
    """The plan for a request. Raises: `RunProblem` when the run has gone further, or its schedule ends earlier."""
    before = length = recorded_length(checkpoint.metadata, project)
    at, note = checkpoint.metadata["position"], ""
    if request.epochs is None:
        for event in _pending_requests(folder, checkpoint):
            length = extended_length(
                length, _position(event.step, steps_per_epoch, checkpoint), event.epochs, _mode(event)
            )
    else:
        length = extended_length(length, at, request.epochs, request.mode)
    _refuse_passed(folder.path, at, length.epochs)
    for phase in effective_phases(project):
        if phase.schedule:
            _refuse_schedule(phase, phase.schedule, (before, length), steps_per_epoch)
    if length.epochs != before.epochs or request != Request():
        note = note_of_run(project, before, length, request.mode)
    return Resumption(_with_new_patience(checkpoint, length), length, note)


def _refuse_schedule(
    phase: EffectivePhase, schedule: SchedulePart, lengths: tuple[RunLength, RunLength], steps_per_epoch: int
) -> None:
    """Raises: `RunProblem` when the schedule of a phase does not reach so far, or cannot be made for the new leg.

    ``lengths``: of the run before, and now.
    """
    before, now = lengths
    total, last = phase_moves(phase, now.epochs, steps_per_epoch), schedule.parts[-1]
    refuse_too_short(last, moves_of_each(phase, schedule, total, steps_per_epoch)[-1])
    if schedule_mode(schedule, before, now) is None or not SCHEDULES[last.kind].ends:
        return
    leg = now.legs[-1]
    total = phase_moves(phase, leg.end, steps_per_epoch) - phase_moves(phase, leg.first, steps_per_epoch)
    moves = moves_of_each(phase, schedule, total, steps_per_epoch)[-1]
    if moves and has_empty_phase(last, moves):
        raise RunProblem(
            f"{last.kind} cannot be divided into phases over {moves:,} moves: one would have no length.",
            hint="Ask for another number of epochs.",
            code="R018",
        )


def refuse_invalid(request: Request, checkpoint: Checkpoint, path: Path) -> None:
    """The checks that do not need the data. Raises: `RunProblem`."""
    if request.epochs is None:
        return
    wrong = RANGES["epochs"].problem(request.epochs)
    if wrong:
        raise RunProblem(f"epochs {wrong}.", code="R018")
    _refuse_passed(path, checkpoint.metadata["position"], request.epochs)


def _refuse_passed(path: Path, at: PositionState, epochs: int) -> None:
    if epochs < at["epoch"] or (epochs == at["epoch"] and at["batch"]):
        hint = "Ask for more epochs, or train again."
        raise RunProblem(f"{path} has gone beyond {epochs} epochs already.", hint=hint, code="R017")


def _pending_requests(folder: RunFolder, checkpoint: Checkpoint) -> Iterator[Resumed]:
    """Requests to resume after the checkpoint, to a process that was killed before it saved another one."""
    offset = checkpoint.metadata["offsets"]["events"]
    try:
        mode_of(folder.events)
        with folder.events.open("rb") as file:
            file.seek(offset)
            events = decode_lines(file.read())
    except FileNotFoundError:
        return
    except OSError as error:
        raise disk_errors.problem("read", folder.events, error) from error
    limits = RANGES["epochs"]
    yield from (
        event
        for event in events
        if isinstance(event, Resumed) and event.step >= checkpoint.step and not limits.problem(event.epochs)
    )


def _mode(event: Resumed) -> ScheduleMode | None:
    return "stretch" if event.schedule == "stretch" else None


def _position(step: int, steps_per_epoch: int, checkpoint: Checkpoint) -> PositionState:
    at = checkpoint.metadata["position"]
    if step == at["step"]:
        return at
    epoch, batch = divmod(step, max(1, steps_per_epoch))
    return {**at, "step": step, "epoch": epoch, "batch": batch, "is_over": False}


def _with_new_patience(checkpoint: Checkpoint, length: RunLength) -> Checkpoint:
    """The checkpoint; its patience starts again if early stopping ended the run and it continues."""
    metadata = checkpoint.metadata
    stop, position = metadata["early_stop"], metadata["position"]
    if stop is None or not position["is_over"] or position["epoch"] not in length.went_on:
        return checkpoint
    again: CheckpointMetadata = {
        **metadata,
        "position": {**position, "is_over": False},
        "early_stop": {**stop, "waited": 0},
    }
    return replace(checkpoint, metadata=again)
