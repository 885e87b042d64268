"""The samples as points or curves."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QResizeEvent

from engine.protocol.data_answers import FieldShown, SampleShown
from gui.data.field_text import Names, field_text, value_text
from gui.data.paint_area import PaintArea
from gui.theme import Theme

DOT_PX, FEW, FEW_DOT_PX = 5.0, 60, 9.0  # few points are drawn larger
LEFT_PX, BOTTOM_PX, EDGE_PX = 44, 30, 10
MAX_NUMBERS = 4  # of another field, which the text below a curve has room for
PAD = 0.04  # of the range, free around the points


class Dot(NamedTuple):
    """A sample as a point; ``group`` selects its colour."""

    x: float
    y: float
    group: str
    description: str


class Scatter(PaintArea):
    """Samples as points: two features coloured by class, or a feature and its target."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Samples as points")
        self.dots: list[Dot] = []
        self.axes = ("", "")
        self._low, self._high = QPointF(), QPointF()

    def show_samples(self, samples: Sequence[SampleShown], names: Names) -> None:
        """Show samples."""
        self.dots = [_dot(sample) for sample in samples]
        self.axes = _axes(samples[0]["fields"], names) if samples else ("", "")
        xs, ys = [dot.x for dot in self.dots] or [0.0], [dot.y for dot in self.dots] or [0.0]
        pad_x, pad_y = ((max(values) - min(values)) * PAD or 1.0 for values in (xs, ys))
        self._low = QPointF(min(xs) - pad_x, min(ys) - pad_y)
        self._high = QPointF(max(xs) + pad_x, max(ys) + pad_y)
        self.current = -1
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 220)

    def item_count(self) -> int:
        return len(self.dots)

    def description(self, at: int) -> str:
        return self.dots[at].description

    @property
    def groups(self) -> list[str]:
        """The classes, sorted."""
        return sorted({dot.group for dot in self.dots if dot.group})

    @property
    def _room(self) -> QRectF:
        top = EDGE_PX + (18 if self.groups else 0)
        return QRectF(LEFT_PX, top, self.width() - LEFT_PX - EDGE_PX, self.height() - top - BOTTOM_PX - 8)

    def _point(self, dot: Dot) -> QPointF:
        room = self._room
        across = (dot.x - self._low.x()) / ((self._high.x() - self._low.x()) or 1.0)
        up = (dot.y - self._low.y()) / ((self._high.y() - self._low.y()) or 1.0)
        return QPointF(room.left() + across * room.width(), room.bottom() - up * room.height())

    def item_rect(self, at: int) -> QRectF:
        point = self._point(self.dots[at])
        return QRectF(point.x() - 7, point.y() - 7, 14, 14)

    def colour(self, group: str) -> QColor:
        """The colour of a class."""
        series = self.theme.tokens.series
        return QColor(series[self.groups.index(group) % len(series)] if group else self.theme.tokens.train)

    def draw(self, painter: QPainter) -> None:
        self._draw_axes(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        groups, side = self.groups, DOT_PX if len(self.dots) > FEW else FEW_DOT_PX
        for dot in self.dots:
            colour = self.colour(dot.group)
            colour.setAlphaF(0.75)
            painter.setBrush(colour)
            point = self._point(dot)
            if groups and groups.index(dot.group) % 2:  # the shape tells classes apart, too
                painter.drawRect(QRectF(point.x() - side / 2, point.y() - side / 2, side, side))
            else:
                painter.drawEllipse(point, side / 2 + 0.3, side / 2 + 0.3)

    def _draw_axes(self, painter: QPainter) -> None:
        room, theme = self._room, self.theme
        painter.setFont(theme.font("small"))
        for value in ticks(self._low.x(), self._high.x(), max(2, int(room.width() / 90))):
            x = self._point(Dot(value, self._low.y(), "", "")).x()
            painter.setPen(theme.colour("plot_grid"))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            painter.setPen(theme.colour("text_dim"))
            middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRectF(x - 30, room.bottom() + 4, 60, 16), middle, f"{value:g}")
        for value in ticks(self._low.y(), self._high.y(), max(2, int(room.height() / 60))):
            y = self._point(Dot(self._low.x(), value, "", "")).y()
            painter.setPen(theme.colour("plot_grid"))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(theme.colour("text_dim"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, LEFT_PX - 6, 16), right, f"{value:g}")
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(QRectF(room.left(), room.bottom() + 19, room.width(), 16), middle, self._title)
        self._draw_key(painter)

    @property
    def _title(self) -> str:
        return f"{self.axes[0]} across, {self.axes[1]} up"

    def _draw_key(self, painter: QPainter) -> None:
        left = float(LEFT_PX)
        for group in self.groups[:8]:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour(group))
            painter.drawEllipse(QPointF(left + 4, EDGE_PX + 1), 4, 4)
            painter.setPen(self.theme.colour("text_dim"))
            width = painter.fontMetrics().horizontalAdvance(group)
            painter.drawText(QRectF(left + 13, EDGE_PX - 7, width + 4, 16), Qt.AlignmentFlag.AlignVCenter, group)
            left += width + 30


