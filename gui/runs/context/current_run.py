"""The run that the live panel shows: the one being trained, else the last of the project, else one that was chosen."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.project.existence import is_there
from engine.runs.events import StepDone
from engine.runs.folder import RunFolder
from engine.runs.tail import Tail
from gui.runs.history.follower import PIECE, Follower
from gui.runs.history.history import History
from gui.runs.inventory.inventory import RunInventory
from gui.runs.inventory.project_runs import ProjectRuns
from gui.state.document import Document
from gui.workers.training_link import TrainingLink


class CurrentRun(QObject):
    """``changed``: another run is shown, or with another drawing. ``advanced``: it has news, or its past is another."""

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
        self.selected_run: Path | None = None  # the only one that is chosen in the list in sight
        self._before: Path | None = None  # shown until a training was begun
        self._fruitless: set[Path] = set()  # ended here before their first step
        self._is_chosen = False  # by a person, or by what was started here: no newer one takes its place
        link.began.connect(self._begin)
        inventory.changed.connect(self._look)
        link.ended.connect(self._end)
        inventory.found_alive.connect(self._follow_external)
        follower.advanced.connect(self._tell)
        follower.restarted.connect(self._tell)
        document.replaced.connect(self._restart)

    @property
    def history(self) -> History | None:
        """What is known of the run."""
        return self._follower.history(self.run)

    @property
    def export_run(self) -> Path | None:
        """The run that an export is about: the one picked in the list, else the shown one."""
        return self.selected_run or self.run

    @property
    def is_training(self) -> bool:
        """Whether the shown run is at work."""
        return self._link.trainer(self.run) is not None

    @property
    def is_of_project(self) -> bool:
        """Whether the shown run is of the drawing that is open."""
        return self.run is not None and self._project_runs.has(self.run)

    @property
    def active_run(self) -> Path | None:
        """The training that is steered: the shown one, else the last that is ours."""
        ours = (run for run in reversed([*self._link]) if self.is_ours(run))
        return self.run if self.is_training else next(ours, None)

    def is_ours(self, run: Path) -> bool:
        """Whether a training at work was begun in this window, or is of the drawing that is open."""
        trainer = self._link.trainer(run)
        return trainer is not None and (not trainer.is_external or self._project_runs.has(run))

    def show_run(self, run: Path) -> None:
        """Show this run, and no newer one in its place."""
        self._is_chosen = True
        self._set(run)

    def _look(self) -> None:
        """Take up the last run of the project; let go of one that has gone, unless it is trained."""
        near = [each.path for each in self._inventory.runs if each.in_project]
        if self.run is not None and self.run not in near and not is_there(self.run) and not self.is_training:
            self._is_chosen = False
            self._set(None)
        if self.run is None:
            self._set(next((run for run in near if self._is_wanted(run)), None))

    def _is_wanted(self, run: Path) -> bool:
        """Names alone do not tell the runs of unsaved projects apart: of those, one is at work or was begun here."""
        started_runs = self._project_runs.started_runs
        is_sure = self._document.path is not None or run in started_runs or self._link.trainer(run) is not None
        return is_sure and self._project_runs.has(run) and run not in self._fruitless

    def _begin(self, run: Path) -> None:
        if run != self.run:
            self._before = self.run
        self._fruitless.discard(run)
        self.show_run(run)

    def _end(self, run: Path, _how: object) -> None:
        """Go back to what was shown before, where there is nothing to be seen of what has ended."""
        if run == self.run and not _has_steps(run):
            self._fruitless.add(run)
            before = self._before if self._before and is_there(self._before) else None
            self._is_chosen = before is not None
            self._set(before)
        self._look()

    def _follow_external(self, run: Path) -> None:
        """A training is at work that was not started here."""
        is_free = not self.is_training and not self._is_chosen
        if self._link.follow(run) and self._project_runs.has(run) and is_free:
            self._set(run)

    def _restart(self) -> None:
        """Another project: what is trained stays in sight, all else is of the former one."""
        self._before = None
        if self.is_training:
            self.changed.emit()
            return
        self._is_chosen = False
        self._set(None)
        self._look()

    def _set(self, run: Path | None) -> None:
        if run == self.run:
            return
        if run is not None:
            self._follower.follow(run)
        before, self.run = self.run, run
        if before is not None:
            self._follower.unfollow(before)
        self.changed.emit()

    def _tell(self, history: History) -> None:
        if history.path == self.run:
            self.advanced.emit()


def _has_steps(run: Path) -> bool:
    """Whether a run has learned anything at all."""
    try:
        return any(isinstance(event, StepDone) for event in Tail(RunFolder(run).events).read(PIECE).events)
    except OSError:
        return False
