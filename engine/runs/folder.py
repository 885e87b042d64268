"""The run folder: its layout, how it is created, and which process may train in it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Self

from msgspec import Struct

from engine.errors import EngineError, RunProblem
from engine.project import disk_errors, durable
from engine.project.existence import is_file, is_folder, is_taken_away, is_there
from engine.project.lock import Lock, is_held

VANISHED = "R040"
_TRIES = 1000  # runs of one name in one second
_NAME_LENGTH = 50  # letters of the project's name in that of the folder; systems allow 255 bytes in all


class RunFolder(Struct, frozen=True):
    """The paths in one run's folder."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> Self:
        """The run at this path. Raises: ``RunProblem`` when there is none."""
        run = cls(path)
        if not run.is_run:
            what = "There is no folder" if not is_there(path) else "There is no run in"
            raise RunProblem(f"{what} {path}.", hint="`torchloom runs` lists the known ones.", code="R002")
        return run

    @classmethod
    def create(cls, place: Path, fill: Callable[[Path], None], *, or_next: bool = False) -> Self:
        """Create a run folder that appears by one rename, complete; ``fill`` writes into a temporary one.

        ``or_next``: when the place is taken, use its name with -2, -3 ... instead of refusing: another run may have
        taken the place since `new_name` returned it.

        Raises: ``RunProblem`` when the place is taken; ``FileProblem`` when the disk fails. Nothing is left behind.
        """
        place = Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links that the user made on purpose
        try:
            return cls(durable.new_folder(islice(_numbered(place), _TRIES if or_next else 1), fill))
        except FileExistsError:
            raise _used(place) from None
        except OSError as error:
            raise disk_errors.problem("make", place, error) from error

    @property
    def is_run(self) -> bool:
        """Whether this folder holds a run."""
        return is_file(self.project) and (is_file(self.events) or is_folder(self.checkpoints))

    @property
    def was_run(self) -> bool:
        """Whether this folder holds a run, or a run without its project."""
        return self.is_run or (is_there(self.events) and is_folder(self.checkpoints))

    @property
    def project(self) -> Path:
        """The project as it is trained, including overrides."""
        return self.path / "project.loom"

    @property
    def model(self) -> Path:
        """The generated source that is trained."""
        return self.path / "model.py"

    @property
    def step(self) -> Path:
        """The generated training step that is run."""
        return self.path / "step.py"

    @property
    def train(self) -> Path:
        """The stand-alone script that trains in the same way."""
        return self.path / "train.py"

    @property
    def data(self) -> Path:
        """The data's absolute paths and SHA-256."""
        return self.path / "data.json"

    @property
    def events(self) -> Path:
        """The events, one on each line."""
        return self.path / "events.jsonl"

    @property
    def losses(self) -> Path:
        """Every step's training loss, one ``float.hex()`` on each line."""
        return self.path / "losses.txt"

    @property
    def desired(self) -> Path:
        """The request to the run."""
        return self.path / "desired.json"

    @property
    def lock(self) -> Path:
        """The lock that the trainer holds while it runs."""
        return self.path / "lock"

    @property
    def log(self) -> Path:
        """The output of the trainer's process."""
        return self.path / "log.txt"

    @property
    def checkpoints(self) -> Path:
        """A folder for each checkpoint, named by its step."""
        return self.path / "checkpoints"

    @property
    def samples(self) -> Path:
        """The pictures of the samples that the network generated at the ends of epochs."""
        return self.path / "samples"

    @property
    def has_vanished(self) -> bool:
        """Whether the folder was removed, rather than the disk that holds it.

        A folder to which something was written after its removal is not a run.
        """
        return is_taken_away(self.path) or is_taken_away(self.project)

    @property
    def is_alive(self) -> bool:
        """Whether a trainer is running here now."""
        return is_held(self.lock)

    def hold(self) -> Lock:
        """Take the lock of this run's only trainer.

        Raises: ``RunProblem`` when another one is running; ``FileProblem`` when the lock file cannot be created.
        """
        try:
            lock = Lock.take(self.lock)
        except OSError as error:
            raise disk_errors.problem("lock", self.lock, error) from error
        if lock is None:
            raise RunProblem(
                f"{self.path} is being trained already.", hint="Stop it first: torchloom stop RUN.", code="R003"
            )
        return lock

    def removal_problem(self) -> RunProblem:
        """The problem that the folder was removed."""
        return RunProblem(f"The run folder {self.path} has vanished.", hint="Train again.", code=VANISHED)

    @contextmanager
    def report_removal(self) -> Iterator[None]:
        """A context for work in the folder: if it was removed, an error reports that instead of a missing file.

        Raises: ``RunProblem``.
        """
        try:
            yield
        except (EngineError, OSError) as error:
            if self.has_vanished:
                raise self.removal_problem() from error
            raise


def refuse_used(place: Path) -> None:
    """Raises: ``RunProblem`` when the place is a file or a folder that is not empty."""
    try:
        used = place.exists() and not (place.is_dir() and not any(place.iterdir()))
    except OSError as error:
        raise disk_errors.problem("look into", place, error) from error
    if used:
        raise _used(place)


def _used(place: Path) -> RunProblem:
    what = "is not empty" if is_folder(place) else "is a file"
    return RunProblem(
        f"{place} {what}.", hint="A run needs a new folder; `torchloom resume` continues one.", code="R004"
    )


def new_name(parent: Path, name: str) -> Path:
    """A free place for a run that starts now: ``<parent>/<name>-<yyyymmdd-hhmmss>``, in local time."""
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    return next(place for place in _numbered(parent / f"{letters(name)}-{stamp}") if not is_there(place))


def letters(name: str) -> str:
    """A project's name in the form in which the names of its run folders begin."""
    return re.sub(r"[^\w.]+", "-", name).strip("-.")[:_NAME_LENGTH] or "run"


def _numbered(place: Path) -> Iterator[Path]:
    yield place
    number = 2
    while True:
        yield place.with_name(f"{place.name}-{number}")
        number += 1
