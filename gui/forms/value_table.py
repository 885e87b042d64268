"""Read-only names and values, the last with a small chart of its history."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QWidget,
)

from gui.forms.form import form_grid
from gui.theme import Theme


class ValueTable(QWidget):
    """Read-only names and values. ``aligned``: in line with the fields of a form."""

    def __init__(self, theme: Theme, *, aligned: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self._grid: QGridLayout = form_grid(self)
        if not aligned:
            self._grid.setColumnMinimumWidth(0, 0)
            self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(5)
        self._names: list[QLabel] = []
        self.values: list[QLabel] = []
        self.spark = Spark(theme, self)

    def show_values(self, values: Sequence[tuple[str, str]], series: Sequence[float] = ()) -> None:
        """Show names and values; ``series``: the history of the last value, drawn beside it."""
        while len(self._names) < len(values):
            name, value = QLabel(), QLabel()
            name.setProperty("voice", "dim")
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            at = len(self._names)
            self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, at, 1)
            self._names.append(name)
            self.values.append(value)
        for at, (name, value) in enumerate(zip(self._names, self.values, strict=True)):
            name.setVisible(at < len(values))
            value.setVisible(at < len(values))
            if at < len(values):
                name.setText(values[at][0])
                value.setText(values[at][1])
                value.setAccessibleName(f"{values[at][0]} {values[at][1]}")
        self.spark.show_series(series)
        if series:
            self._grid.addWidget(self.spark, len(values) - 1, 1, Qt.AlignmentFlag.AlignRight)
        self.spark.setVisible(bool(series))
        self.setVisible(bool(values))


class Spark(QWidget):
    """The latest values of a series as small bars."""

    BARS = 12

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._series: tuple[float, ...] = ()
        self.setFixedSize(56, 14)  # beside the number in the narrowest inspector

    def show_series(self, series: Sequence[float]) -> None:
        """Draw a series, the latest value at the right."""
        latest = tuple(series[-self.BARS :])
        if latest != self._series:
            self._series = latest
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._series:
            return
        painter = QPainter(self)
        top = max(self._series) or 1.0
        width = self.width() / self.BARS
        for at, value in enumerate(self._series, self.BARS - len(self._series)):
            height = max(1.5, value / top * self.height())
            painter.fillRect(QRectF(at * width, self.height() - height, width, height), self._theme.colour("good"))
        painter.end()
