"""A chart with its heading and its switches; while there is nothing to draw, it says what will be here."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from gui.runs.following.loading import Loading
from gui.runs.plots.chart import Chart
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.legend import Entry, Legend
from gui.runs.plots.line import Line, Marks
from gui.theme import Theme


class ChartCard(QWidget):
    """The chart itself is made when pyqtgraph is there; what was to be drawn by then is drawn."""

    log_changed = Signal(bool)

    def __init__(
        self, theme: Theme, loading: Loading, crosshair: Crosshair, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._loading, self._crosshair = theme, loading, crosshair
        self.legend = Legend(theme, title)
        self.chart: Chart | None = None
        self._lines: tuple[Line, ...] = ()
        self._marks = Marks()
        self._extent, self._is_percent = 1.0, False
        self.log = QToolButton()
        self.log.setObjectName("log_axis")
        self.log.setText("log")
        self.log.setCheckable(True)
        self.log.setProperty("role", "crumb")
        self.log.setToolTip("Count the axis in powers of ten")
        self.log.setAccessibleName(f"Logarithmic axis for {title.lower()}")
        self.log.toggled.connect(self._set_log)
        self._empty = QLabel()
        self._empty.setProperty("voice", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(14, 0, 6, 0)
        self.head.setSpacing(2)
        self.head.addWidget(self.legend, 1)
        self.head.addWidget(self.log)
        self._body = QStackedLayout()
        self._body.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self.head)
        column.addLayout(self._body, 1)
        loading.ready.connect(self._make)
        if loading.is_ready:
            self._make()

    def say(self, text: str) -> None:
        """Show words in the place of the chart; empty: the chart."""
        self._empty.setText(text)
        self.log.setVisible(not text)
        self._body.setCurrentIndex(1 if self.chart is not None and not text else 0)

    def show_lines(self, lines: Sequence[Line], *, is_percent: bool = False) -> None:
        """Draw these from now on."""
        self._lines, self._is_percent = tuple(lines), is_percent
        if self.chart is not None:
            self.chart.is_percent = is_percent
            self.chart.set_lines(self._lines)

    def refresh(self, entries: Sequence[Entry], marks: Marks, extent: float) -> None:
        """The lines have grown."""
        self.legend.set_entries(tuple(entries))
        self._marks, self._extent = marks, extent
        if self.chart is not None:
            self.chart.set_extent(extent)
            self.chart.set_marks(marks)
            self.chart.refresh()

    def _make(self) -> None:
        self.chart = Chart(self._theme, self._crosshair)
        self._body.addWidget(self.chart)
        self.chart.is_percent = self._is_percent
        self.chart.set_extent(self._extent)
        self.chart.set_marks(self._marks)
        self.chart.set_lines(self._lines)
        self.chart.set_log(is_log=self.log.isChecked())
        self.say(self._empty.text())

    def _set_log(self, is_log: bool) -> None:
        if self.chart is not None:
            self.chart.set_log(is_log=is_log)
        self.log_changed.emit(is_log)
