"""The position of a line in a free range: near a target, apart from other lines, with few crossings."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise

from engine.graph.routes.geometry import Line, Point

APART_PX = (10.0, 7.0, 5.0, 3.5, 2.0, 1.0)  # between lines side by side, the largest that there is room for
CROSSING_PX = 26.0  # the cost of a crossing, as a distance from the target
SHARED_PX = 30.0  # the gain of sharing a line of the same net
TOUCH_PX = 3.0  # lines that end so close to each other along their axis are kept apart too


def slot(
    low: float,
    high: float,
    target: float,
    beside: Sequence[float],
    own: Iterable[float],
    cost: Callable[[float], float],
) -> float:
    """A position from ``low`` to ``high``. ``beside``: lines of other wires to stay apart from; ``own``: ones to share.

    ``cost``: that of the crossings at a position.
    """
    target = min(max(target, low), high)
    shared = {place for place in own if low <= place <= high}
    for distance in APART_PX:
        places = {target, *shared}
        for other in beside:
            places |= {other - distance, other + distance}
        free = [
            place
            for place in sorted(places)
            if low <= place <= high and all(abs(place - other) >= distance - 1e-6 for other in beside)
        ]
        if free:
            return min(
                free,
                key=lambda place: (
                    abs(place - target) + cost(place) - (SHARED_PX if place in shared else 0.0), abs(place - target)
                ),
            )  # fmt: skip
    return _widest(low, high, beside)


def _widest(low: float, high: float, beside: Sequence[float]) -> float:
    """The middle of the widest gap that is left."""
    sides = [low, *sorted(other for other in beside if low < other < high), high]
    gap = max(range(len(sides) - 1), key=lambda place: sides[place + 1] - sides[place])
    return (sides[gap] + sides[gap + 1]) / 2


def beside(lines: Iterable[Line], *, is_level: bool, low: float, high: float) -> list[float]:
    """The positions of lines of one direction that a new one from ``low`` to ``high`` would be beside."""
    return [
        line.at
        for line in lines
        if line.is_level is is_level and line.low < high + TOUCH_PX and low - TOUCH_PX < line.high
    ]


def crossings(points: Sequence[Point], lines: Iterable[Line]) -> int:
    """How often a path along these corners crosses the lines."""
    pieces = [
        (one[1] == two[1], one[1], min(one[0], two[0]), max(one[0], two[0]))
        if one[1] == two[1]
        else (False, one[0], min(one[1], two[1]), max(one[1], two[1]))
        for one, two in pairwise(points)
    ]
    return sum(
        line.low <= at <= line.high and low <= line.at <= high
        for line in lines
        for is_level, at, low, high in pieces
        if line.is_level is not is_level
    )


def split(lines: Iterable[Line], net: Hashable) -> tuple[list[Line], list[Line]]:
    """The lines of other nets, and those of this one."""
    others: list[Line] = []
    own: list[Line] = []
    for line in lines:
        (own if line.net == net else others).append(line)
    return others, own
