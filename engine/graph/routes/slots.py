"""Where in a free range a line runs: near a wanted place, apart from others, with few crossings."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise

from engine.graph.routes.geometry import Line, Point

APART_PX = (10.0, 7.0, 5.0, 3.5, 2.0, 1.0)  # between lines side by side, as far as there is room
CROSSING_PX = 26.0  # what a crossing is worth, as a distance from the wanted place
SHARED_PX = 30.0  # and what a line of the same net there is worth
TOUCH_PX = 3.0  # lines that end so close to each other along their axis are kept apart too


def slot(
    low: float,
    high: float,
    wanted: float,
    beside: Sequence[float],
    own: Iterable[float],
    cost: Callable[[float], float],
) -> float:
    """A place from ``low`` to ``high``. ``beside``: other wires' lines to keep apart from; ``own``: ones to share.

    ``cost``: what a place costs for the crossings there.
    """
    wanted = min(max(wanted, low), high)
    shared = {place for place in own if low <= place <= high}
    for apart in APART_PX:
        places = {wanted, *shared}
        for other in beside:
            places |= {other - apart, other + apart}
        free = [
            place
            for place in sorted(places)
            if low <= place <= high and all(abs(place - other) >= apart - 1e-6 for other in beside)
        ]
        if free:
            return min(
                free,
                key=lambda place: (
                    abs(place - wanted) + cost(place) - (SHARED_PX if place in shared else 0.0), abs(place - wanted)
                ),
            )  # fmt: skip
    return _widest(low, high, beside)


def _widest(low: float, high: float, beside: Sequence[float]) -> float:
    """The middle of the widest hole that is left."""
    sides = [low, *sorted(other for other in beside if low < other < high), high]
    gap = max(range(len(sides) - 1), key=lambda place: sides[place + 1] - sides[place])
    return (sides[gap] + sides[gap + 1]) / 2


def beside(lines: Iterable[Line], *, is_level: bool, low: float, high: float) -> list[float]:
    """Where lines of one direction run that a new one from ``low`` to ``high`` would lie beside."""
    return [
        line.at
        for line in lines
        if line.is_level is is_level and line.low < high + TOUCH_PX and low - TOUCH_PX < line.high
    ]


def crossings(points: Sequence[Point], lines: Iterable[Line]) -> int:
    """How often a way by corners crosses the lines."""
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
    """Lines of other nets, and of this one."""
    others: list[Line] = []
    own: list[Line] = []
    for line in lines:
        (own if line.net == net else others).append(line)
    return others, own
