"""A chart with its legend and its buttons, or a text in place of the chart."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from gui.actions.menu import add_choices
from gui.runs.curve_data.library_loader import PlotLoader
from gui.runs.plots.chart import Chart
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.legend import Entry, Legend
from gui.runs.plots.line import Line, Marks
from gui.runs.plots.scale import UNITS, Unit
from gui.theme import Theme

LOG_FROM_PX = 440  # narrower cards hide the button for the logarithmic axis, which the menu has as well
_SMALL_PX = 24
UNIT_NAMES: dict[Unit, str] = {"epoch": "Epochs", "step": "Steps", "time": "Time"}


class ChartCard(QWidget):
    """Creates the chart when pyqtgraph has been loaded, with the lines and marks set by then.

    ``caption`` names the runs in pictures. ``save_wanted`` carries the suffix of the file.
    """

    log_changed = Signal(bool)
    unit_wanted = Signal(str)
    save_wanted = Signal(str)
    copy_wanted = Signal()

    def __init__(
        self, theme: Theme, plot_loader: PlotLoader, crosshair: Crosshair, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme, self._plot_loader, self._crosshair = theme, plot_loader, crosshair
        self.legend, self.names = Legend(theme, title), Legend(theme, "")  # the latter for names that need a line
        self.chart: Chart | None = None
        self.caption = ""
        self._lines: tuple[Line, ...] = ()
        self._marks = Marks()
        self._extent, self._is_percent = 1.0, False
        self._unit: Unit = "epoch"
        self.log = _tool("log_axis", "log", "Logarithmic scale")
        self.log.setCheckable(True)
        self.log.toggled.connect(self._set_log)
        self.more = _tool("chart_more", "···", "Save as a picture, and choose the unit of the axis")
        self.more.setFixedWidth(_SMALL_PX)
        self.more.clicked.connect(lambda: self.open_menu(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.menu = QMenu(self)
        self.menu.setObjectName("chart_menu")
        self.menu.aboutToShow.connect(self._fill_menu)
        self._name()
        self._empty = QLabel()
        self._empty.setProperty("voice", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(14, 0, 6, 0)
        self.head.setSpacing(2)
        self.head.addWidget(self.legend, 1)
        self.head.addWidget(self.log)
        self.head.addWidget(self.more)
        self._body = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self.head)
        line = QHBoxLayout()
        line.setContentsMargins(14, 0, 6, 0)
        line.addWidget(self.names)
        column.addLayout(line)
        self.names.hide()
        column.addLayout(self._body, 1)
        self._body.addWidget(
            self._empty
        )  # last: the first page is shown at once, as a window of its own if it has no parent
        plot_loader.then(self._make)

    def set_title(self, title: str) -> None:
        """Name the chart."""
        self.legend.set_title(title)
        self._name()

    def say(self, text: str) -> None:
        """Show a text in place of the chart; an empty one shows the chart."""
        self._empty.setText(text)
        self.more.setVisible(not text)
        self._show_log()
        self._body.setCurrentIndex(1 if self.chart is not None and not text else 0)

    def show_lines(self, lines: Sequence[Line], *, is_percent: bool = False) -> None:
        """Replace the lines."""
        self._lines, self._is_percent = tuple(lines), is_percent
        if self.chart is not None:
            self.chart.is_percent = is_percent
            self.chart.set_lines(self._lines)

    def set_unit(self, unit: Unit) -> None:
        """Set the unit of the x axis, from the next refresh on."""
        self._unit = unit
        if self.chart is not None:
            self.chart.set_unit(unit)

    def refresh(self, entries: Sequence[Entry], marks: Marks, extent: float) -> None:
        """Draw what was added to the lines, with these entries and marks."""
        self.legend.set_entries(tuple(entries))
        self._show_names()
        self._marks, self._extent = marks, extent
        if self.chart is not None:
            self.chart.set_extent(extent)
            self.chart.set_marks(marks)
            self.chart.refresh()

    def open_menu(self, place: QPoint) -> None:
        """Open the menu at a global position."""
        self.menu.popup(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_log()
        self._show_names()

    def _show_log(self) -> None:
        self.log.setVisible(not self._empty.text() and self.width() >= LOG_FROM_PX)

    def _show_names(self) -> None:
        """Give the names of the curves a line of their own where they do not fit beside the title."""
        is_full = not self.legend.names_fit(self.legend.width())
        self.names.set_entries(self.legend.entries if is_full else ())
        if is_full is not self.legend.is_title_only:
            self.legend.is_title_only = is_full
            self.names.setVisible(is_full)
            self.legend.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._empty.text():
            self.open_menu(event.globalPos())
        event.accept()

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.clear()
        menu.addAction("Save as PNG...").triggered.connect(lambda: self.save_wanted.emit("png"))
        menu.addAction("Save as SVG...").triggered.connect(lambda: self.save_wanted.emit("svg"))
        menu.addAction("Copy as a picture").triggered.connect(self.copy_wanted)
        menu.addSeparator()
        add_choices(menu, {unit: f"By {unit}" for unit in UNITS}, self._unit, self.unit_wanted.emit)
        menu.addSeparator()
        log = menu.addAction("Logarithmic scale")
        log.setCheckable(True)
        log.setChecked(self.log.isChecked())
        log.toggled.connect(self.log.setChecked)
        if self.chart is not None:
            menu.addAction("Show the whole curves").triggered.connect(self.chart.show_all)

    def _make(self) -> None:
        self.chart = Chart(self.theme, self._crosshair)
        self._body.addWidget(self.chart)
        self.chart.is_percent = self._is_percent
        self.chart.set_unit(self._unit)
        self.chart.set_extent(self._extent)
        self.chart.set_marks(self._marks)
        self.chart.set_lines(self._lines)
        self.chart.set_log(is_log=self.log.isChecked())
        self.say(self._empty.text())

    def _name(self) -> None:
        title = self.legend.title.lower()
        self.log.setAccessibleName(f"Logarithmic axis for {title}")
        self.more.setAccessibleName(f"More about the chart of {title}")

    def _set_log(self, is_log: bool) -> None:
        if self.chart is not None:
            self.chart.set_log(is_log=is_log)
        self.log_changed.emit(is_log)


def _tool(name: str, text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setProperty("role", "crumb")
    button.setToolTip(tip)
    return button
