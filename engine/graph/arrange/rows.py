"""From layers to positions: columns from left to right, a long chain in several rows of them."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from engine.graph.arrange.net import PASSING_PX, Link, Net
from engine.graph.model import End

COLUMN_GAP_PX = 88.0  # between layers: a wire with the shape of a batch of images on it
ROW_GAP_PX = 88.0

Point = tuple[float, float]


class Row(NamedTuple):
    """Where a row of columns lies: how far its boxes are moved down, the middle of the gap over it, its right end."""

    dy: float
    gap: float
    right: float


class Column(NamedTuple):
    """Where a layer lies: from which x in which row, and how wide it is."""

    row: Row
    x: float
    width: float


@dataclass(slots=True)
class Layout:
    """``corners``: the top left of each node. ``dots``: where the wire into an input passes layers by.

    ``height``: how far down it all reaches.
    """

    corners: dict[str, Point] = field(default_factory=dict)
    dots: dict[End, tuple[Point, ...]] = field(default_factory=dict)
    height: float = 0.0


def laid_out(net: Net, tops: list[float], wrap_width: float | None) -> Layout:
    """Positions from (0, 0); no row is wider than ``wrap_width`` need be. ``tops``: the heights of all boxes."""
    widths = [max((net.widths[box] for box in layer), default=0.0) for layer in net.layers]
    columns: list[Column] = []
    found = Layout(height=-ROW_GAP_PX)
    for first, end in _rows(net, widths, wrap_width):
        boxes = [box for layer in net.layers[first:end] for box in layer]
        dy = found.height + ROW_GAP_PX - min(tops[box] for box in boxes)
        lefts = list(accumulate((width + COLUMN_GAP_PX for width in widths[first:end]), initial=0.0))
        row = Row(dy, found.height + ROW_GAP_PX / 2, lefts[-1] - COLUMN_GAP_PX)
        columns += [Column(row, x, width) for x, width in zip(lefts, widths[first:end], strict=False)]
        found.height = max(tops[box] + net.heights[box] + dy for box in boxes)
    column_of = {box: column for layer, column in zip(net.layers, columns, strict=True) for box in layer}
    for box, name in enumerate(net.names):
        column = column_of[box]
        found.corners[name] = column.x + (column.width - net.widths[box]) / 2, tops[box] + column.row.dy
    for link, wire in zip(net.links, net.wires, strict=True):
        if dots := _dots(tops, column_of, link, net.ways.get(wire, [])):
            found.dots[wire] = dots
    return found


def _dots(tops: list[float], column_of: dict[int, Column], link: Link, way: list[int]) -> tuple[Point, ...]:
    """Both ends of each straight piece of a wire that passes layers by, so that it keeps a lane between the nodes.

    From row to row a wire runs in the gap between them.
    """
    before = column_of[link.source].row
    points = [(0.0, tops[link.source] + link.leaves + before.dy)]
    for box in (*way, link.target):
        row, x, width = column_of[box]
        if row != before and row.gap > before.gap:
            points += [(before.right + COLUMN_GAP_PX / 2, row.gap), (-COLUMN_GAP_PX / 2, row.gap)]
        if box != link.target:
            y = tops[box] + PASSING_PX / 2 + row.dy
            points += [(x, y), (x + width, y)]
        before = row
    points.append((0.0, tops[link.target] + link.enters + before.dy))
    return tuple(
        here
        for last, here, following in zip(points, points[1:], points[2:], strict=False)
        if abs(last[1] - here[1]) >= 1 or abs(following[1] - here[1]) >= 1
    )


def _rows(net: Net, widths: list[float], wrap_width: float | None) -> list[tuple[int, int]]:
    """Ranges of layers, cut where few wires pass, in the last third of the room."""
    if wrap_width is None:
        return [(0, len(widths))]
    found, first = [], 0
    while first < len(widths):
        end = _fitting(widths, first, wrap_width)
        if end < len(widths):
            earliest = first + max(1, (end - first) * 2 // 3)
            end = min(range(end, earliest - 1, -1), key=lambda cut: _wires_across(net, cut))
        found.append((first, end))
        first = end
    return found


def _fitting(widths: list[float], first: int, wrap_width: float) -> int:
    """The layer after the last that fits into the width, at least one."""
    x, end = widths[first], first + 1
    while end < len(widths) and x + COLUMN_GAP_PX + widths[end] <= wrap_width:
        x += COLUMN_GAP_PX + widths[end]
        end += 1
    return end


def _wires_across(net: Net, cut: int) -> int:
    return sum(len(net.after[box]) for box in net.layers[cut - 1])
