"""Prepares and starts trainings: a snapshot of the project, a folder for the run, and a process."""

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
STALE_S = 86400.0  # age of a log whose trainer never made its run


@dataclass(frozen=True, slots=True)
class Launch:
    """One training to start. The trainer reads ``snapshot`` and makes ``run``; ``log`` gets its output."""

    run: RunFolder
    snapshot: Path
    log: Path

    @classmethod
    def prepare(cls, project: Project, path: Path | None) -> "Launch":
        """Write the snapshot beside the project file, or, without one or if that fails, into the user's data folder.

        Raises: ``FileProblem`` if neither can be written.
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
            runs.mkdir(exist_ok=True)  # a project folder that was moved away is never created again
            run, log = _reserved(runs, name)
        except OSError as error:
            raise disk_errors.problem("make", runs, error) from error
        snapshot = base / f".{run.name}{file.SUFFIX}"  # relative paths of the data start from its folder
        launch = cls(RunFolder(run), snapshot, log)
        try:
            file.put(snapshot, file.encoded(project, snapshot, is_copy=True))
        except FileProblem:
            launch.clear()
            raise
        return launch

    @property
    def arguments(self) -> list[str]:
        """The command line arguments of the trainer."""
        return ["train", str(self.snapshot), "--run", str(self.run.path)]

    def settle(self) -> None:
        """Move the log into the run folder, which exists now, and delete the snapshot."""
        self._drop_snapshot()
        with contextlib.suppress(OSError):  # a system that cannot move open files does so after the end
            self.log.replace(self.run.log)

    def clear(self, pid: int | None = None) -> str:
        """Delete snapshot and log of a trainer that ended without a run; returns the end of its log.

        ``pid``: of that trainer, whose unfinished hidden folder is deleted too if it was killed while making it.
        """
        self._drop_snapshot()
        if pid is not None:
            durable.clear_after(pid, self.run.path.parent)
        output = read_end(self.log)
        with contextlib.suppress(OSError):
            self.log.unlink()
            self.log.parent.rmdir()  # only if it is empty
        return output

    def _drop_snapshot(self) -> None:
        with contextlib.suppress(OSError):
            self.snapshot.unlink()


def tidy(base: Path) -> None:
    """Clean up after trainings whose window was closed before their runs existed."""
    with contextlib.suppress(OSError):
        for log in (base / RUNS).glob(".*.log"):
            name = log.stem[1:]
            launch = Launch(RunFolder(base / RUNS / name), base / f".{name}{file.SUFFIX}", log)
            if launch.run.is_run:
                launch.settle()
            elif time.time() - log.stat().st_mtime > STALE_S:
                launch.clear()


def _reserved(runs: Path, name: str) -> tuple[Path, Path]:
    """A free name for a run, and its log, which reserves the name."""
    first = new_name(runs, name)
    for number in count(1):
        run = first if number == 1 else first.with_name(f"{first.name}-{number}")
        log = runs / f".{run.name}.log"
        with contextlib.suppress(FileExistsError):
            log.touch(exist_ok=False)
            if not is_there(run):
                return run, log
            log.unlink()
    raise AssertionError  # `count` is infinite


def with_absolute_paths(project: Project, base: Path) -> Project:
    """The project with absolute paths of its data, to be read from another folder."""
    dataset = datasets().get(project.data.kind)
    names = [param.name for param in path_params(dataset)] if dataset else []
    relative_paths = {name: str(project.data.params[name]) for name in names if project.data.params.get(name)}
    absolute_paths: dict[str, Value] = {name: str((base / path).absolute()) for name, path in relative_paths.items()}
    return replace(project, data=replace(project.data, params=project.data.params | absolute_paths))


def spawn(arguments: Sequence[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start the command line program so that it outlives this one; its output is appended to ``log``.

    Raises: ``OSError``.
    """
    with log.open("ab") as out:
        return _spawned("engine", arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)


def spawn_idle() -> "subprocess.Popen[bytes]":
    """Start the command line program so that it reads its command from stdin later. Raises: ``OSError``."""
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
        start_new_session=True,  # so that closing the terminal, or Ctrl+C there, does not end it
        creationflags=_DETACHED,
    )


def read_end(log: Path, most: int = 20_000) -> str:
    """The end of a log; empty without one."""
    try:
        with log.open("rb") as read:
            read.seek(max(0, read.seek(0, os.SEEK_END) - most))
            return read.read().decode(errors="replace")
    except OSError:
        return ""


_DETACHED = 0
if sys.platform == "win32":
    _DETACHED = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
