"""The runs of the open project: those started from it here, and those in its folder that have its name."""

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

_NAME_AND_STAMP = re.compile(r"(?P<project>.+)-\d{8}-\d{6}(-\d+)?")


def project_name_of(run: Path) -> str:
    """The name of the project, taken from the name of the run folder."""
    match = _NAME_AND_STAMP.fullmatch(run.name)
    return match["project"] if match else run.name


class ProjectRuns(QObject):
    """``started_runs``: started while the project was open; they stay with it when it is saved under another name.

    Runs of unsaved projects share one folder; the index stores which project they belong to.
    """

    def __init__(self, document: Document, link: TrainingLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._link = document, link
        self._path: Path | None = None
        self.started_runs: list[Path] = []
        self._of_others: set[Path] = set()
        link.began.connect(self._begin)
        link.appeared.connect(self._appear)
        document.saved.connect(self._store)
        document.replaced.connect(self._restart)

    def has(self, run: Path) -> bool:
        """Whether a run belongs to the open project. Unsaved projects share one folder and differ only by name."""
        is_near = run.parent == self._home and run not in self._of_others
        return run in self.started_runs or (is_near and self._has_its_name(run))

    def add(self, run: Path) -> None:
        """Make this a run of the open project."""
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
        return project_name_of(run) == name if _NAME_AND_STAMP.fullmatch(run.name) else run.name.startswith(f"{name}-")

    def _begin(self, run: Path) -> None:
        trainer = self._link.trainer(run)
        if trainer is not None and trainer.is_new:  # a resumed run may belong to any project
            self.add(run)

    def _appear(self, run: Path) -> None:
        """Store in the index which project the run belongs to, for after a crash; its folder must exist."""
        if run in self.started_runs and is_there(run):
            self._adopt([run])

    def _store(self) -> None:
        self._path = self._document.path
        self._adopt(self.started_runs, before=self._document.key)

    def _adopt(self, runs: list[Path], before: str = "") -> None:
        project = self._document.path or self._document.key
        far = [run for run in runs if self._document.path is None or run.parent != self._home]
        if project and far:
            index.adopt(project, far, before)

    def _restart(self) -> None:
        is_same = self._path is not None and self._path == self._document.path  # the same file was read again
        self._path = self._document.path
        if is_same:
            return
        project, adopted = self._document.path or self._document.key, index.adoptions()
        self.started_runs = (
            [run for run in adopted.pop(index.index_key(project), ()) if is_there(run)] if project else []
        )
        saved = (runs for other, runs in adopted.items() if not documents.is_untitled(other))
        self._of_others = {run for runs in saved for run in runs} - set(self.started_runs)
