"""The live panel: two charts of the shown run, and its results."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from gui.preferences.preferences import Preferences
from gui.runs.charts.chart_export import ChartExport
from gui.runs.charts.comparison import Comparison
from gui.runs.commands.run_questions import RunDialogs, RunQuestions
from gui.runs.context.run_context import RunContext
from gui.runs.curve_data.history import History
from gui.runs.results.results import Results
from gui.theme import Theme
from gui.widgets.empty_page import EmptyPage

SIDE_PX = 272
LOAD_MS = 600  # after the panel is first visible, so that the window appears before
NOTHING = ("No training yet", "Press Train: loss and accuracy are drawn here while the network learns.")
STARTING = ("The trainer is starting", "Loading PyTorch and the data takes a few seconds.")
READING = ("Reading the run", "Its curves are here in a moment.")
FRUITLESS = ("Nothing was learned", "This run ended before its first step.")


class LivePanel(QWidget):
    """Follows the current run; draws only while visible. ``message``: a sentence for the status bar."""

    message = Signal(str)

    def __init__(
        self,
        runs: RunContext,
        settings: Preferences,
        theme: Theme,
        questions: RunQuestions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("live")
        self._current, self._pictures, self._theme = runs.current, runs.pictures, theme
        self.charts = Comparison(runs, settings, theme, part_colours=self._colour)
        self.loss, self.score = self.charts.first, self.charts.second
        self._chart_export = ChartExport(questions or RunDialogs(self, theme), self)
        for card in (self.loss, self.score):
            self._chart_export.connect_menu(card)
        self._chart_export.message.connect(self.message)
        self._chart_export.failed.connect(runs.link.failed)
        self._load_timer = QTimer(self, singleShot=True, interval=LOAD_MS)
        self._load_timer.timeout.connect(runs.plot_loader.begin)
        runs.plot_loader.failed.connect(self._say_in_charts)
        self._build(theme)
        runs.current.changed.connect(self._show_other)
        runs.current.advanced.connect(self._refresh)
        theme.changed.connect(self._show_other)
        self._show_other()

    def _build(self, theme: Theme) -> None:
        self.results = Results(self._pictures, theme)
        self.switch = self.results.switch
        self.side = QWidget()
        self.side.setFixedWidth(SIDE_PX)
        column = QVBoxLayout(self.side)
        column.setContentsMargins(10, 6, 14, 8)
        column.addWidget(self.results)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.charts, 1)
        row.addWidget(self.side)
        self.empty = EmptyPage(theme)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(inside)

    def _colour(self, part: str) -> str:
        tokens = self._theme.tokens
        return tokens.train if part == "train" else tokens.validation

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load_timer.start()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._load_timer.stop()

    # Content

    def _show_other(self) -> None:
        run = self._current.run
        self.charts.show_runs({run: self._theme.tokens.validation} if run else {})
        self._refresh()

    def _refresh(self) -> None:
        history = self._current.history
        has_points = history is not None and (len(history.loss) > 0 or bool(history.metrics))
        self.empty.say(*self._words(history))
        self._stack.setCurrentIndex(1 if has_points else 0)
        if history is None or not has_points or not self.isVisible():
            return
        self.results.show_run(self._current.run, history)
        self.side.setVisible(self.results.has_any)

    def _words(self, history: History | None) -> tuple[str, str]:
        """The title and the text to show while there is no curve."""
        if self._current.run is None:
            return NOTHING
        if self._current.is_training:
            return STARTING
        return FRUITLESS if history is not None and history.started is not None else READING

    def _say_in_charts(self, text: str) -> None:
        self.loss.say(text)
        self.score.say("")
