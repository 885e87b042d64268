"""Snapping a dragged rectangle to others, and aligning several."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, takewhile
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF

GRID = 10.0
CLOSEST = 2 * GRID  # between distributed nodes that have too little room
OVERHANG = 24.0  # how far a guide extends beyond its rectangles


def on_grid(at: QPointF) -> QPointF:
    """The nearest point of the grid."""
    return QPointF(round(at.x() / GRID) * GRID, round(at.y() / GRID) * GRID)


class Snap(NamedTuple):
    """The offset that aligns a rectangle with others, and the guide lines to show."""

    by: QPointF
    guides: tuple[QLineF, ...]


class Guides:
    """The edges and middles of the rectangles that stay, sorted for a binary search."""

    def __init__(self, rects: Iterable[QRectF]) -> None:
        rects = list(rects)
        self._across = sorted(
            ((x, rect) for rect in rects for x in (rect.left(), rect.center().x(), rect.right())), key=_first
        )
        self._down = sorted(
            ((y, rect) for rect in rects for y in (rect.top(), rect.center().y(), rect.bottom())), key=_first
        )

    def snap(self, rect: QRectF, reach: float) -> Snap:
        """Where a rectangle snaps: to others within ``reach``, else to the grid."""
        x = _nearest(self._across, (rect.center().x(), rect.left(), rect.right()), reach, rect.center())
        y = _nearest(self._down, (rect.center().y(), rect.top(), rect.bottom()), reach, rect.center())
        by = QPointF(
            x[0] if x else round(rect.left() / GRID) * GRID - rect.left(),
            y[0] if y else round(rect.top() / GRID) * GRID - rect.top(),
        )
        moved = rect.translated(by)
        guides = []
        if x:
            span = moved.united(x[2])
            guides.append(QLineF(x[1], span.top() - OVERHANG, x[1], span.bottom() + OVERHANG))
        if y:
            span = moved.united(y[2])
            guides.append(QLineF(span.left() - OVERHANG, y[1], span.right() + OVERHANG, y[1]))
        return Snap(by, tuple(guides))


def _first(pair: tuple[float, QRectF]) -> float:
    return pair[0]


def _nearest(
    lines: Sequence[tuple[float, QRectF]], values: tuple[float, ...], reach: float, here: QPointF
) -> tuple[float, float, QRectF] | None:
    """The smallest offset that puts one of the values on a line: (offset, line, nearest rectangle of that line)."""
    best: tuple[float, float] | None = None
    for value in values:
        index = bisect_left(lines, value, key=_first)
        for line, _ in lines[max(0, index - 1) : index + 1]:
            by = line - value
            if abs(by) <= reach and (best is None or abs(by) < abs(best[0]) - 1e-9):
                best = (by, line)
    if best is None:
        return None
    start = bisect_left(lines, best[1], key=_first)
    same = takewhile(lambda each: each[0] == best[1], islice(lines, start, None))
    rect = min((each[1] for each in same), key=lambda rect: (rect.center() - here).manhattanLength())
    return best[0], best[1], rect


def in_row(rects: Mapping[str, QRectF], lines: Mapping[str, float]) -> dict[str, QPointF]:
    """Places with all first ports at the height of the leftmost. ``lines``: their distances from the tops."""
    first = min(rects, key=lambda name: rects[name].left())
    height = rects[first].top() + lines[first]
    return {name: QPointF(rect.left(), height - lines[name]) for name, rect in rects.items()}


def in_column(rects: Mapping[str, QRectF]) -> dict[str, QPointF]:
    """Places with all middles below that of the topmost; the heights stay."""
    line = min(rects.values(), key=QRectF.top).center().x()
    return {name: QPointF(line - rect.width() / 2, rect.top()) for name, rect in rects.items()}


def spread(rects: Mapping[str, QRectF], *, across: bool) -> dict[str, QPointF]:
    """Places with equal gaps between the first and the last, which stay."""
    edge, size = (QRectF.left, QRectF.width) if across else (QRectF.top, QRectF.height)
    names = sorted(rects, key=lambda name: edge(rects[name]))
    if len(names) < 3:
        return {name: rects[name].topLeft() for name in names}
    first, last = rects[names[0]], rects[names[-1]]
    room = edge(last) + size(last) - edge(first) - sum(size(rects[name]) for name in names)
    at, gap, places = edge(first), max(room / (len(names) - 1), CLOSEST), {}
    for name in names:
        places[name] = QPointF(at, rects[name].top()) if across else QPointF(rects[name].left(), at)
        at += size(rects[name]) + gap
    return places
