"""The way of a wire: a curve onwards, a loop around when the target lies behind, through its reroute dots."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

NEAR = 20.0  # a target less far ahead than this is reached by a loop
BEND = (36.0, 96.0)  # how far a loop swings out, least and most
CLEAR = 34.0  # from a node to a lane that passes it
LEAST_ROOM, MOST_ROOM = 48.0, 160.0  # between two rows, for a lane in the middle


class Way(NamedTuple):
    """A drawn wire. ``line``: the same in a few straight pieces.

    ``middle``: where its chip goes; ``run``: how much of the wire is level around there.
    """

    path: QPainterPath
    line: tuple[QPointF, ...]
    middle: QPointF
    run: float


def way(source: QPointF, target: QPointF, points: Sequence[tuple[float, float]], ends: tuple[QRectF, QRectF]) -> Way:
    """The wire between two ports. ``ends``: the rectangles of the two nodes, for a loop to go around."""
    if not points:
        if target.x() - source.x() >= NEAR:
            return _ahead(source, target)
        return _around(source, target, _lane(ends))
    stops = (source, *(QPointF(x, y) for x, y in points), target)
    turns = zip(stops[:-2], stops[2:], strict=True)
    onwards = (1.0, *(1.0 if after.x() >= before.x() else -1.0 for before, after in turns), 1.0)
    path = QPainterPath(source)
    for step, (start, end) in enumerate(pairwise(stops)):
        _bend(path, start, end, onwards[step], onwards[step + 1])
    longest = max(range(len(stops) - 1), key=lambda step: abs(stops[step + 1].x() - stops[step].x()))
    start, end = stops[longest], stops[longest + 1]
    return Way(path, stops, (start + end) / 2, abs(end.x() - start.x()))


def _ahead(source: QPointF, target: QPointF) -> Way:
    path = QPainterPath(source)
    _bend(path, source, target)
    return Way(path, (source, target), (source + target) / 2, target.x() - source.x())


def _bend(path: QPainterPath, start: QPointF, end: QPointF, out: float = 1.0, into: float = 1.0) -> None:
    """Go on to a place; ``out`` and ``into`` are 1 where the wire runs to the right there, -1 where to the left."""
    dx, dy = end.x() - start.x(), end.y() - start.y()
    if abs(dy) < 0.5 and out == into and dx * out > 0:
        path.lineTo(end)
        return
    pull = max(abs(dx) / 2, min(60.0, abs(dy) / 2)) if out == into else min(60.0, abs(dy) / 2 + 10)
    path.cubicTo(start + QPointF(out * pull, 0), end - QPointF(into * pull, 0), end)


def _around(source: QPointF, target: QPointF, lane: float) -> Way:
    out, back = _swing(lane - source.y()), _swing(target.y() - lane)
    path = QPainterPath(source)
    path.cubicTo(source + QPointF(out, 0), QPointF(source.x() + out, lane), QPointF(source.x(), lane))
    path.lineTo(target.x(), lane)
    path.cubicTo(QPointF(target.x() - back, lane), QPointF(target.x() - back, target.y()), target)
    line = (
        source,
        QPointF(source.x() + out / 2, (source.y() + lane) / 2),
        QPointF(source.x(), lane),
        QPointF(target.x(), lane),
        QPointF(target.x() - back / 2, (lane + target.y()) / 2),
        target,
    )
    return Way(path, line, QPointF((source.x() + target.x()) / 2, lane), abs(source.x() - target.x()) + 80)


def _swing(height: float) -> float:
    return min(max(abs(height) * 0.75, BEND[0]), BEND[1])


def _lane(ends: tuple[QRectF, QRectF]) -> float:
    """The height at which the wire runs back.

    Between the two nodes where there is room; with other rows between them, close to the source; else below both.
    """
    source, target = ends
    is_down = source.top() < target.top()
    upper, lower = (source, target) if is_down else (target, source)
    room = lower.top() - upper.bottom()
    if room > MOST_ROOM:
        return source.bottom() + CLEAR if is_down else source.top() - CLEAR
    if room >= LEAST_ROOM:
        return (upper.bottom() + lower.top()) / 2
    return max(source.bottom(), target.bottom()) + CLEAR
