"""The run that the live panel shows: the one that trains, else the last of the project, or one that the user chose."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.project.existence import is_there
from engine.runs.events import StepDone
from engine.runs.folder import RunFolder
from engine.runs.tail import Tail
from gui.runs.curve_data.follower import PIECE, Follower
from gui.runs.curve_data.history import History
from gui.runs.known_runs.inventory import RunInventory
from gui.runs.known_runs.project_runs import ProjectRuns
from gui.state.document import Document
from gui.workers.training_link import TrainingLink


class CurrentRun(QObject):
    """``changed``: another run, or another project, is shown. ``advanced``: the history of the run has changed."""

    changed = Signal()
    advanced = Signal()

    def __init__(
        self,
        document: Document,
        link: TrainingLink,
        inventory: RunInventory,
        follower: Follower,
        project_runs: ProjectRuns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._link, self._inventory = document, link, inventory
        self._follower, self._project_runs = follower, project_runs
        self.run: Path | None = None
        self.selected_run: Path | None = None  # the single run selected in the visible list
        self._before: Path | None = None  # shown before a training was started
        self._fruitless: set[Path] = set()  # ended in this window before their first step
        self._is_chosen = False  # by the user or by starting it here: a newer run does not replace it
        link.began.connect(self._begin)
        inventory.changed.connect(self._choose_run)
        link.ended.connect(self._end)
        inventory.found_alive.connect(self._follow_external)
        follower.advanced.connect(self._forward)
        follower.restarted.connect(self._forward)
        document.replaced.connect(self._restart)

    @property
    def history(self) -> History | None:
        """The history of the run, built from its events."""
        return self._follower.history(self.run)

    @property
    def export_run(self) -> Path | None:
        """The run to export: the one selected in the list, else the shown one."""
        return self.selected_run or self.run

    @property
    def is_training(self) -> bool:
        """Whether the shown run is training."""
        return self._link.trainer(self.run) is not None

    @property
    def is_of_project(self) -> bool:
        """Whether the shown run belongs to the open project."""
        return self.run is not None and self._project_runs.has(self.run)

    @property
    def active_run(self) -> Path | None:
        """The running training that the actions apply to: the shown one, else the last that `is_ours`."""
        ours = (run for run in reversed([*self._link]) if self.is_ours(run))
        return self.run if self.is_training else next(ours, None)

    def is_ours(self, run: Path) -> bool:
        """Whether a running training was started in this window or belongs to the open project."""
        trainer = self._link.trainer(run)
        return trainer is not None and (not trainer.is_external or self._project_runs.has(run))

    def show_run(self, run: Path) -> None:
        """Show this run, and keep it when a newer one appears."""
        self._is_chosen = True
        self._set(run)

    def _choose_run(self) -> None:
        """Show the last run of the project if none is shown; drop a deleted run, unless it is training."""
        near = [each.path for each in self._inventory.runs if each.in_project]
        if self.run is not None and self.run not in near and not is_there(self.run) and not self.is_training:
            self._is_chosen = False
            self._set(None)
        if self.run is None:
            self._set(next((run for run in near if self._is_wanted(run)), None))

    def _is_wanted(self, run: Path) -> bool:
        """Whether to show a run. Names of unsaved projects are not unique: theirs must be training or started here."""
        started_runs = self._project_runs.started_runs
        is_sure = self._document.path is not None or run in started_runs or self._link.trainer(run) is not None
        return is_sure and self._project_runs.has(run) and run not in self._fruitless

    def _begin(self, run: Path) -> None:
        if run != self.run:
            self._before = self.run
        self._fruitless.discard(run)
        self.show_run(run)

    def _end(self, run: Path, _how: object) -> None:
        """Go back to the run shown before if the one that ended has no steps."""
        if run == self.run and not _has_steps(run):
            self._fruitless.add(run)
            before = self._before if self._before and is_there(self._before) else None
            self._is_chosen = before is not None
            self._set(before)
        self._choose_run()

    def _follow_external(self, run: Path) -> None:
        """Follow a training that was not started here, and show it if nothing else was chosen."""
        is_free = not self.is_training and not self._is_chosen
        if self._link.follow(run) and self._project_runs.has(run) and is_free:
            self._set(run)

    def _restart(self) -> None:
        """After a change of project: keep showing a run that trains, else show one of the new project."""
        self._before = None
        if self.is_training:
            self.changed.emit()
            return
        self._is_chosen = False
        self._set(None)
        self._choose_run()

    def _set(self, run: Path | None) -> None:
        if run == self.run:
            return
        if run is not None:
            self._follower.follow(run)
        before, self.run = self.run, run
        if before is not None:
            self._follower.unfollow(before)
        self.changed.emit()

    def _forward(self, history: History) -> None:
        if history.path == self.run:
            self.advanced.emit()


def _has_steps(run: Path) -> bool:
    """Whether a run has completed any step."""
    try:
        return any(isinstance(event, StepDone) for event in Tail(RunFolder(run).events).read(PIECE).events)
    except OSError:
        return False
