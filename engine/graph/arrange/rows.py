"""From layers to positions: columns from left to right, a long chain in several rows of them, as suits the canvas."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt
from typing import NamedTuple

from engine.graph.arrange.net import Net
from engine.graph.arrange.units import Unit, units

COLUMN_GAP_PX = 88.0  # between layers: a wire with the shape of a batch of images on it
ROW_GAP_PX = 88.0
EVEN = 0.35  # what rows of equal length are worth, as a share of the zoom
TRIED = 8  # numbers of rows on either side of the likely best one

Point = tuple[float, float]


class Column(NamedTuple):
    """Where a layer lies: from which x, how wide it is, and how far its boxes are moved down."""

    x: float
    width: float
    dy: float


@dataclass(slots=True)
class Layout:
    """``corners``: the top left of each node. ``height``: how far down it all reaches."""

    corners: dict[str, Point] = field(default_factory=dict)
    height: float = 0.0


class Sizes:
    """How wide each layer is, and how far up and down it reaches."""

    def __init__(self, net: Net, tops: list[float]) -> None:
        self.widths = [max((net.widths[box] for box in layer), default=0.0) for layer in net.layers]
        self.tops = [min(tops[box] for box in layer) for layer in net.layers]
        self.feet = [max(tops[box] + net.heights[box] for box in layer) for layer in net.layers]

    def across(self, unit: Unit) -> float:
        """How wide some layers are beside each other."""
        first, end = unit
        return sum(self.widths[first:end]) + COLUMN_GAP_PX * (end - first - 1)

    def down(self, unit: Unit) -> float:
        """How tall they are."""
        first, end = unit
        return max(self.feet[first:end]) - min(self.tops[first:end])

    def area(self, rows: list[Unit]) -> tuple[float, float]:
        """How wide and tall rows of layers are together."""
        return (
            max(self.across(row) for row in rows),
            sum(self.down(row) for row in rows) + ROW_GAP_PX * (len(rows) - 1),
        )


def laid_out(net: Net, tops: list[float], wrap_width: float | None, room: tuple[float, float] | None) -> Layout:
    """Positions from (0, 0). ``tops``: the heights of all boxes; see `engine.graph.arrange.layout` for the others."""
    sizes = Sizes(net, tops)
    whole = (0, len(net.layers))
    if room is not None and net.layers:
        rows = _rows_for(net, sizes, room)
    else:
        rows = [whole] if wrap_width is None else _rows(net, sizes, wrap_width)
    columns: list[Column] = []
    found = Layout(height=-ROW_GAP_PX)
    for first, end in rows:
        dy = found.height + ROW_GAP_PX - min(sizes.tops[first:end])
        widths = sizes.widths[first:end]
        lefts = accumulate((width + COLUMN_GAP_PX for width in widths), initial=0.0)
        columns += [Column(x, width, dy) for x, width in zip(lefts, widths, strict=False)]
        found.height = max(sizes.feet[first:end]) + dy
    for layer, column in zip(net.layers, columns, strict=True):
        for box in layer:
            if box < net.real:
                x = column.x + (column.width - net.widths[box]) / 2
                found.corners[net.names[box]] = x, tops[box] + column.dy
    return found


def _rows(net: Net, sizes: Sizes, width: float) -> list[Unit]:
    """Units side by side, as many as fit into each row."""
    found: list[Unit] = []
    for first, end in units(net, sizes.across, width):
        if found and sizes.across((found[-1][0], end)) <= width:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return found


def _rows_for(net: Net, sizes: Sizes, room: tuple[float, float]) -> list[Unit]:
    """The rows with which everything is seen large, and which are about equally long."""

    def worth(rows: list[Unit]) -> float:
        across, down = sizes.area(rows)
        filled = sum(sizes.across(row) for row in rows) / (len(rows) * across)
        return min(1.0, room[0] / across, room[1] / down) * (1 + EVEN * filled)

    best = [(0, len(net.layers))]
    if sizes.across(best[0]) > room[0] or sizes.down(best[0]) > room[1]:
        for width in _widths(sizes, room):
            best = max(best, _rows(net, sizes, width), key=worth)
    return best


def _widths(sizes: Sizes, room: tuple[float, float]) -> Iterator[float]:
    """Widths to try, the widest first: what the layers take in more and more rows."""
    count = len(sizes.widths)
    total, tall = sizes.across((0, count)), sizes.down((0, count)) + ROW_GAP_PX
    likely = round(sqrt(total * room[1] / (room[0] * tall)))
    seen = set()
    for rows in range(max(2, likely - TRIED), min(count, likely + 2 * TRIED) + 1):
        for slack in (0.0, 0.5):  # rows are ragged: part of a column more
            width = max((total + slack * total / count) / rows, *sizes.widths)
            if round(width) not in seen:
                seen.add(round(width))
                yield width