class Curves(PaintArea):
    """Each sample as a small curve, with a line for each channel."""

    CELL = QSize(180, 96)
    GAP_PX = 12

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Samples as curves")
        self.curves: list[tuple[list[list[float]], str, str]] = []  # channels, text, description

    def show_samples(self, samples: Sequence[SampleShown], names: Names) -> None:
        """Show samples."""
        del names
        self.curves = [_curve(sample) for sample in samples]
        self.current = -1
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()
        self.update()

    def item_count(self) -> int:
        return len(self.curves)

    def description(self, at: int) -> str:
        return self.curves[at][2]

    @property
    def items_per_row(self) -> int:
        return max(1, (self.width() + self.GAP_PX) // (self.CELL.width() + self.GAP_PX))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        per_row = max(1, (width + self.GAP_PX) // (self.CELL.width() + self.GAP_PX))
        return -(-len(self.curves) // per_row) * (self.CELL.height() + self.GAP_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def item_rect(self, at: int) -> QRectF:
        row, column = divmod(at, self.items_per_row)
        width, height = self.CELL.width(), self.CELL.height()
        return QRectF(column * (width + self.GAP_PX), row * (height + self.GAP_PX), width, height)

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self.theme.font("small"))
        for at, (channels, text, _) in enumerate(self.curves):
            rect = self.item_rect(at)
            painter.setPen(self.theme.colour("line"))
            painter.setBrush(self.theme.colour("code"))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            room = rect.adjusted(8, 8, -8, -22)
            values = [value for channel in channels for value in channel] or [0.0]
            low, span = min(values), (max(values) - min(values)) or 1.0
            for number, channel in enumerate(channels):
                painter.setPen(QPen(QColor(self.theme.tokens.series[number % len(self.theme.tokens.series)]), 1.3))
                step = room.width() / max(1, len(channel) - 1)
                heights = (room.bottom() - (value - low) / span * room.height() for value in channel)
                painter.drawPolyline(QPolygonF([QPointF(room.left() + n * step, y) for n, y in enumerate(heights)]))
            painter.setPen(self.theme.colour("text_dim"))
            below = QRectF(rect.left() + 8, rect.bottom() - 19, rect.width() - 16, 16)
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two bounds, about ``most`` at most."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [float(f"{each * step:.10g}") for each in range(first, math.floor(high / step + 1e-9) + 1)]


def _axes(fields: Mapping[str, FieldShown], names: Names) -> tuple[str, str]:
    first, second = (*fields, "", "")[:2]
    first_names = names.get(first, ())
    if len(first_names) == 2:
        return first_names[0], first_names[1]
    if len(first_names) == 1:
        return first_names[0], second
    return (f"{first}[0]", f"{first}[1]") if len(fields[first].get("values", ())) == 2 else (first, second)


def _dot(sample: SampleShown) -> Dot:
    fields: Mapping[str, FieldShown] = sample["fields"]
    numbers = [float(value) for each in fields.values() for value in each.get("values", ())[:2]]
    group = next((str(each["class"]) for each in fields.values() if "class" in each), "")
    x, y = (*numbers, 0.0, 0.0)[:2]
    values = ", ".join(f"{name} {field_text(each)}" for name, each in fields.items())
    return Dot(x, y, group, f"sample {sample['row']}: {values}")


def _curve(sample: SampleShown) -> tuple[list[list[float]], str, str]:
    fields: Mapping[str, FieldShown] = sample["fields"]
    longest = max(fields, key=lambda name: len(fields[name].get("values", ())))
    values = [float(value) for value in fields[longest].get("values", ())]
    shape = fields[longest].get("shape", [len(values)])
    rest = ", ".join(field_text(each) for name, each in fields.items() if name != longest)
    description = f"sample {sample['row']}: {rest}"
    has_curves = any(len(fields[name].get("values", ())) > MAX_NUMBERS for name in fields if name != longest)
    text = str(sample["place"]) if has_curves else rest or value_text(sample["row"])
    return channels_of(values, shape), text, description


def channels_of(values: list[float], shape: Sequence[int]) -> list[list[float]]:
    """The lines to draw for a sample of this shape: the longest axis is time, the other one the channels."""
    if len(shape) != 2 or 1 in shape:
        return [values]
    rows, columns = shape
    if rows >= columns:  # time first
        return [values[at::columns] for at in range(min(columns, 6))]
    return [values[at * columns : (at + 1) * columns] for at in range(min(rows, 6)) if values[at * columns :]]
