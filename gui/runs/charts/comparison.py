"""Two charts with the curves of several runs: validation solid, training dashed, one colour per run."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.formatting.run_text import is_share
from gui.preferences.preferences import Preferences
from gui.runs.charts.loss_lines import LOSSES
from gui.runs.charts.metric_menu import MetricMenu
from gui.runs.charts.run_caption import RunCaption
from gui.runs.charts.run_lines import LOSS, RunLines, drawable_names, heading, second_name
from gui.runs.charts.smoothing_button import SmoothingButton
from gui.runs.context.run_context import RunContext
from gui.runs.curve_data.history import History
from gui.runs.known_runs.short_names import short_names
from gui.runs.plots.chart_card import UNIT_NAMES, ChartCard
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.line import Marks
from gui.runs.plots.scale import UNITS, extent_of
from gui.theme import Theme
from gui.widgets.heading_choice import Switch

NO_METRIC = "No metric but the loss was measured."


class Comparison(QWidget):
    """The loss and the leading metric of the runs, unless the user chooses other metrics; at most one run per colour.

    ``part_colours``: gives the colour of training and validation curves, where only one run is shown.
    """

    def __init__(
        self,
        runs: RunContext,
        settings: Preferences,
        theme: Theme,
        *,
        part_colours: Callable[[str], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self._part_colours = part_colours
        self._inventory, self._follower, self._settings, self._theme = runs.inventory, runs.follower, settings, theme
        self._colours: Mapping[Path, str] = {}
        self._choices: dict[ChartCard, str | None] = {}
        self._drawn_names: dict[ChartCard, str | None] = {}  # empty: the lines are out of date
        self._run_lines = RunLines(runs.follower, self._colour, lambda: theme.tokens)
        self.caption = RunCaption(runs.changes, theme)
        self.unit = Switch(theme, tuple(UNIT_NAMES.values()))
        self.unit.setObjectName("axis_switch")
        self.unit.current_changed.connect(self._choose_unit)
        crosshair = Crosshair(self)
        self.first = ChartCard(theme, runs.plot_loader, crosshair, "Loss")
        self.second = ChartCard(theme, runs.plot_loader, crosshair, "Accuracy")
        self.first.setObjectName("first_chart")
        self.second.setObjectName("second_chart")
        self.menus = {card: self._menu(card) for card in (self.first, self.second)}
        self.smoothing = SmoothingButton(runs.follower)
        self.first.head.insertWidget(2, self.smoothing)
        self._build()
        settings.changed.connect(lambda name: self._turn_axis() if name == "run_axis" else None)
        runs.follower.advanced.connect(self._advanced)
        runs.follower.restarted.connect(self._advanced)
        runs.inventory.changed.connect(self._name)
        self._turn_axis()

    def _menu(self, card: ChartCard) -> MetricMenu:
        menu = MetricMenu()
        self._choices[card], self._drawn_names[card] = None, ""
        menu.activated.connect(lambda name: self._choose(card, name))
        card.head.insertWidget(1, menu)
        card.unit_wanted.connect(lambda unit: self._settings.set("run_axis", unit))
        return menu

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 10, 0)
        head.setSpacing(12)
        head.addWidget(self.caption, 1)
        head.addWidget(self.unit)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.first, 1)
        row.addWidget(self.second, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(row, 1)

    def _colour(self, run: Path, part: str) -> str:
        return self._part_colours(part) if self._part_colours else self._colours[run]

    @property
    def runs(self) -> list[Path]:
        """The compared runs."""
        return list(self._colours)

    @property
    def titles(self) -> dict[Path, str]:
        """A short name for each run."""
        names = {run: entry.summary.name for run in self._colours if (entry := self._inventory.find(run))}
        return short_names(self.runs, names)

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
                self._follower.unfollow(run)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follower.set_in_view(self, is_visible=True)
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follower.set_in_view(self, is_visible=False)

    def _advanced(self, history: History) -> None:
        if history.path in self._colours and self.isVisible():
            self._refresh()

    def _choose(self, card: ChartCard, name: str) -> None:
        self._choices[card] = name
        self._refresh()

    def _choose_unit(self, name: str) -> None:
        self._settings.set("run_axis", next(unit for unit, text in UNIT_NAMES.items() if text == name))

    def _turn_axis(self) -> None:
        unit = self._settings.values.run_axis
        self._run_lines.unit = unit if unit in UNITS else "epoch"
        self.unit.choose(UNIT_NAMES[self._run_lines.unit])
        for card in self.menus:
            card.set_unit(self._run_lines.unit)
        self._refresh()

    def _name(self) -> None:
        """Update the names of the runs."""
        if self.caption.name != self._name_of_all():
            self._draw()

    def _name_of_all(self) -> str:
        return next(iter(self.titles.values())) if len(self._colours) == 1 else f"{len(self._colours)} runs"

    def _draw(self) -> None:
        """Draw all lines again."""
        self._drawn_names = dict.fromkeys(self.menus, "")
        colours = list(self._colours.values())
        is_one = len(colours) == 1 and self._part_colours is None
        self.caption.show_runs(self.titles, colours[0] if is_one else "")
        self._refresh()

    def _refresh(self) -> None:
        histories = [history for run in self._colours if (history := self._follower.history(run))]
        if not self.isVisible() or not histories:
            return
        names = drawable_names(histories)
        first = self._choices[self.first]
        self._show(self.first, first if first in names else self._usual(names), names, histories)
        self._show(self.second, second_name(histories, self._choices[self.second]), names, histories)

    def _usual(self, names: list[str]) -> str:
        """The default of the first chart: in the live panel, all losses of the run."""
        return LOSSES if self._part_colours and LOSSES in names else LOSS

    def _show(self, card: ChartCard, name: str | None, names: list[str], histories: list[History]) -> None:
        self.menus[card].offer(names, name)
        card.say(NO_METRIC if name is None and all(each.is_over for each in histories) else "")
        titles = self.titles if len(histories) > 1 else dict.fromkeys(self._colours, "")
        if name != self._drawn_names[card]:
            self._drawn_names[card] = name
            card.set_title(heading(name or "accuracy"))
            lines = self._run_lines.lines(name, titles) if name else ()
            card.show_lines(lines, is_percent=bool(name and is_share(name)))
        card.caption = f"{self.caption.name} · by {self._run_lines.unit}"
        marks = self._run_lines.marks(name, histories[0]) if len(histories) == 1 else Marks()
        extent = max(extent_of(each, self._run_lines.unit) for each in histories)
        entries = self._run_lines.entries(name, titles, self._theme.tokens.text_faint) if name else []
        card.refresh(entries, marks, extent)
