"""The run that the live panel shows: the one being trained, else the last of the project, else one that was chosen."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.document import Document
from gui.runs.follow import Follower
from gui.runs.history import History
from gui.runs.known import KnownRuns
from gui.workers.training import TrainingLink


class CurrentRun(QObject):
    """``changed``: another run is shown. ``advanced``: the shown one has news, or its past is another one."""

    changed = Signal()
    advanced = Signal()

    def __init__(
        self,
        document: Document,
        link: TrainingLink,
        known: KnownRuns,
        follower: Follower,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._link, self._known, self._follower = document, link, known, follower
        self.run: Path | None = None
        self._is_chosen = False  # by a person, or by what was started here: no newer one takes its place
        link.began.connect(self.show_run)
        known.changed.connect(self._look)
        link.ended.connect(self._look)  # a run whose folder has gone is held for as long as it is trained
        known.found_alive.connect(self._found)
        follower.advanced.connect(self._tell)
        follower.again.connect(self._tell)
        document.replaced.connect(self._restart)

    @property
    def history(self) -> History | None:
        """What is known of the run."""
        return self._follower.history(self.run)

    def show_run(self, run: Path) -> None:
        """Show this run, and no newer one in its place."""
        self._is_chosen = True
        self._set(run)

    def _look(self) -> None:
        """Take up the last run of the project; let go of one that has gone."""
        near = [each.path for each in self._known.runs if each.near]
        if self.run is not None and self.run not in near and not self.run.exists() and not self._link.trainer(self.run):
            self._is_chosen = False
            self._set(None)
        if self.run is None and near and self._document.path is not None:
            mine = [path for path in near if path.name.startswith(f"{self._document.path.stem}-")]
            self._set(mine[0] if mine else None)

    def _found(self, run: Path) -> None:
        """A training is at work that was not started here."""
        known = self._known.find(run)
        is_free = self.run is None or self._link.trainer(self.run) is None
        if self._link.follow(run) and known is not None and known.near and is_free and not self._is_chosen:
            self._set(run)

    def _restart(self) -> None:
        """Another project: what is trained stays in sight, all else is of the former one."""
        if self._link.trainer(self.run) is None:
            self._is_chosen = False
            self._set(None)

    def _set(self, run: Path | None) -> None:
        if run == self.run:
            return
        if run is not None:
            self._follower.follow(run)
        before, self.run = self.run, run
        if before is not None:
            self._follower.leave(before)
        self.changed.emit()

    def _tell(self, history: History) -> None:
        if history.path == self.run:
            self.advanced.emit()
