"""The path of a wire: along its route with round corners, or a quick curve if it has no route yet."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

NEAR = 20.0  # a target less far ahead than this is reached by a loop
BEND = (36.0, 96.0)  # how far a loop swings out, least and most
CLEAR = 34.0  # from a node to a lane that passes it
MIN_ROOM, MAX_ROOM = 48.0, 160.0  # between two rows, for a lane in the middle
ARC = 0.5523  # of the way to the corner: a curve that is nearly a quarter of a circle
ROUND_AT_DOT = 5.0
ROUND = 24.0  # the radius of a corner, where there is room


class WirePath:
    """The geometry of a wire; its curve is computed when it is first needed.

    ``line``: the wire as a polyline. ``middle``: the place of its chip; ``run``: the length of the level part there.
    ``bounds``: left, top, right and bottom of the curve.
    """

    __slots__ = ("_curve", "_path", "bounds", "line", "middle", "run")

    def __init__(
        self,
        line: tuple[QPointF, ...],
        middle: QPointF,
        run: float,
        bounds: tuple[float, float, float, float],
        curve: Callable[[], QPainterPath],
    ) -> None:
        self.line, self.middle, self.run, self.bounds = line, middle, run, bounds
        self._curve = curve
        self._path: QPainterPath | None = None

    @property
    def path(self) -> QPainterPath:
        """The curve."""
        if self._path is None:
            self._path = self._curve()
        return self._path


def routed_path(corners: Sequence[tuple[float, float]], stops: Collection[tuple[float, float]] = ()) -> WirePath:
    """The wire along a route; ``stops``: the reroute dots, where corners are less round."""
    line = tuple(QPointF(x, y) for x, y in corners)
    one, two = max(pairwise(line), key=lambda piece: abs(piece[1].x() - piece[0].x()))
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    bounds = min(xs), min(ys), max(xs), max(ys)
    return WirePath(line, (one + two) / 2, abs(two.x() - one.x()), bounds, lambda: _rounded(line, stops))


def _rounded(line: Sequence[QPointF], stops: Collection[tuple[float, float]]) -> QPainterPath:
    path = QPainterPath(line[0])
    last = len(line) - 1
    for index in range(1, last):
        before, corner, after = line[index - 1 : index + 2]
        back, onwards = before - corner, after - corner
        ahead, behind = hypot(back.x(), back.y()), hypot(onwards.x(), onwards.y())
        most = ROUND_AT_DOT if corner.toTuple() in stops else ROUND
        reach = min(most, ahead / (1 if index == 1 else 2))
        leave = min(most, behind / (1 if index == last - 1 else 2))
        if min(ahead, behind) < 0.1:
            path.lineTo(corner)
            continue
        start, end = corner + back * (reach / ahead), corner + onwards * (leave / behind)
        path.lineTo(start)
        path.cubicTo(start + (corner - start) * ARC, end + (corner - end) * ARC, end)
    path.lineTo(line[-1])
    return path


def unrouted_path(
    source: QPointF, target: QPointF, points: Sequence[tuple[float, float]], ends: tuple[QRectF, QRectF]
) -> WirePath:
    """The quick curve between two ports. ``ends``: the rectangles of the two nodes, for a loop to go around."""
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
    area = path.controlPointRect()
    bounds = (area.left(), area.top(), area.right(), area.bottom())
    return WirePath(stops, (start + end) / 2, abs(end.x() - start.x()), bounds, lambda: path)


def _ahead(source: QPointF, target: QPointF) -> WirePath:
    left, right, one, other = source.x(), target.x(), source.y(), target.y()
    run, fall = right - left, other - one
    middle = QPointF((left + right) / 2, (one + other) / 2)
    if abs(fall) > 2 * run and (beyond := _pull(run, fall) - run) > 0:  # so steep that it swings out to both sides
        left, right = left - beyond, right + beyond
    bounds = (left, one, right, other) if fall > 0 else (left, other, right, one)
    return WirePath((source, target), middle, run, bounds, lambda: _curve_ahead(source, target))


def _curve_ahead(source: QPointF, target: QPointF) -> QPainterPath:
    path = QPainterPath(source)
    _bend(path, source, target)
    return path


def _pull(dx: float, dy: float) -> float:
    """How far a curve keeps its first direction."""
    return max(abs(dx) / 2, min(60.0, abs(dy) / 2))


def _bend(path: QPainterPath, start: QPointF, end: QPointF, out: float = 1.0, into: float = 1.0) -> None:
    """Extend the path to ``end``; ``out`` and ``into`` are 1 if the wire runs to the right there, -1 if to the left."""
    dx, dy = end.x() - start.x(), end.y() - start.y()
    if abs(dy) < 0.5 and out == into and dx * out > 0:
        path.lineTo(end)
        return
    pull = _pull(dx, dy) if out == into else min(60.0, abs(dy) / 2 + 10)
    path.cubicTo(start + QPointF(out * pull, 0), end - QPointF(into * pull, 0), end)


def _around(source: QPointF, target: QPointF, lane: float) -> WirePath:
    begin, up, end, down = source.x(), source.y(), target.x(), target.y()
    out, back = _swing(lane - up), _swing(down - lane)
    line = (
        source,
        QPointF(begin + out / 2, (up + lane) / 2),
        QPointF(begin, lane),
        QPointF(end, lane),
        QPointF(end - back / 2, (lane + down) / 2),
        target,
    )
    bounds = (min(begin, end - back), min(up, lane, down), max(begin + out, end), max(up, lane, down))
    middle = QPointF((begin + end) / 2, lane)
    return WirePath(line, middle, abs(begin - end) + 80, bounds, lambda: _curve_around(source, target, lane))


def _curve_around(source: QPointF, target: QPointF, lane: float) -> QPainterPath:
    out, back = _swing(lane - source.y()), _swing(target.y() - lane)
    path = QPainterPath(source)
    path.cubicTo(source + QPointF(out, 0), QPointF(source.x() + out, lane), QPointF(source.x(), lane))
    path.lineTo(target.x(), lane)
    path.cubicTo(QPointF(target.x() - back, lane), QPointF(target.x() - back, target.y()), target)
    return path


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
    if room > MAX_ROOM:
        return source.bottom() + CLEAR if is_down else source.top() - CLEAR
    if room >= MIN_ROOM:
        return (upper.bottom() + lower.top()) / 2
    return max(source.bottom(), target.bottom()) + CLEAR
