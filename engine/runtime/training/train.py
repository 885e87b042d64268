"""Starts and resumes runs; a new run, too, continues from a checkpoint: its checkpoint 0."""

from dataclasses import replace
from pathlib import Path

from engine.check.diagnostics import Diagnostic
from engine.codegen.scripts.run_length import RunLength, ScheduleMode
from engine.errors import RunProblem
from engine.project import disk_errors
from engine.runs import index
from engine.runs.damage import older_answers
from engine.runs.desired import Desired, read_desired, write_desired
from engine.runs.folder import RunFolder, refuse_used
from engine.runtime.checkpoints import checkpoint
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.run_folder_check import (
    read_record,
    refuse_other_data,
    refuse_other_model,
    refuse_other_source,
    refuse_other_step,
    run_project,
)
from engine.runtime.checkpoints.run_length import recorded_length
from engine.runtime.data.batch_loader import steps_in_epoch
from engine.runtime.placement import Placement
from engine.runtime.training.create import create_run, write_program
from engine.runtime.training.failure import explain
from engine.runtime.training.job import Emit, Job, Outcome, ignore
from engine.runtime.training.recorder import Offsets, cut_back, refuse_changed
from engine.runtime.training.resumption import Request, Resumption, refuse_invalid, resumption
from engine.runtime.training.sample_pictures import drop_superfluous
from engine.runtime.training.session import Session, write_losses
from engine.runtime.training_setup.memory_check import refuse_too_large
from engine.runtime.training_setup.prepare import Prepared, prepare
from engine.runtime.training_setup.program import program


def start(job: Job, emit: Emit = ignore) -> Outcome:
    """Make the run folder with checkpoint 0, and train to the end, or until a request to stop.

    Raises: ``EngineError`` before the folder exists when the project, the data or the machine does not allow it, and
    after that when the machine fails (a full disk); a loss that is no longer finite is an outcome, reason ``failed``.
    """
    for place in (job.base, job.folder):
        _refuse_unwritable_name(place)
    if not job.or_next:
        refuse_used(job.folder)
    placement = Placement.of(job.project.training.device)
    device = placement.device
    prepared = prepare(job.project, job.base)
    refuse_too_large(prepared, device)
    write_losses(job.losses, b"")
    try:
        folder = create_run(job.folder, prepared, device, or_next=job.or_next)
    except Exception as error:
        raise explain(error, prepared, device) from error
    index.remember(folder.path)
    with folder.report_removal(), folder.hold():
        saved = checkpoint.newest(folder.checkpoints)
        task = Resumption(saved, RunLength.planned(job.project.training.epochs))
        session = Session(folder, prepared, placement, task, emit)
        return _run_session(session, job.losses, is_new=True)


def resume(
    path: Path,
    emit: Emit = ignore,
    *,
    epochs: int | None = None,
    schedule: ScheduleMode | None = None,
    device: str | None = None,
    losses: Path | None = None,
) -> Outcome:
    """Continue from the newest checkpoint that verifies; on the same CPU, versions and threads bit for bit.

    ``epochs``: a new end, also for a finished run. ``schedule``: how one that covers the whole run continues to a later
    end; left out, it begins again over the added epochs. A run that early stopping ended continues only when more
    epochs are asked for; patience then counts from there.
    """
    folder = RunFolder.open(path)
    with folder.report_removal(), folder.hold():
        search = checkpoint.find(folder.checkpoints)
        saved = search.checkpoint
        older = older_answers(folder, saved.step, search.damaged)
        request = Request(epochs, schedule)
        refuse_invalid(request, saved, path)
        project = run_project(folder, saved.metadata)
        placement = Placement.of(device or project.training.device)
        refuse_other_model(folder, saved.metadata)
        refuse_other_step(folder, saved.metadata)
        record = read_record(folder, saved.metadata)
        prepared = prepare(project, record.base, folder.path)
        refuse_other_data(record, prepared.data)
        refuse_other_source(folder, saved.metadata, prepared.graph_hash, prepared.step_hashes)
        refuse_too_large(prepared, placement.device)
        steps = steps_in_epoch(len(prepared.data.training), project.training)
        _refuse_wrong_position(saved, steps)
        next_ = resumption(folder, saved, project, steps, request)
        offsets = Offsets.of(saved.metadata["offsets"])
        refuse_changed(folder, offsets)
        write_losses(losses, b"")
        if next_.length != recorded_length(saved.metadata, project) or "step_hash" not in saved.metadata:
            _write_script(folder, prepared, saved, next_.length)
        checkpoint.clear_remains(folder.checkpoints, saved.step)
        cut_back(folder, offsets)
        _drop_later_samples(folder, saved)
        write_desired(folder.desired, Desired("run", _xray(folder)))
        if older:
            next_ = replace(next_, warnings=(Diagnostic("R011", "warning", older),))
        session = Session(folder, prepared, placement, next_, emit)
        return _run_session(session, losses, is_new=False)


def _drop_later_samples(folder: RunFolder, saved: Checkpoint) -> None:
    """Remove the pictures of epochs that the run is to train again. Raises: `EngineError`."""
    try:
        drop_superfluous(folder, saved.metadata["position"]["epoch"])
    except OSError as error:
        raise disk_errors.problem("cut back", folder.samples, error) from error


def _refuse_unwritable_name(place: Path) -> None:
    """A run records its own path and that of its data; a name in another encoding has no place in its files."""
    try:
        str(place.absolute()).encode()
    except UnicodeEncodeError as error:
        printable = str(place).encode(errors="replace").decode()
        raise RunProblem(
            f"The folder {printable} has a name that is not UTF-8 text, so a run cannot record it.",
            hint="Rename the folder.",
            code="R005",
        ) from error


def _run_session(session: Session, losses: Path | None, *, is_new: bool) -> Outcome:
    try:
        return session.run(is_new=is_new)
    finally:
        if losses:
            write_losses(losses, session.folder.losses.read_bytes())


def _refuse_wrong_position(saved: Checkpoint, steps: int) -> None:
    """Raises: `RunProblem` when the checkpoint's position does not fit epochs of this many steps."""
    at = saved.metadata["position"]
    if at["step"] != at["epoch"] * steps + at["batch"] or (at["batch"] and at["batch"] >= steps):
        raise RunProblem(
            f"The checkpoint of step {saved.step} is at step {at['step']}, in epoch {at['epoch'] + 1} after "
            f"{at['batch']} batches, and an epoch has {steps}.",
            hint="It was changed; train again.",
            code="R013",
        )


def _write_script(folder: RunFolder, prepared: Prepared, saved: Checkpoint, length: RunLength) -> None:
    """Have the folder's program train through all legs. Raises: `EngineError`."""
    try:
        write_program(folder, program(prepared, saved.metadata["threads"], length))
    except OSError as error:
        raise disk_errors.problem("write", folder.train, error) from error


def _xray(folder: RunFolder) -> tuple[str, ...]:
    try:
        return read_desired(folder.desired).xray
    except RunProblem:
        return ()
