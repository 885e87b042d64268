"""The progress of the training for the toolbar: one line of text and a share."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.runs.context.current_run import CurrentRun
from gui.runs.curve_data.follower import Follower
from gui.runs.curve_data.history import History
from gui.runs.known_runs.project_runs import ProjectRuns, project_name_of
from gui.workers.trainer import Trainer
from gui.workers.training_link import TrainingLink


class Progress(QObject):
    """Follows the training that the actions apply to; ``changed`` names its project if that is not the open one."""

    changed = Signal(str, object)  # text, and the share in [0, 1] or ``None``
    cleared = Signal()

    def __init__(
        self,
        link: TrainingLink,
        current: CurrentRun,
        follower: Follower,
        project_runs: ProjectRuns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._link, self._current, self._follower, self._project_runs = link, current, follower, project_runs
        self._run: Path | None = None
        self._shown_progress: tuple[str, float | None] | None = None
        for signal in (link.began, link.appeared, link.changed, link.ended, current.changed, follower.advanced):
            signal.connect(self._update)

    @property
    def run(self) -> Path | None:
        """The run whose progress is shown."""
        return self._run

    def _update(self, *_: object) -> None:
        run = self._current.active_run
        self._follow(run)
        trainer = self._link.trainer(run)
        if run is None or trainer is None:
            if self._shown_progress is not None:
                self._shown_progress = None
                self.cleared.emit()
            return
        progress = progress_of(trainer, self._follower.history(run))
        if not self._project_runs.has(run):
            progress = (f"{project_name_of(run)} · {progress[0]}", progress[1])
        if len(self._link) > 1:
            progress = (f"{progress[0]} · {len(self._link)} trainings", progress[1])
        if progress != self._shown_progress:
            self._shown_progress = progress
            self.changed.emit(*progress)

    def _follow(self, run: Path | None) -> None:
        if run == self._run:
            return
        if run is not None:
            self._follower.follow(run)
        before, self._run = self._run, run
        if before is not None:
            self._follower.unfollow(before)


def is_finishing(trainer: Trainer, history: History | None) -> bool:
    """Whether a training has recorded its end and only its process still runs."""
    return history is not None and history.finished is not None and trainer.has_written


def progress_of(trainer: Trainer, history: History | None) -> tuple[str, float | None]:
    """The text and the share of one training; no share before the first step."""
    if history is None or history.started is None or trainer.phase == "starting":
        return ("stopping..." if trainer.is_stopping else "starting..."), None
    if history.finished is not None and not trainer.has_written and not trainer.is_stopping:
        return "starting...", None  # it is being resumed: the end in its events is the former one
    has_begun = history.position > 0
    return _text(trainer, history) if has_begun or trainer.is_stopping else "first steps...", (
        history.share if has_begun else None
    )


def _text(trainer: Trainer, history: History) -> str:
    if trainer.is_stopping:
        return "stopping..." if trainer.force == "asked" else "does not stop by itself, ending it..."
    if trainer.is_silent:
        return "not responding"
    if is_finishing(trainer, history):
        return "finishing..."
    is_paused = history.state == "paused"
    if trainer.request == "pause" and not is_paused:
        return "pausing..."
    return history.speed.text(history.epochs, is_paused=is_paused)
