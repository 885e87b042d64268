"""The page of runs: the list, the curves of those that are chosen, and what is to be said and done about them."""

from pathlib import Path

from PySide6.QtCore import QMetaMethod, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from gui.outside import open_folder
from gui.runs.charts.comparison import Comparison
from gui.runs.details.details import WIDTH_PX, Details
from gui.runs.empty import EmptyView
from gui.runs.following.history import History
from gui.runs.head import PageHead
from gui.runs.known.known import Known
from gui.runs.known.removing import delete, to_trash
from gui.runs.questions import RunAsking, RunDialogs
from gui.runs.seams import RunSeams
from gui.runs.switch import Switch
from gui.runs.table.model import RunsModel
from gui.runs.table.view import RunsTable
from gui.theme import Theme

HERE, EVERYWHERE = "This folder", "All runs"
EMPTY_HERE = ("No runs yet", "Press Train, or start one with: torchloom train FILE")
PICK = ("No run is chosen", "Choose one to see its curves, or several to compare them.")
_RESUMABLE = ("finished", "stopped", "failed", "interrupted")


class RunsPage(QWidget):
    """Choosing several runs compares them. ``shown`` names a run that is to be seen in the live panel."""

    resume_wanted = Signal(object)  # Path
    export_wanted = Signal(object)  # Path
    drawing_wanted = Signal(object)  # Path
    shown = Signal(object)  # Path

    def __init__(
        self, runs: RunSeams, theme: Theme, asking: RunAsking | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self._known, self._link, self._asking = runs.known, runs.link, asking or RunDialogs(self)
        self._current, self._follower, self._theme = runs.current, runs.follower, theme
        self._wants_choice = False  # shown before there was anything to choose
        self._places: dict[Path, int] = {}  # of a run's colour
        self.model = RunsModel()
        self.table = RunsTable(self.model, theme)
        self.comparison = Comparison(runs.follower, runs.loading, theme)
        self.details = Details(theme)
        self.details.failed.connect(runs.link.failed)
        self.scope = Switch(theme, (HERE, EVERYWHERE))
        self.scope.setObjectName("runs_scope")
        self.scope.chosen.connect(lambda _: self._list())
        self.resume = self._button("Resume", "run_resume", self._resume_chosen, "Go on with this run")
        self.stop = self._button("Stop", "run_stop", self._stop_chosen, "Keep what was learned, and end the training")
        self.drawing = self._button("Open drawing", "run_drawing", self._open_drawing, "Open the network of this run")
        self.folder = self._button("Open folder", "run_folder", self._open_folder, "Show the run's files")
        self.export = self._button("Export...", "run_export", self._export, "Take code or weights of this run along")
        self.delete = self._button("Delete...", "run_delete", self.delete_chosen, "Move the chosen runs to the trash")
        self._build()
        self.setFocusProxy(self.table)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open)
        self.table.delete_wanted.connect(self.delete_chosen)
        for signal in (runs.known.changed, runs.link.changed, runs.link.ended, runs.link.appeared):
            signal.connect(self._list)
        runs.follower.advanced.connect(self._advanced)
        theme.changed.connect(self._dress)
        self._list()
        self._choose()

    # How it is made

    def _button(self, text: str, name: str, act: object, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.clicked.connect(act)
        return button

    def _build(self) -> None:
        tools = (self.resume, self.stop, self.drawing, self.folder, self.export, self.delete)
        self._pick = EmptyView(self._theme)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.details.setFixedWidth(WIDTH_PX)
        line = QFrame()
        line.setProperty("line", "true")
        line.setFixedWidth(1)
        row.addWidget(self.comparison, 1)
        row.addWidget(line)
        row.addWidget(self.details)
        lower = QWidget()
        self._lower = QStackedLayout(lower)
        self._lower.addWidget(self._pick)
        self._lower.addWidget(below)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("runs_split")
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(lower)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([220, 300])
        self._empty = EmptyView(self._theme)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(self._empty)
        self._body.addWidget(split)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PageHead(self.scope, tools))
        column.addWidget(body, 1)

    # What it shows

    def choose(self, runs: list[Path]) -> None:
        """Choose these runs of the list."""
        self.table.choose(runs)

    def show_everywhere(self) -> None:
        """List all runs, wherever they lie."""
        self.scope.choose(EVERYWHERE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.export.setVisible(self.isSignalConnected(QMetaMethod.fromSignal(self.export_wanted)))
        self._wants_choice = not self.table.paths
        self._choose_first()
        self._offer()

    def _choose_first(self) -> None:
        """Choose what is in sight, or the newest, as soon as the list has it; not again when that is given up."""
        if not self._wants_choice:
            return
        newest = next((run.path for run in self._known.runs if run.near), None)
        if run := self._current.run or newest:
            self.choose([run])
            self._wants_choice = not self.table.paths

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wants_choice = False
        self._current.picked = None
        self.details.keep_notes()

    def _list(self, *_: object) -> None:
        is_everywhere = self.scope.current == EVERYWHERE
        self.table.show_folders(is_everywhere)
        ours = self._current.is_ours
        runs = tuple(run for run in self._known.runs if run.near or is_everywhere or ours(run.path))
        self.model.set_runs(runs)
        self._empty.say(*(EMPTY_HERE if not self._known.runs else _elsewhere(len(self._known.runs))))
        self._body.setCurrentIndex(1 if runs else 0)
        self._choose_first()
        self._offer()
        self._tell()

    def _choose(self) -> None:
        """Others are chosen: each keeps its colour as long as it is."""
        chosen = self.table.paths
        self._places = {run: place for run, place in self._places.items() if run in chosen}
        free = iter([place for place in range(len(self._theme.tokens.series)) if place not in self._places.values()])
        for run in chosen:
            if run not in self._places and (place := next(free, None)) is not None:
                self._places[run] = place
        self._dress()

    def _dress(self) -> None:
        colours = self._colours()
        self.model.set_colours(colours)
        self.comparison.show_runs(colours)
        self._lower.setCurrentIndex(1 if colours else 0)
        self._pick.say(*PICK)
        self._offer()
        self._tell()

    def _colours(self) -> dict[Path, str]:
        series = self._theme.tokens.series
        return {run: series[self._places[run]] for run in self.table.paths if run in self._places}

    def _tell(self) -> None:
        """The details of one, or the differences of several."""
        colours = self._colours()
        if len(colours) > 1:
            self.details.show_differences(colours)
        elif colours and (known := self._known.find(next(iter(colours)))):
            self.details.show_run(known, self._follower.history(known.path))

    def _advanced(self, history: History) -> None:
        if self.isVisible() and list(self._colours()) == [history.path]:
            self._tell()

    # What can be done

    def _offer(self) -> None:
        chosen = self._chosen()
        only = chosen[0] if len(chosen) == 1 else None
        is_free = only is not None and self._link.trainer(only.path) is None
        self.resume.setText("Train longer..." if only and only.summary.state == "finished" else "Resume")
        self.resume.setEnabled(only is not None and is_free and only.summary.state in _RESUMABLE)
        self.stop.setEnabled(any(self._link.trainer(run.path) for run in chosen))
        self.drawing.setEnabled(only is not None)
        self.folder.setEnabled(only is not None)
        self.export.setEnabled(only is not None)
        self.delete.setEnabled(bool(chosen) and not any(run.is_alive for run in chosen))
        self._current.picked = only.path if only and self.isVisible() else None

    def _chosen(self) -> list[Known]:
        return [known for run in self.table.paths if (known := self._known.find(run))]

    def _open(self, run: Path) -> None:
        self._current.show_run(run)
        self.shown.emit(run)

    def _resume_chosen(self) -> None:
        if chosen := self._chosen():
            self.resume_wanted.emit(chosen[0].path)

    def _stop_chosen(self) -> None:
        for run in self._chosen():
            self._link.stop(run.path)

    def _open_drawing(self) -> None:
        if chosen := self._chosen():
            self.drawing_wanted.emit(chosen[0].path)

    def _open_folder(self) -> None:
        if (chosen := self._chosen()) and (why_not := open_folder(chosen[0].path)):
            self._link.failed.emit(why_not)

    def _export(self) -> None:
        if chosen := self._chosen():
            self.export_wanted.emit(chosen[0].path)

    def delete_chosen(self) -> None:
        """Throw the chosen runs away, after a question; those at work stay."""
        runs = [run.path for run in self._chosen() if not run.is_alive]
        names = [run.name for run in runs]
        if not runs or not self._asking.delete(names):
            return
        self.details.keep_notes()
        self.comparison.show_runs({})
        left = [run for run in runs if not to_trash(run)]
        if left and self._asking.delete_for_good([run.name for run in left]):
            left = [run for run in left if not delete(run)]
            if left:
                self._link.failed.emit(f"{left[0]} could not be deleted: it, or its folder, may not be written to.")
        self._known.look()


def _elsewhere(count: int) -> tuple[str, str]:
    """Say that there are runs, though none of what is open."""
    are = "1 run of another project is" if count == 1 else f"{count} runs of other projects are"
    return "No runs of this project yet", f"Press Train. {are} listed under {EVERYWHERE}."
