"""The list of runs on this machine: beside the project, of unsaved projects, and all others in the index."""

import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from engine.graph.stepwise import Steps, result
from engine.places import user_data_dir
from engine.project.existence import is_there
from engine.runs import index, label
from engine.runs.events import Event, Finished, Started, decode
from engine.runs.folder import RunFolder
from engine.runs.summary import Summary, summary_steps
from engine.runs.tail import last_lines
from gui.runs.known_runs.project_runs import ProjectRuns
from gui.workers.launch import RUNS

POLL_MS = 2000
SETTLE_MS = 150  # changes of a folder come in groups
BUDGET_S = 0.010  # of CPU time between two events

Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run of the list. ``seconds``: how long it trained. ``in_project``: whether it belongs to the open project."""

    summary: Summary
    started: Started | None = None
    seconds: float = 0.0
    in_project: bool = True

    @property
    def path(self) -> Path:
        return self.summary.path

    @property
    def is_alive(self) -> bool:
        """Whether a trainer holds the run."""
        return self.summary.state in ("running", "paused")

    @property
    def target_epochs(self) -> int:
        """The number of epochs to reach."""
        return max(self.started.epochs if self.started else 0, self.summary.epochs)


class RunInventory(QObject):
    """Keeps the list of runs, newest first; reads when a folder changes, and every two seconds for other changes.

    ``found_alive`` is emitted once for each run that a trainer holds.
    """

    changed = Signal()
    found_alive = Signal(object)  # Path

    def __init__(self, parent: QObject | None = None, project_runs: ProjectRuns | None = None) -> None:
        super().__init__(parent)
        self._project_runs = project_runs
        self.runs: tuple[RunEntry, ...] = ()
        self._base: Path | None = None
        self._entries: dict[Path, tuple[Stamp, RunEntry]] = {}
        self._alive: set[Path] = set()
        self._queue: deque[tuple[Path, bool]] = deque()
        self._reading: Iterator[None] = iter(())
        self._new_entries: dict[Path, tuple[Stamp, RunEntry]] = {}
        self._watcher = QFileSystemWatcher(self)
        self._settle_timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle_timer.timeout.connect(self.refresh)
        self._watcher.directoryChanged.connect(lambda _: self._settle_timer.start())
        self._watcher.fileChanged.connect(lambda _: self._settle_timer.start())
        self._poll_timer = QTimer(self, interval=POLL_MS)
        self._poll_timer.timeout.connect(self.refresh)
        self._read_timer = QTimer(self, singleShot=True, interval=0)
        self._read_timer.timeout.connect(self._read_some)

    def start(self, base: Path | None) -> None:
        """Start looking; ``base``: the folder of the project file, ``None`` while it is unsaved."""
        self._base = base
        self._poll_timer.start()
        self.refresh()

    def close(self) -> None:
        """Stop looking."""
        for timer in (self._poll_timer, self._settle_timer, self._read_timer):
            timer.stop()
        if paths := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(paths)

    def find(self, run: Path) -> RunEntry | None:
        """The entry of a run, if it is in the list."""
        entry = self._entries.get(run)
        return entry[1] if entry else None

    @property
    def home(self) -> Path:
        """The folder that holds the runs of the project."""
        return (self._base or user_data_dir()) / RUNS

    def refresh(self) -> None:
        """List the runs again, and read those that have changed, a few at a time."""
        self._watch()
        self._queue = deque(self._places())
        self._new_entries = {}
        self._reading = self._read_all()
        self._read_some()

    def _places(self) -> Iterator[tuple[Path, bool]]:
        keys = set[str]()
        started_runs = tuple(self._project_runs.started_runs) if self._project_runs else ()
        for path in (*started_runs, *_children(self.home), *reversed(index.known_runs())):
            key = os.path.realpath(path)
            if key not in keys:
                keys.add(key)
                yield path, path in started_runs or (path.parent == self.home and self._is_near(path))

    def _is_near(self, path: Path) -> bool:
        """Whether a run in `home` belongs to the project: all unsaved projects share one folder."""
        return self._base is not None or self._project_runs is None or self._project_runs.has(path)

    def _read_some(self) -> None:
        until = time.thread_time() + BUDGET_S
        for _ in self._reading:
            if time.thread_time() > until:
                self._read_timer.start()
                return
        self._publish()

    def _read_all(self) -> Iterator[None]:
        """Read the runs that have changed, one after the other."""
        while self._queue:
            path, in_project = self._queue.popleft()
            stamp = (*_stamp(path), in_project)
            before = self._entries.get(path)
            if before is not None and before[0] == stamp:
                self._new_entries[path] = before
            elif (entry := (yield from _read(path, in_project=in_project))) is not None:
                self._new_entries[path] = (stamp, entry)
            if self._queue:
                yield

    def _publish(self) -> None:
        runs = sorted((each for _, each in self._new_entries.values()), key=_newest, reverse=True)
        self._entries = self._new_entries
        alive = {each.path for each in runs if each.is_alive}
        new, self._alive = alive - self._alive, alive
        if tuple(runs) != self.runs:
            self.runs = tuple(runs)
            self.changed.emit()
        for path in new:
            self.found_alive.emit(path)

    def _watch(self) -> None:
        """Watch the folders that exist now: one that was deleted and made again needs a new watch."""
        home = user_data_dir()
        paths = {str(path) for path in (self.home, self.home.parent, home, home / "runs.json") if is_there(path)}
        watched_paths = {*self._watcher.files(), *self._watcher.directories()}
        if new := paths - watched_paths:
            self._watcher.addPaths(sorted(new))
        if old := watched_paths - paths:
            self._watcher.removePaths(sorted(old))


def read(path: Path, *, in_project: bool = True) -> RunEntry | None:
    """The entry of a run; ``None`` without one."""
    return result(_read(path, in_project=in_project))


def _read(path: Path, *, in_project: bool) -> Steps[RunEntry | None]:
    run_summary = yield from summary_steps(path)
    if run_summary.state == "lost":
        return None
    first, last = _ends(RunFolder(path).events)
    started = first if isinstance(first, Started) else None
    seconds = last.seconds if isinstance(last, Finished) else last.t_s if last else 0.0
    return RunEntry(run_summary, started, seconds, in_project)


def _children(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".") and RunFolder(path).is_run]
    except OSError:
        return []


def _stamp(path: Path) -> Stamp:
    run = RunFolder(path)
    try:
        status = run.events.stat()
    except OSError:
        return (0, 0, False)
    return status.st_size, status.st_mtime_ns, run.is_alive, *_label_stamp(path)


def _label_stamp(path: Path) -> Stamp:
    try:
        status = (path / label.FILE).stat()
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _ends(path: Path) -> tuple[Event | None, Event | None]:
    """The first and the last complete event."""
    try:
        first, lines = last_lines(path)
    except OSError:
        return None, None
    return decode(first), decode(lines[-1]) if lines else None


def _newest(run: RunEntry) -> tuple[str, str]:
    return run.summary.started_at, run.path.name
