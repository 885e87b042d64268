"""The page of runs: the list, the curves and the details of the selected runs, and the commands for them."""

from pathlib import Path

from PySide6.QtCore import QMetaMethod, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from gui.preferences.preferences import Preferences
from gui.runs.charts.chart_export import ChartExport
from gui.runs.charts.comparison import Comparison
from gui.runs.commands.run_commands import RunCommands
from gui.runs.commands.run_questions import RunDialogs, RunQuestions
from gui.runs.context.run_context import RunContext
from gui.runs.curve_data.history import History
from gui.runs.details.details import WIDTH_PX, Details
from gui.runs.known_runs.inventory import RunEntry
from gui.runs.known_runs.labels import rename
from gui.runs.results.evaluation.evaluation_page import EvaluationPage
from gui.runs.results.evaluation.result_files import ResultDialogs
from gui.runs.results.results import Results
from gui.runs.table.runs_list import EVERYWHERE, RunsList
from gui.theme import Theme
from gui.widgets.empty_page import EmptyPage
from gui.widgets.page_head import PageHead

EMPTY_HERE = ("No runs yet", "Press Train, or start one with: torchloom train FILE")
PICK = ("No run is chosen", "Choose one to see its curves, or several to compare them.")


class RunsPage(QWidget):
    """Selecting several runs compares them. ``show_wanted``: show this run in the live panel."""

    resume_wanted = Signal(object)  # Path
    export_wanted = Signal(object)  # Path
    graph_wanted = Signal(object)  # Path
    show_wanted = Signal(object)  # Path
    message = Signal(str)  # a sentence for the status bar

    def __init__(
        self,
        runs: RunContext,
        settings: Preferences,
        theme: Theme,
        questions: RunQuestions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self._inventory, self._current, self._follower, self._theme = runs.inventory, runs.current, runs.follower, theme
        self._failed = runs.link.failed
        self._analysis = runs.analysis
        self._questions = questions or RunDialogs(self, theme)
        self._wants_choice = False  # the page became visible before there was a run to select
        self._places: dict[Path, int] = {}  # the index of each run's colour
        self.list = RunsList(settings, theme)
        self.model, self.table, self.scope = self.list.model, self.list.table, self.list.scope
        self.comparison = Comparison(runs, settings, theme)
        self._chart_export = ChartExport(self._questions, self)
        for card in (self.comparison.first, self.comparison.second):
            self._chart_export.connect_menu(card)
        self._chart_export.message.connect(self.message)
        self._chart_export.failed.connect(runs.link.failed)
        self.details = Details(theme)
        self.results = Results(runs.pictures, theme, ("Summary", self.details))
        self.details.failed.connect(runs.link.failed)
        self.commands = RunCommands(runs, self._questions, self._selected_entries, lambda: self.model.runs, self)
        self._build()
        self.setFocusProxy(self.table)
        self._connect_commands()
        self.scope.current_changed.connect(lambda _: self._list())
        self.table.selection_changed.connect(self._choose)
        for signal in (runs.inventory.changed, runs.link.changed, runs.link.ended, runs.link.appeared):
            signal.connect(self._list)
        runs.follower.advanced.connect(self._advanced)
        theme.changed.connect(self._show_colours)
        self._list()
        self._choose()

    # Construction

    def _build(self) -> None:
        commands = self.commands
        self.resume = commands.button(commands.resume, "run_resume")
        self.stop = commands.button(commands.stop, "run_stop")
        self.open_graph = commands.button(commands.open_graph, "run_graph")
        self.folder = commands.button(commands.folder, "run_folder")
        self.export = commands.button(commands.export, "run_export")
        self.delete = commands.button(commands.delete, "run_delete")
        self.evaluate = self._results_button()
        tools = (self.evaluate, self.resume, self.stop, self.open_graph, self.folder, self.export, self.delete)
        self._pick = EmptyPage(self._theme)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = QWidget()
        side.setFixedWidth(WIDTH_PX)
        inside = QVBoxLayout(side)
        inside.setContentsMargins(14, 8, 4, 8)
        inside.addWidget(self.results)
        line = QFrame()
        line.setProperty("line", "true")
        line.setFixedWidth(1)
        row.addWidget(self.comparison, 1)
        row.addWidget(line)
        row.addWidget(side)
        lower = QWidget()
        self._lower = QStackedLayout(lower)
        self._lower.addWidget(self._pick)
        self._lower.addWidget(below)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("runs_split")
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(lower)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([220, 300])
        self._empty = EmptyPage(self._theme)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(self._empty)
        self._body.addWidget(split)
        self._stack_pages(PageHead(self.list.tools, tools), body)

    def _results_button(self) -> QPushButton:
        button = QPushButton("Results")
        button.setObjectName("run_results")
        button.setToolTip("Measure the best weights on any part of the data, or on new data")
        button.clicked.connect(self._evaluate)
        return button

    def _stack_pages(self, head: QWidget, body: QWidget) -> None:
        """Put the list of runs with its head over the page of one run's results."""
        overview = QWidget()
        column = QVBoxLayout(overview)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(body, 1)
        self._whole: QStackedLayout = QStackedLayout(self)
        self._whole.addWidget(overview)
        self.evaluation = EvaluationPage(self._analysis, ResultDialogs(self, self._theme), self._theme)
        self.evaluation.closed.connect(lambda: self._whole.setCurrentIndex(0))
        self.evaluation.message.connect(self.message)
        self.evaluation.failed.connect(self._failed)
        self._whole.addWidget(self.evaluation)

    def _evaluate(self) -> None:
        """Show the results of the selected run."""
        runs = self.table.paths
        if len(runs) == 1:
            self._whole.setCurrentIndex(1)
            self.evaluation.show_run(runs[0])

    def _connect_commands(self) -> None:
        commands, table = self.commands, self.table
        commands.resume_wanted.connect(self.resume_wanted)
        commands.export_wanted.connect(self.export_wanted)
        commands.graph_wanted.connect(self.graph_wanted)
        commands.show_wanted.connect(self.show_wanted)
        commands.rename_wanted.connect(table.rename)
        commands.copy_wanted.connect(self.list.copy_chosen)
        commands.deleting.connect(self._release_files)
        self.model.renamed.connect(self._rename)
        table.open_wanted.connect(commands.show_run)
        table.delete_wanted.connect(commands.delete_chosen)
        table.menu_wanted.connect(commands.menu.popup)

    # Content

    def choose(self, runs: list[Path]) -> None:
        """Select these runs in the list."""
        self.table.choose(runs)

    def show_everywhere(self) -> None:
        """List all runs, whatever their folder."""
        self.scope.choose(EVERYWHERE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.commands.export.setVisible(self.isSignalConnected(QMetaMethod.fromSignal(self.export_wanted)))
        self._wants_choice = not self.table.paths
        self._choose_first()
        self._offer()

    def _choose_first(self) -> None:
        """Select the run of the live panel, or the newest one, once after the page became visible."""
        if not self._wants_choice:
            return
        newest = next((run.path for run in self._inventory.runs if run.in_project), None)
        if run := self._current.run or newest:
            self.choose([run])
            self._wants_choice = not self.table.paths

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wants_choice = False
        self._current.selected_run = None
        self.details.save_notes()

    def _list(self, *_: object) -> None:
        is_everywhere = self.scope.current == EVERYWHERE
        self.table.show_folders(is_everywhere)
        ours = self._current.is_ours
        runs = tuple(run for run in self._inventory.runs if run.in_project or is_everywhere or ours(run.path))
        self.list.set_runs(runs)
        self._empty.say(*(EMPTY_HERE if not self._inventory.runs else _elsewhere(len(self._inventory.runs))))
        self._body.setCurrentIndex(1 if runs else 0)
        self._choose_first()
        self._offer()
        self._show_details()

    def _choose(self) -> None:
        """Assign colours to the selected runs; each keeps its colour while it is selected."""
        runs = self.table.paths
        self._places = {run: place for run, place in self._places.items() if run in runs}
        free = iter([place for place in range(len(self._theme.tokens.series)) if place not in self._places.values()])
        for run in runs:
            if run not in self._places and (place := next(free, None)) is not None:
                self._places[run] = place
        self._show_colours()

    def _show_colours(self) -> None:
        colours = self._colours()
        self.model.set_colours(colours)
        self.comparison.show_runs(colours)
        self._lower.setCurrentIndex(1 if colours else 0)
        self._pick.say(*PICK)
        self._offer()
        self._show_details()

    def _colours(self) -> dict[Path, str]:
        series = self._theme.tokens.series
        return {run: series[self._places[run]] for run in self.table.paths if run in self._places}

    def _show_details(self) -> None:
        """Show the details of one run, or the differences of several."""
        colours = self._colours()
        if len(colours) > 1:
            self.details.show_differences(colours, self.comparison.titles)
            self.results.show_run(None, None)
        elif colours and (entry := self._inventory.find(next(iter(colours)))):
            history = self._follower.history(entry.path)
            self.details.show_run(entry, history)
            self.results.show_run(entry.path, history)

    def _advanced(self, history: History) -> None:
        if self.isVisible() and list(self._colours()) == [history.path]:
            self._show_details()

    # Commands

    def _offer(self) -> None:
        self.commands.offer()
        runs = self.table.paths
        self.evaluate.setEnabled(len(runs) == 1)
        self._current.selected_run = runs[0] if len(runs) == 1 and self.isVisible() else None

    def _selected_entries(self) -> list[RunEntry]:
        return [entry for run in self.table.paths if (entry := self._inventory.find(run))]

    def _release_files(self) -> None:
        self.details.save_notes()
        self.comparison.show_runs({})

    def _rename(self, run: Path, name: str) -> None:
        if message := rename(run, name):
            self._failed.emit(message)
        self._inventory.refresh()


def _elsewhere(count: int) -> tuple[str, str]:
    """The title and the text if all runs belong to other projects."""
    are = "1 run of another project is" if count == 1 else f"{count} runs of other projects are"
    return "No runs of this project yet", f"Press Train. {are} listed under {EVERYWHERE}."
