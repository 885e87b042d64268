"""Whether the open project has changed since a run of it was started."""

from pathlib import Path, PurePath

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import EngineError
from engine.graph.model import Project
from engine.project import file
from engine.runs.folder import RunFolder
from gui.runs.known_runs.differences import graph_settings, own_settings
from gui.runs.known_runs.project_runs import ProjectRuns
from gui.state.document import Document

LOOK_MS = 300  # after an edit; several often come together
MAX_LINES = 12
_HOW_LONG = ("epochs", "device", "threads")  # they do not change what is learned


class Change(Struct, frozen=True):
    """What differs from the start of a run. Each text names a setting, its old value and its new one."""

    graph: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """A summary in a few words; empty if nothing has changed."""
        if self.graph:
            return "the graph has changed since"
        return "the settings have changed since" if self.settings else ""

    @property
    def details(self) -> str:
        """One line per change, at most `MAX_LINES`."""
        lines = [*self.graph, *self.settings]
        more = len(lines) - MAX_LINES
        return "\n".join([*lines[:MAX_LINES], *([f"and {more} more"] if more > 0 else [])])


class ChangesSince(QObject):
    """Compares runs with the open project. ``changed``: the project was edited or replaced."""

    changed = Signal()

    def __init__(self, document: Document, project_runs: ProjectRuns, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._project_runs = document, project_runs
        self._then: dict[Path, Project | None] = {}
        self._changes: dict[Path, Change] = {}
        self._update_timer = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._update_timer.timeout.connect(self._forget_changes)
        document.edited.connect(lambda *_: self._update_timer.start())
        document.replaced.connect(self._forget_changes)

    def of(self, run: Path) -> Change | None:
        """What has changed since a run of the open project was started; ``None`` for runs of other projects."""
        if not self._project_runs.has(run) or (then := self._project(run)) is None:
            return None
        if run not in self._changes:
            self._changes[run] = change(then, self._document.project)
        return self._changes[run]

    def prepare(self, run: Path) -> None:
        """Read the project of a run ahead of time, so that `of` does not have to."""
        if self._project_runs.has(run):
            self._project(run)

    def _forget_changes(self) -> None:
        self._changes.clear()
        self.changed.emit()

    def _project(self, run: Path) -> Project | None:
        if self._then.get(run) is None:  # the file may not be written yet
            try:
                self._then[run] = file.read(RunFolder(run).project, allow_newer=True)
            except EngineError:
                return None
        return self._then[run]


def change(then: Project, now: Project) -> Change:
    """What differs between two projects, except positions, names and how long to train."""
    graph = [] if _has_same_graphs(then, now) else _lines(graph_settings(then), graph_settings(now))
    others = [
        {name: value for name, value in own_settings(each).items() if name not in _HOW_LONG} for each in (then, now)
    ]
    return Change(tuple(graph), tuple(_lines(*others)))


def _has_same_graphs(then: Project, now: Project) -> bool:
    """Whether the graphs are equal: they mostly are, and comparing them is fast."""
    return then.main == now.main and then.graphs == now.graphs


def _lines(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """A line for each difference; parameters of an added or removed node are left out."""
    names = dict.fromkeys((*then, *now))
    return [
        _line(name, then.get(name), now.get(name))
        for name in names
        if not _is_same(name, then.get(name), now.get(name)) and not _is_part_of_one(name, then, now)
    ]


def _is_same(name: str, before: str | None, after: str | None) -> bool:
    """Whether values are equal. A run stores absolute paths of data files, a project relative ones."""
    if name.startswith("data.") and before and after:
        return before == after or PurePath(before).name == PurePath(after).name
    return before == after


def _is_part_of_one(name: str, then: dict[str, str], now: dict[str, str]) -> bool:
    whole = name.rpartition(".")[0]
    return bool(whole) and (whole in then) != (whole in now)


def _line(name: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"{name}: {after} is new"
    return f"{name}: {before} is gone" if after is None else f"{name}: was {before}, now {after}"
