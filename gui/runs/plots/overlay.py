"""The overlay of a chart: axis texts, marks, the crosshair and the values under it."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.runs.plots.line import Line, Marks
from gui.runs.plots.scale import text as place_text
from gui.runs.plots.visible_range import Range
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.runs.plots.chart import Chart
    from gui.runs.plots.crosshair import Crosshair

DOT_PX, RING_PX = 2.6, 4.5
DOTS_FROM_PX = 18  # least distance of two points that get dots
MAX_LABELS = 6  # with more drops of the learning rate, none is labelled
NEAR = 0.75  # epochs between the crosshair and the point whose value it shows, at most
MAX_NAME_PX = 150
_PAD, _ROW, _SWATCH = 9, 18, 12


class Reading(NamedTuple):
    """The value of one line near the crosshair."""

    colour: str
    name: str
    text: str
    x: float
    y: float


class Overlay(QWidget):
    """Painted over a chart; transparent for the mouse."""

    def __init__(self, chart: "Chart", theme: Theme, crosshair: "Crosshair", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._chart, self._theme, self._crosshair = chart, theme, crosshair
        self.marks = Marks()

    def set_marks(self, marks: Marks) -> None:
        """Replace the marks."""
        if marks != self.marks:
            self.marks = marks
            self.update()

    def follow(self) -> None:
        """Repaint after the crosshair has moved."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self.paint(painter)
        if (place := self._crosshair.place) is not None and self._is_inside(place):
            self._paint_crosshair(painter, place)

    def paint(self, painter: QPainter) -> None:
        """Paint everything except the crosshair."""
        if self._chart.range is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ticks(painter, self._chart.range)
        painter.save()
        painter.setClipRect(self._chart.area.adjusted(-RING_PX - 1, -RING_PX - 1, RING_PX + 1, RING_PX + 1))
        self._paint_places(painter)
        self._paint_points(painter)
        self._paint_best(painter)
        painter.restore()

    def _elided(self, name: str) -> str:
        metrics = QFontMetricsF(self._theme.font("small"))
        return metrics.elidedText(name, Qt.TextElideMode.ElideLeft, MAX_NAME_PX)

    def values(self, place: float) -> "list[Reading]":
        """The values of the lines at an x value."""
        return [
            Reading(line.colour, self._elided(line.name), line.text(point[1]), *point)
            for line in self._chart.lines
            if (point := _point(line, line.scale().epoch(place)))
        ]

    # Axes

    def _paint_ticks(self, painter: QPainter, visible: Range) -> None:
        """Paint the texts of both axes, shifted inwards at the ends."""
        area, metrics = self._chart.area, QFontMetricsF(self._theme.font("small"))
        painter.setFont(self._theme.font("small"))
        painter.setPen(QColor(self._theme.tokens.text_dim))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, text in visible.y_ticks:
            y = area.bottom() - (place - visible.y[0]) / (visible.y[1] - visible.y[0]) * area.height()
            painter.drawText(QRectF(0, y - 10, area.left() - 8, 20), right, text)
        for place, text in visible.x_ticks:
            x = area.left() + (place - visible.x[0]) / (visible.x[1] - visible.x[0]) * area.width()
            half = metrics.horizontalAdvance(text) / 2
            x = min(max(x, half), self.width() - half)
            painter.drawText(QRectF(x - 60, area.bottom() + 3, 120, 18), Qt.AlignmentFlag.AlignHCenter, text)

    # Marks

    def _paint_places(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        drops = [self.marks.at(epoch) for epoch in self.marks.drops]
        for place in drops:
            self._vertical(painter, place, QColor(tokens.text_faint), [1, 3])
        if self.marks.now is not None:
            self._vertical(painter, self.marks.at(self.marks.now), QColor(tokens.text_faint), [3, 3])
        if len(drops) <= MAX_LABELS:
            painter.setFont(self._theme.font("small"))
            painter.setPen(QColor(tokens.text_faint))
            for place in filter(self._is_inside, drops):
                x = self._chart.to_px(place, 1.0).x()
                painter.drawText(QPointF(x + 4, self._chart.area.top() + 11), "lr ↓")

    def _vertical(self, painter: QPainter, place: float, colour: QColor, dashes: list[float]) -> None:
        if not self._is_inside(place):
            return
        area = self._chart.area
        x = round(self._chart.to_px(place, 1.0).x()) + 0.5
        pen = QPen(colour, 1)
        pen.setDashPattern(dashes)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_points(self, painter: QPainter) -> None:
        """Paint dots at single points while there is room; a curve of one point is invisible without."""
        painter.setPen(Qt.PenStyle.NoPen)
        for line in self._chart.lines:
            curve = line.of()
            if not curve or not line.dots:
                continue
            places = line.scale().at(curve.x)
            first, last = (self._chart.to_px(float(x), 1.0).x() for x in (places[0], places[-1]))
            if len(curve) > 1 and (last - first) / (len(curve) - 1) < DOTS_FROM_PX:
                continue
            painter.setBrush(QColor(line.colour))
            for x, y in zip(places.tolist(), curve.y.tolist(), strict=True):
                if y == y and self._is_inside(x):  # noqa: PLR0124 (nan has no place)
                    painter.drawEllipse(self._chart.to_px(x, y), DOT_PX, DOT_PX)

    def _paint_best(self, painter: QPainter) -> None:
        marks = self.marks
        if marks.best is None or not 0 <= marks.best_line < len(self._chart.lines):
            return
        line = self._chart.lines[marks.best_line]
        point = _point(line, marks.best)
        if point is None or not self._is_inside(point[0]):
            return
        painter.setBrush(QColor(self._theme.tokens.window))
        painter.setPen(QPen(QColor(line.colour), 2))
        painter.drawEllipse(self._chart.to_px(*point), RING_PX, RING_PX)

    # The crosshair

    def _paint_crosshair(self, painter: QPainter, place: float) -> None:
        tokens, area = self._theme.tokens, self._chart.area
        x = round(self._chart.to_px(place, 1.0).x()) + 0.5
        painter.setPen(QPen(QColor(tokens.text_dim), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        values = self.values(place)
        painter.setPen(QPen(QColor(tokens.window), 1.5))
        for each in values:
            painter.setBrush(QColor(each.colour))
            painter.drawEllipse(self._chart.to_px(each.x, each.y), 3.5, 3.5)
        self._paint_readout(painter, x, place_text(self._chart.unit, place), values)

    def _paint_readout(self, painter: QPainter, x: float, title: str, values: "list[Reading]") -> None:
        tokens, area = self._theme.tokens, self._chart.area
        metrics = QFontMetricsF(self._theme.font("small"))
        names = max(
            [metrics.horizontalAdvance(title) - _SWATCH, *(metrics.horizontalAdvance(each.name) for each in values)]
        )
        texts = max([0.0, *(metrics.horizontalAdvance(each.text) for each in values)])
        size = QRectF(0, 0, 2 * _PAD + _SWATCH + names + 14 + texts, 2 * 6 + _ROW * (1 + len(values)))
        left = x + 10 if x + 10 + size.width() < self.width() - 2 else x - 10 - size.width()
        box = size.translated(max(2.0, left), min(area.top() + 4, max(0.0, self.height() - size.height() - 2)))
        painter.setPen(QPen(QColor(tokens.edge), 1))
        painter.setBrush(QColor(tokens.popup))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(self._theme.font("small"))
        row = QRectF(box.left() + _PAD, box.top() + 6, box.width() - 2 * _PAD, _ROW)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(tokens.text_dim))
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, title)
        for each in values:
            row.translate(0, _ROW)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(each.colour))
            painter.drawRoundedRect(QRectF(row.left(), row.center().y() - 1.5, 8, 3), 1.5, 1.5)
            painter.setPen(QColor(tokens.text_dim))
            painter.drawText(row.adjusted(_SWATCH, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, each.name)
            painter.setPen(QColor(tokens.text))
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, each.text)

    def _is_inside(self, place: float) -> bool:
        visible = self._chart.range
        return visible is not None and visible.x[0] - 1e-9 <= place <= visible.x[1] + 1e-9


def _point(line: Line, epoch: float) -> tuple[float, float] | None:
    """The point of a line near an epoch, in units of the axes."""
    import numpy as np

    curve = line.of()
    point = curve.nearest(epoch, NEAR) if curve else None
    return (float(line.scale().at(np.array([point[0]]))[0]), point[1]) if point else None
