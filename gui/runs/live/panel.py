"""The live panel: loss and the leading figure of the shown run, its confusion, and what it says of a few rows."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QCursor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QStackedWidget, QToolTip, QVBoxLayout, QWidget

from gui.runs.charts.metric_menu import MetricMenu
from gui.runs.charts.smoothing_button import SmoothingButton
from gui.runs.empty import EmptyView
from gui.runs.following.curve import Curve
from gui.runs.following.follow import Follower
from gui.runs.following.history import History
from gui.runs.following.loading import Loading
from gui.runs.known.current import CurrentRun
from gui.runs.plots.card import ChartCard
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.legend import Entry
from gui.runs.plots.line import Line, Marks
from gui.runs.results.confusion import ConfusionView
from gui.runs.results.predictions import PredictionsView
from gui.runs.results.samples import SamplePictures
from gui.runs.switch import Switch
from gui.runs.words import figure, is_share, leading, titled
from gui.theme import Theme

CONFUSION, SAMPLES = "Confusion", "Samples"
SIDE_PX = 272
LOAD_MS = 600  # after the panel is first seen: the window is to be there before
NOTHING = ("No training yet", "Press Train: loss and accuracy are drawn here while the network learns.")
STARTING = ("The trainer is starting", "Loading PyTorch and the data takes a few seconds.")
READING = ("Reading the run", "Its curves are here in a moment.")
FRUITLESS = ("Nothing was learned", "This run ended before its first step.")


class LivePanel(QWidget):
    """Follows the current run; nothing is drawn while the panel is not seen."""

    def __init__(
        self,
        current: CurrentRun,
        follower: Follower,
        pictures: SamplePictures,
        loading: Loading,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("live")
        self._current, self._follower, self._pictures, self._theme = current, follower, pictures, theme
        self._metric: str | None = None
        self._chosen: str | None = None
        crosshair = Crosshair(self)
        self.loss = ChartCard(theme, loading, crosshair, "Loss")
        self.loss.setObjectName("loss_card")
        self.score = ChartCard(theme, loading, crosshair, "Accuracy")
        self.score.setObjectName("score_card")
        self.smoothing = SmoothingButton(follower)
        self.loss.head.insertWidget(1, self.smoothing)
        self.metrics = MetricMenu()
        self.metrics.chosen.connect(self._choose_metric)
        self.score.head.insertWidget(1, self.metrics)
        self._load_soon = QTimer(self, singleShot=True, interval=LOAD_MS)
        self._load_soon.timeout.connect(loading.begin)
        loading.failed.connect(self._say_in_charts)
        self._build(theme)
        current.changed.connect(self._show_other)
        current.advanced.connect(self._refresh)
        pictures.changed.connect(self._show_predictions)
        theme.changed.connect(self._dress)
        self._show_other()

    def _build(self, theme: Theme) -> None:
        self.switch = Switch(theme, (CONFUSION, SAMPLES))
        self.switch.setObjectName("view_switch")
        self.confusion = ConfusionView(theme)
        self.predictions = PredictionsView(theme)
        self._views = QStackedWidget()
        self._views.addWidget(self.confusion)
        self._views.addWidget(self.predictions)
        self.switch.chosen.connect(self._turn)
        self.confusion.hovered.connect(self._tip)
        self.side = QWidget()
        self.side.setFixedWidth(SIDE_PX)
        column = QVBoxLayout(self.side)
        column.setContentsMargins(10, 0, 14, 0)
        column.setSpacing(4)
        column.addWidget(self.switch)
        column.addWidget(self._views, 1)
        charts = QWidget()
        row = QHBoxLayout(charts)
        row.setContentsMargins(0, 6, 0, 8)
        row.setSpacing(6)
        row.addWidget(self.loss, 1)
        row.addWidget(self.score, 1)
        row.addWidget(self.side)
        self.empty = EmptyView(theme)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(charts)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follower.see(self, is_seen=True)
        self._load_soon.start()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follower.see(self, is_seen=False)

    # What it shows

    def _show_other(self) -> None:
        self._metric = None
        self._dress()

    def _dress(self) -> None:
        """Lines in the colours of the theme."""
        self.loss.show_lines(self._lines("loss"))
        if self._metric is not None:
            self.score.show_lines(self._lines(self._metric), is_percent=is_share(self._metric))
        else:
            self.score.show_lines(())
        self._refresh()

    def _lines(self, name: str) -> tuple[Line, Line]:
        tokens = self._theme.tokens
        is_loss = name == "loss"

        def text(value: float) -> str:
            return figure(name, value)

        train = Line(
            "train",
            tokens.train,
            (lambda: self._of(lambda run: run.smooth.curve)) if is_loss else (lambda: self._figure(f"train_{name}")),
            text,
            raw=(lambda: self._of(lambda run: run.loss)) if is_loss else (lambda: None),
            dots=not is_loss,
        )
        return train, Line("validation", tokens.validation, lambda: self._figure(f"val_{name}"), text, dots=True)

    def _refresh(self) -> None:
        history = self._current.history
        has_points = history is not None and (len(history.loss) > 0 or bool(history.figures))
        self.empty.say(*self._words(history))
        self._stack.setCurrentIndex(1 if has_points else 0)
        if history is None or not has_points or not self.isVisible():
            return
        self.side.setVisible(history.confusion is not None or history.predictions is not None)
        self._follow_metric(history)
        extent = history.extent
        marks = Marks(history.now, tuple(history.drops), history.best, best_line=1)
        self.loss.refresh(self._entries(history, "loss"), marks, extent)
        entries = self._entries(history, self._metric) if self._metric is not None else []
        self.score.refresh(entries, marks, extent)  # both axes are as long, before anything is measured too
        self.confusion.show_matrix(history.confusion)
        self._show_predictions()

    def _words(self, history: History | None) -> tuple[str, str]:
        """What is said where there is no curve yet."""
        if self._current.run is None:
            return NOTHING
        if self._current.is_trained:
            return STARTING
        return FRUITLESS if history is not None and history.started is not None else READING

    def _entries(self, history: History, name: str) -> list[Entry]:
        tokens, entries = self._theme.tokens, []
        train = history.latest(f"train_{name}")
        if name == "loss" and (last := history.smooth.curve.last):
            train = last[1]
        for what, colour, value in (
            ("train", tokens.train, train),
            ("validation", tokens.validation, history.latest(f"val_{name}")),
        ):
            if value is not None:
                entries.append(Entry(colour, f"{what} {figure(name, value)}"))
        curve = history.figures.get(f"val_{name}")
        best = curve.nearest(history.best, 0.5) if curve and history.best is not None else None
        if best is not None:
            told = figure(name, best[1])  # not the figure's own best: one epoch is the best, by one figure
            entries.append(Entry(tokens.validation, f"at best epoch {told}", ring=True, short=told))
        return entries

    def _metric_of(self, history: History | None) -> str | None:
        names = history.names if history else []
        return self._chosen if self._chosen in names else leading(names)

    def _follow_metric(self, history: History) -> None:
        """Draw the leading figure, as soon as it is known which that is."""
        metric = self._metric_of(history)
        self.metrics.offer([name for name in history.names if name != "loss"], metric)
        if metric != self._metric:
            self._metric = metric
            if metric is not None:
                self.score.legend.set_title(titled(metric))
                self.score.show_lines(self._lines(metric), is_percent=is_share(metric))
        if history.confusion or history.predictions:
            self.switch.offer((CONFUSION, SAMPLES) if history.confusion else (SAMPLES,))
            self._turn(self.switch.current)

    def _choose_metric(self, name: str) -> None:
        self._chosen = name
        self._refresh()

    def _show_predictions(self) -> None:
        history = self._current.history
        if history is None or self._current.run is None:
            return
        shown = history.predictions
        names = history.confusion.class_names if history.confusion else ()
        pictures = self._pictures.of(self._current.run, shown.indices) if shown and self._sees_samples() else {}
        self.predictions.show_predictions(shown, names, pictures)

    def _sees_samples(self) -> bool:
        return self.isVisible() and self.switch.current == SAMPLES

    def _turn(self, name: str) -> None:
        view = self.confusion if name == CONFUSION else self.predictions
        self.switch.set_note("validation")
        if self._views.currentWidget() is not view:
            self._views.setCurrentWidget(view)
            self._show_predictions()

    def _tip(self, text: str) -> None:
        if text:
            QToolTip.showText(QCursor.pos() + QPoint(0, 4), text, self.confusion)
        else:
            QToolTip.hideText()

    def _say_in_charts(self, text: str) -> None:
        self.loss.say(text)
        self.score.say("")

    def _of(self, what: Callable[[History], Curve | None]) -> Curve | None:
        history = self._current.history
        return what(history) if history is not None else None

    def _figure(self, name: str) -> Curve | None:
        return self._of(lambda run: run.figures.get(name))
