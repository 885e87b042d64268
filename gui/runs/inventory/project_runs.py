"""Which runs are of the drawing that is open: those begun from it here, and those of its name where its runs lie."""

import re
from pathlib import Path

from PySide6.QtCore import QObject

from engine.places import user_data_dir
from engine.project import documents
from engine.project.existence import is_there
from engine.runs import index
from engine.runs.folder import letters
from gui.state.document import Document
from gui.workers.launch import RUNS
from gui.workers.training_link import TrainingLink

_STAMPED = re.compile(r"(?P<drawing>.+)-\d{8}-\d{6}(-\d+)?")


def project_name_of(run: Path) -> str:
    """The name of the drawing, as far as a run's own name tells it."""
    match = _STAMPED.fullmatch(run.name)
    return match["drawing"] if match else run.name


class ProjectRuns(QObject):
    """``begun``: from the drawing while it was open; they stay its own when it is saved under any name.

    Those of a drawing that was not saved yet lie with those of all unsaved ones; the index tells whose they became.
    """

    def __init__(self, document: Document, link: TrainingLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._link = document, link
        self._path: Path | None = None
        self.started_runs: list[Path] = []
        self._of_others: set[Path] = set()
        link.began.connect(self._begin)
        link.appeared.connect(self._appear)
        document.saved.connect(self._keep)
        document.replaced.connect(self._restart)

    def has(self, run: Path) -> bool:
        """Whether a run belongs to the open project. Unsaved projects share one folder and differ only by name."""
        is_near = run.parent == self._home and run not in self._of_others
        return run in self.started_runs or (is_near and self._has_its_name(run))

    def take(self, run: Path) -> None:
        """From now on it is of the drawing."""
        if run not in self.started_runs:
            self.started_runs.append(run)
            self._appear(run)

    @property
    def _home(self) -> Path:
        path = self._document.path
        return (path.parent if path else user_data_dir()) / RUNS

    def _has_its_name(self, run: Path) -> bool:
        path = self._document.path
        name = letters(path.stem if path else self._document.project.name)
        return project_name_of(run) == name if _STAMPED.fullmatch(run.name) else run.name.startswith(f"{name}-")

    def _begin(self, run: Path) -> None:
        trainer = self._link.trainer(run)
        if trainer is not None and trainer.is_new:  # one that is resumed may be of any drawing
            self.take(run)

    def _appear(self, run: Path) -> None:
        """Keep in mind whose it is, also after a crash; the index knows no run that is yet to come."""
        if run in self.started_runs and is_there(run):
            self._adopt([run])

    def _keep(self) -> None:
        self._path = self._document.path
        self._adopt(self.started_runs, before=self._document.key)

    def _adopt(self, runs: list[Path], before: str = "") -> None:
        drawing = self._document.path or self._document.key
        far = [run for run in runs if self._document.path is None or run.parent != self._home]
        if drawing and far:
            index.adopt(drawing, far, before)

    def _restart(self) -> None:
        is_same = self._path is not None and self._path == self._document.path  # it was read again
        self._path = self._document.path
        if is_same:
            return
        drawing, adopted = self._document.path or self._document.key, index.adoptions()
        self.started_runs = (
            [run for run in adopted.pop(index.index_key(drawing), ()) if is_there(run)] if drawing else []
        )
        saved = (runs for other, runs in adopted.items() if not documents.is_untitled(other))
        self._of_others = {run for runs in saved for run in runs} - set(self.started_runs)
