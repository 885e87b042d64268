"""Projects of runs: opens the one that a run was trained on, and announces trainings of other projects."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError
from engine.project import file
from engine.runs.folder import RunFolder
from gui.runs.context.run_context import RunContext
from gui.state.notices import Notice
from gui.workers.launch import with_absolute_paths

if TYPE_CHECKING:
    from gui.context.context import Context

TOPIC, WRONG = "other_training", "run_graph"


class OtherProjects(QObject):
    """``graph_opened`` carries a run whose project has been opened."""

    graph_opened = Signal(object)  # Path
    runs_wanted = Signal()  # show the list of all runs

    def __init__(self, context: "Context", runs: RunContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files, self._notices, self._runs = context.files, context.notices, runs
        self._announced_runs: set[Path] = set()
        runs.inventory.found_alive.connect(self._update_notice)  # after `CurrentRun`, which follows the run
        runs.link.ended.connect(self._update_notice)
        context.document.replaced.connect(self._update_notice)

    def open(self, run: Path) -> bool:
        """Open a run's project as a new one, after asking about unsaved changes; returns whether it is open."""
        folder = RunFolder(run)
        try:
            project = file.read(folder.project)
        except EngineError as error:
            self._notices.show(Notice(WRONG, f"The graph of {run.name} cannot be opened. {error}", "error"))
            return False
        if not self._files.new(with_absolute_paths(project, _base(folder))):
            return False
        self._notices.remove(WRONG)
        self._runs.project_runs.add(run)
        self._runs.current.show_run(run)
        self._runs.inventory.refresh()
        self._update_notice()
        self.graph_opened.emit(run)
        return True

    def _update_notice(self, *_: object) -> None:
        """Announce each training once; a closed notice comes back only for another training."""
        current = self._runs.current
        others = [run for run in self._runs.link if not current.is_ours(run)]
        is_new, self._announced_runs = not self._announced_runs.issuperset(others), set(others)
        if not others:
            self._notices.remove(TOPIC)
        elif is_new or TOPIC in self._notices.by_topic:
            self._notices.show(self._notice(others))

    def _notice(self, others: list[Path]) -> Notice:
        if len(others) == 1:
            text = f"{others[0].name} is being trained. It belongs to another project."
            return Notice(TOPIC, text, choices=(("Open graph", partial(self.open, others[0])),), stays=True)
        names = ", ".join(run.name for run in others)
        text = f"{len(others)} trainings of other projects are running: {names}."
        return Notice(TOPIC, text, choices=(("Show runs", self.runs_wanted.emit),), stays=True)


def _base(folder: RunFolder) -> Path:
    """The folder of relative paths in a run's project: as recorded, else the parent of its ``runs`` folder."""
    try:
        base = json.loads(folder.data.read_bytes())["base"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        base = None
    return Path(base) if isinstance(base, str) else folder.path.parent.parent
