"""From layers to positions: columns from left to right, a long chain in several rows that fit the canvas."""

from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt
from statistics import mean
from typing import NamedTuple

from engine.graph.arrange.groups import Unit, passing_values, units
from engine.graph.arrange.layered_graph import Net
from engine.graph.stepwise import Steps

COLUMN_GAP_PX = 100.0  # between layers: room for the shape of a batch of images on the wire
ROW_GAP_PX = 88.0
EVEN = 0.3  # the bonus for rows of equal length, as a share of the zoom
SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.35, 1.5, 1.7, 2.0)  # of the estimated columns, to try

Point = tuple[float, float]


class Column(NamedTuple):
    """The place of a layer: its left side, its width, and how far its boxes are moved down."""

    x: float
    width: float
    dy: float


@dataclass(slots=True)
class Layout:
    """``corners``: the top left of each node. ``height``: that of the whole layout."""

    corners: dict[str, Point] = field(default_factory=dict)
    height: float = 0.0


class Sizes:
    """The width of each layer, its top and its bottom."""

    def __init__(self, net: Net, tops: list[float]) -> None:
        self.widths = [max((net.widths[box] for box in layer), default=0.0) for layer in net.layers]
        self.tops = [min(tops[box] for box in layer) for layer in net.layers]
        self.feet = [max(tops[box] + net.heights[box] for box in layer) for layer in net.layers]
        self.passing = passing_values(net)
        self._ends = list(accumulate((width + COLUMN_GAP_PX for width in self.widths), initial=0.0))

    def across(self, unit: Unit) -> float:
        """The width of neighbouring layers together."""
        first, end = unit
        return self._ends[end] - self._ends[first] - COLUMN_GAP_PX

    def down(self, unit: Unit) -> float:
        """Their height."""
        first, end = unit
        return max(self.feet[first:end]) - min(self.tops[first:end])

    def area(self, rows: list[Unit]) -> tuple[float, float]:
        """The width and height of several rows of layers."""
        return (
            max(self.across(row) for row in rows),
            sum(self.down(row) for row in rows) + ROW_GAP_PX * (len(rows) - 1),
        )


def layout_of(net: Net, tops: list[float], wrap_width: float | None, room: tuple[float, float] | None) -> Steps[Layout]:
    """Positions from (0, 0). ``tops``: the heights of all boxes; see `engine.graph.arrange.layout` for the others."""
    sizes = Sizes(net, tops)
    whole = (0, len(net.layers))
    if room is not None and net.layers:
        rows = yield from _rows_for(sizes, room)
    else:
        rows = [whole] if wrap_width is None else _rows(sizes, wrap_width)
    columns: list[Column] = []
    layout = Layout(height=-ROW_GAP_PX)
    for first, end in rows:
        dy = layout.height + ROW_GAP_PX - min(sizes.tops[first:end])
        widths = sizes.widths[first:end]
        lefts = accumulate((width + COLUMN_GAP_PX for width in widths), initial=0.0)
        columns += [Column(x, width, dy) for x, width in zip(lefts, widths, strict=False)]
        layout.height = max(sizes.feet[first:end]) + dy
    for layer, column in zip(net.layers, columns, strict=True):
        for box in layer:
            if box < net.real:
                x = column.x + (column.width - net.widths[box]) / 2
                layout.corners[net.names[box]] = x, tops[box] + column.dy
    return layout


def _rows(sizes: Sizes, width: float) -> list[Unit]:
    """Units side by side, as many as fit into each row."""
    rows: list[Unit] = []
    for first, end in units(sizes.passing, sizes.across, width):
        if rows and sizes.across((rows[-1][0], end)) <= width:
            rows[-1] = (rows[-1][0], end)
        else:
            rows.append((first, end))
    return rows


def _rows_for(sizes: Sizes, room: tuple[float, float]) -> Steps[list[Unit]]:
    """The rows that allow the largest zoom, and are about equally long."""

    def worth(rows: list[Unit]) -> float:
        across, down = sizes.area(rows)
        fill_share = sum(sizes.across(row) for row in rows) / (len(rows) * across)
        return min(1.0, room[0] / across, room[1] / down) * (1 + EVEN * fill_share)

    best = [(0, len(sizes.widths))]
    if sizes.across(best[0]) > room[0] or sizes.down(best[0]) > room[1]:
        for width in _widths(sizes, room):
            best = max(best, _rows(sizes, width), key=worth)
            yield
    return best


def _widths(sizes: Sizes, room: tuple[float, float]) -> list[float]:
    """Widths of rows to try, near that of rows in the shape of the room, the widest first."""
    count = len(sizes.widths)
    column = (sizes.across((0, count)) + COLUMN_GAP_PX) / count
    some = max(1, round(sqrt(count)))
    tall = mean(sizes.down((first, min(first + some, count))) for first in range(0, count, some)) + ROW_GAP_PX
    likely = sqrt(count * tall / column * room[0] / room[1])  # columns
    columns = {min(count, max(1, round(likely * share))) for share in SHARES}
    widths = {column * (number + more) - COLUMN_GAP_PX for number in columns for more in (0.0, 0.5)}
    return sorted((max(width, *sizes.widths) for width in widths), reverse=True)
