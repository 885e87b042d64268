"""A run from its folder to its end: made once, then entered through a checkpoint, the first time as any other."""

from pathlib import Path

from engine.errors import RunProblem
from engine.project import file as files
from engine.runs import index
from engine.runs.desired import Desired, read_desired, write_desired
from engine.runs.folder import RunFolder, refuse_used
from engine.runtime.device import find_device
from engine.runtime.training import checkpoint
from engine.runtime.training.checkpoint import Checkpoint
from engine.runtime.training.create import create_run
from engine.runtime.training.failure import explained
from engine.runtime.training.job import Emit, Job, Outcome
from engine.runtime.training.prepare import prepare, read_record, refuse_other_data, refuse_other_model
from engine.runtime.training.recorder import Offsets, cut_back
from engine.runtime.training.session import Session, write_losses


def start_run(job: Job, emit: Emit) -> Outcome:
    """Make the run folder with checkpoint 0 in it, and go on from there."""
    refuse_used(job.folder)
    device = find_device(job.project.training.device)
    prepared = prepare(job.project, job.base)
    write_losses(job.losses, b"")
    try:
        folder = create_run(job.folder, prepared, device)
    except Exception as error:
        raise explained(error, prepared, device) from error
    index.remember(folder.path)
    with folder.hold():
        found = checkpoint.newest(folder.checkpoints)
        session = Session(folder, prepared, device, found, job.project.training.epochs, emit)
        return _followed(session, job.losses, is_new=True)


def resume_run(path: Path, emit: Emit, *, epochs: int | None, device: str | None, losses: Path | None) -> Outcome:
    """Go on from the newest whole checkpoint."""
    folder = RunFolder.open(path)
    with folder.hold():
        checkpoint.clear_remains(folder.checkpoints)
        found = checkpoint.newest(folder.checkpoints)
        project = files.read(folder.project)
        wanted = _epochs(found, epochs, path)
        chosen = find_device(device or project.training.device)
        prepared = prepare(project, Path(read_record(folder)["base"]))
        refuse_other_data(folder, prepared.data)
        refuse_other_model(folder, str(found.facts["graph_hash"]))
        write_losses(losses, b"")
        cut_back(folder, Offsets(**found.facts["offsets"]))
        write_desired(folder.desired, Desired("run", _xray(folder)))
        return _followed(Session(folder, prepared, chosen, found, wanted, emit), losses, is_new=False)


def _followed(session: Session, losses: Path | None, *, is_new: bool) -> Outcome:
    try:
        return session.follow(is_new=is_new)
    finally:
        if losses:
            write_losses(losses, session.folder.losses.read_bytes())


def _epochs(found: Checkpoint, asked: int | None, path: Path) -> int:
    done = int(found.facts["position"]["epoch"])
    wanted = asked or int(found.facts["epochs"])
    if wanted < done or (wanted == done and int(found.facts["position"]["batch"])):
        hint = "Ask for more epochs, or train anew."
        raise RunProblem(f"{path} has gone beyond {wanted} epochs already.", hint=hint, code="R017")
    return wanted


def _xray(folder: RunFolder) -> tuple[str, ...]:
    try:
        return read_desired(folder.desired).xray
    except RunProblem:
        return ()
