"""What a training needs before it starts: a snapshot of the project, a place for its run, and a process of its own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import IO

from engine import program
from engine.catalog.data.datasets import datasets, path_params
from engine.catalog.params import Value
from engine.errors import FileProblem
from engine.graph.model import Project
from engine.places import user_data_dir
from engine.project import disk_errors, durable, file
from engine.project.existence import is_there
from engine.runs.folder import RunFolder, new_name

RUNS = "runs"
STALE_S = 86400.0  # without a word from a trainer that is to make its run


@dataclass(frozen=True, slots=True)
class Launch:
    """One training that is to begin. The trainer reads ``snapshot`` and makes ``run``; ``log`` takes what it says."""

    run: RunFolder
    snapshot: Path
    log: Path

    @classmethod
    def prepare(cls, project: Project, path: Path | None) -> "Launch":
        """Write the snapshot beside the project's file; where that cannot be, or there is none, in the user's folder.

        Raises: ``FileProblem`` when neither can be written to.
        """
        if path is not None:
            with contextlib.suppress(FileProblem):
                return cls._at(path.absolute().parent, project, path.stem)
        base = path.absolute().parent if path is not None else Path.cwd()
        return cls._at(user_data_dir(), with_absolute_paths(project, base), path.stem if path else project.name)

    @classmethod
    def _at(cls, base: Path, project: Project, name: str) -> "Launch":
        runs = base / RUNS
        tidy(base)
        try:
            if base == user_data_dir():
                base.mkdir(parents=True, exist_ok=True)
            runs.mkdir(exist_ok=True)  # a project's folder that has gone is never made anew
            run, log = _reserved(runs, name)
        except OSError as error:
            raise disk_errors.problem("make", runs, error) from error
        snapshot = base / f".{run.name}{file.SUFFIX}"  # relative paths of the data start from where it lies
        launch = cls(RunFolder(run), snapshot, log)
        try:
            file.put(snapshot, file.encoded(project, snapshot, is_copy=True))
        except FileProblem:
            launch.clear()
            raise
        return launch

    @property
    def arguments(self) -> list[str]:
        """What the trainer is called with."""
        return ["train", str(self.snapshot), "--run", str(self.run.path)]

    def settle(self) -> None:
        """The run folder is there and holds the project: the log moves into it, the snapshot goes."""
        self._drop_snapshot()
        with contextlib.suppress(OSError):  # where an open file cannot be moved, it is when the trainer has ended
            self.log.replace(self.run.log)

    def clear(self, pid: int | None = None) -> str:
        """There is no run, and no trainer any more that could make it: nothing stays. Gives what it said.

        ``pid``: the trainer that was. One that was killed while it made the folder has left it, hidden and unfinished.
        """
        self._drop_snapshot()
        if pid is not None:
            durable.clear_after(pid, self.run.path.parent)
        output = read_end(self.log)
        with contextlib.suppress(OSError):
            self.log.unlink()
            self.log.parent.rmdir()  # only when it is empty
        return output

    def _drop_snapshot(self) -> None:
        with contextlib.suppress(OSError):
            self.snapshot.unlink()


def tidy(base: Path) -> None:
    """Put away what beginnings left that no window saw to their end: it was closed before their runs were there."""
    with contextlib.suppress(OSError):
        for log in (base / RUNS).glob(".*.log"):
            name = log.stem[1:]
            launch = Launch(RunFolder(base / RUNS / name), base / f".{name}{file.SUFFIX}", log)
            if launch.run.is_run:
                launch.settle()
            elif time.time() - log.stat().st_mtime > STALE_S:
                launch.clear()


def _reserved(runs: Path, name: str) -> tuple[Path, Path]:
    """A place that neither a run has, nor one that is about to be made; and its log, which says so."""
    first = new_name(runs, name)
    for number in count(1):
        run = first if number == 1 else first.with_name(f"{first.name}-{number}")
        log = runs / f".{run.name}.log"
        with contextlib.suppress(FileExistsError):
            log.touch(exist_ok=False)
            if not is_there(run):
                return run, log
            log.unlink()
    raise AssertionError  # numbers do not end


def with_absolute_paths(project: Project, base: Path) -> Project:
    """The project with its data's paths starting at the root, to be read from another folder."""
    dataset = datasets().get(project.data.kind)
    names = [param.name for param in path_params(dataset)] if dataset else []
    relative_paths = {name: str(project.data.params[name]) for name in names if project.data.params.get(name)}
    absolute_paths: dict[str, Value] = {name: str((base / path).absolute()) for name, path in relative_paths.items()}
    return replace(project, data=replace(project.data, params=project.data.params | absolute_paths))


def spawn(arguments: Sequence[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start the command line program, so that it outlives this one; what it says goes to the end of ``log``.

    Raises: ``OSError``.
    """
    with log.open("ab") as out:
        return _spawned("engine", arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)


def spawn_idle() -> "subprocess.Popen[bytes]":
    """Start the command line program without a command yet, which it takes from its input. Raises: ``OSError``."""
    nowhere = subprocess.DEVNULL
    return _spawned("engine.cli.standby", (), stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere)


def _spawned(
    module: str, arguments: Sequence[str], *, stdin: int, stdout: IO[bytes] | int, stderr: int
) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}
    environment["PYTHONPATH"] = program.python_path()
    return subprocess.Popen(
        [*program.command(module), *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=environment,
        start_new_session=True,  # a closed terminal or Ctrl+C there is not meant for it
        creationflags=_DETACHED,
    )


def read_end(log: Path, most: int = 20_000) -> str:
    """The end of a log, empty where there is none."""
    try:
        with log.open("rb") as read:
            read.seek(max(0, read.seek(0, os.SEEK_END) - most))
            return read.read().decode(errors="replace")
    except OSError:
        return ""


_DETACHED = 0
if sys.platform == "win32":
    _DETACHED = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
