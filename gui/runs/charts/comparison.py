"""The curves of the chosen runs over each other: validation solid, training dashed, one colour a run."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.runs.charts.metric_menu import MetricMenu
from gui.runs.following.curve import Curve
from gui.runs.following.follow import Follower
from gui.runs.following.history import History
from gui.runs.following.loading import Loading
from gui.runs.naming import short_names
from gui.runs.plots.card import ChartCard
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.legend import Entry
from gui.runs.plots.line import Line, Marks
from gui.runs.words import figure, is_share, leading, titled
from gui.theme import Theme

Of = Callable[[], Curve | None]


class Comparison(QWidget):
    """Loss and the leading figure of up to as many runs as there are colours; a single one as in the live panel."""

    def __init__(self, follower: Follower, loading: Loading, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self._follower, self._theme = follower, theme
        self._colours: Mapping[Path, str] = {}
        self._metric: str | None = None
        self._chosen: str | None = None
        self._names: list[str] = []
        crosshair = Crosshair(self)
        self.loss = ChartCard(theme, loading, crosshair, "Loss")
        self.score = ChartCard(theme, loading, crosshair, "Accuracy")
        self.metrics = MetricMenu()
        self.metrics.chosen.connect(self._choose)
        self.score.head.insertWidget(1, self.metrics)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(6)
        row.addWidget(self.loss, 1)
        row.addWidget(self.score, 1)
        follower.advanced.connect(self._advanced)
        follower.again.connect(self._advanced)

    @property
    def runs(self) -> list[Path]:
        """The runs that are compared."""
        return list(self._colours)

    def show_runs(self, colours: Mapping[Path, str]) -> None:
        """Compare these runs, each in its colour."""
        if colours == self._colours:
            return
        before, self._colours = self._colours, dict(colours)
        for run in colours:
            if run not in before:
                self._follower.follow(run)
        for run in before:
            if run not in colours:
                self._follower.leave(run)
        self._metric, self._names = None, []
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follower.see(self, is_seen=True)
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follower.see(self, is_seen=False)

    def _advanced(self, history: History) -> None:
        if history.path in self._colours and self.isVisible():
            self._refresh()

    def _choose(self, name: str) -> None:
        self._chosen = name
        self._refresh()

    def _draw(self) -> None:
        self.loss.show_lines(self._lines("loss"))
        if self._metric is not None:
            self.score.show_lines(self._lines(self._metric), is_percent=is_share(self._metric))
        self._refresh()

    def _refresh(self) -> None:
        histories = self._histories()
        if not self.isVisible() or not histories:
            return
        self._follow_metric(histories)
        extent = max(each.extent for each in histories)
        marks = _marks(histories[0]) if len(histories) == 1 else Marks()
        self.loss.refresh(self._entries(histories, "loss"), marks, extent)
        self.score.say("" if self._metric else "Nothing but the loss was measured.")
        if self._metric is not None:
            self.score.refresh(self._entries(histories, self._metric), marks, extent)

    def _follow_metric(self, histories: list[History]) -> None:
        names = list(dict.fromkeys(name for each in histories for name in each.names))
        metric = self._chosen if self._chosen in names else leading(names)
        self.metrics.offer([name for name in names if name != "loss"], metric)
        if metric != self._metric:
            self._metric = metric
            if metric is not None:
                self.score.legend.set_title(titled(metric))
                self.score.show_lines(self._lines(metric), is_percent=is_share(metric))

    def _histories(self) -> list[History]:
        return [history for run in self._colours if (history := self._follower.history(run))]

    # Lines

    def _lines(self, name: str) -> list[Line]:
        tokens, runs = self._theme.tokens, self.runs
        if len(runs) == 1:
            return [
                self._line(runs[0], name, "train", "train", tokens.train, has_raw=True),
                self._line(runs[0], name, "val", "validation", tokens.validation),
            ]
        titles = short_names(runs)
        lines = []
        for run, colour in self._colours.items():
            lines.append(self._line(run, name, "train", f"{titles[run]} train", colour, dashed=True))
            lines.append(self._line(run, name, "val", titles[run], colour))
        return lines

    def _line(
        self, run: Path, name: str, part: str, title: str, colour: str, *, dashed: bool = False, has_raw: bool = False
    ) -> Line:
        is_steps = name == "loss" and part == "train"

        def of() -> Curve | None:
            history = self._follower.history(run)
            if history is None:
                return None
            return history.smooth.curve if is_steps else history.figures.get(f"{part}_{name}")

        def raw() -> Curve | None:
            history = self._follower.history(run)
            return history.loss if history and has_raw and is_steps else None

        return Line(title, colour, of, lambda value: figure(name, value), raw, dashed=dashed, dots=not is_steps)

    def _entries(self, histories: list[History], name: str) -> list[Entry]:
        tokens = self._theme.tokens
        if len(histories) == 1:
            train = histories[0].smooth.curve.last if name == "loss" else None  # what the curve shows
            values = [
                (tokens.train, "train", train[1] if train else histories[0].latest(f"train_{name}")),
                (tokens.validation, "validation", histories[0].latest(f"val_{name}")),
            ]
            return [
                Entry(colour, f"{title} {figure(name, value)}", short=figure(name, value))
                for colour, title, value in values
                if value is not None
            ]
        titles = short_names(self.runs)
        entries = []
        for history in histories:
            value = history.latest(f"val_{name}")
            told = "" if value is None else figure(name, value)
            text = f"{titles[history.path]} {told}".strip()
            entries.append(Entry(self._colours[history.path], text, short=told))
        return [*entries, Entry(tokens.text_faint, "training", dashed=True)]


def _marks(history: History) -> Marks:
    return Marks(history.now, tuple(history.drops), history.best, best_line=1)
