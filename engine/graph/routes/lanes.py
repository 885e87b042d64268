"""From cells to positions: the corners of a wire, each piece of it in a lane of its own."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from engine.graph.routes.cells import Cells
from engine.graph.routes.geometry import Line, Point
from engine.graph.routes.paths import Cell
from engine.graph.routes.slots import CROSSING_PX, beside, crossings, slot, split

ABOVE_PX = 32.0  # from a row of nodes up to a lane: room for the chips above short wires
BELOW_PX = 32.0  # and down: room for the captions below nodes
CAPTION_PX = 18.0  # the height of a caption below a node
NARROW_PX = 110.0  # in a gap no wider, lanes begin in the middle
OUT_PX = 28.0  # from a node to the first turn of its wire, where there is room
ON_LINE_PX = 2.0
OFF_PORTS_PX = 12.0  # from a node's side to a vertical lane: a wire that touches a port seems to end there
CROWDED_PX = 5.0  # where lanes would be closer, they use that room too
STUB_PX = 4.0  # the least that is left of a wire at its port


class Lanes:
    """The pieces of one wire, alternately horizontal (level) and vertical; ``index``: their rows or columns."""

    def __init__(self, cells: Cells, path: Sequence[Cell], start: Point, end: Point, ports: tuple[bool, bool]) -> None:
        self._cells, self._start, self._end, self._ports = cells, start, end, ports
        self._level, self._index = _pieces(path, start, end, ports)
        self._first, self._last = path[0], path[-1]
        self._at = [self._middle(place) for place in range(len(self._index))]
        self._at[0] = start[1] if self._level[0] else start[0]
        self._at[-1] = end[1] if self._level[-1] else end[0]

    def _middle(self, place: int) -> float:
        sides = self._cells.ys if self._level[place] else self._cells.xs
        index = self._index[place]
        return (sides[index] + sides[index + 1]) / 2

    @property
    def corners(self) -> list[Point]:
        """The corners of the wire, its ends included."""
        corners = [self._start]
        for place in range(len(self._at) - 1):
            position, next_position = self._at[place], self._at[place + 1]
            corners.append((next_position, position) if self._level[place] else (position, next_position))
        corners.append(self._end)
        return corners

    def settle(self, lines: Sequence[Line], net: Hashable) -> list[Point]:
        """Choose a lane for each piece that can move; returns the corners."""
        others, own = split(lines, net)
        inner = range(1, len(self._at) - 1)
        for is_level in (True, False):
            for place in inner:
                if self._level[place] is is_level:
                    self._settle(place, others, own)
        return self.corners

    def _settle(self, place: int, others: list[Line], own: list[Line]) -> None:
        is_level = self._level[place]
        sides = self._cells.ys if is_level else self._cells.xs
        low_index, high_index = self._free(place)
        low, high = sides[low_index] + 1.0, sides[high_index + 1] - 1.0
        if not is_level:
            low, high = self._past_stubs(place, low, high, others)
        reach = self._reach(place)
        near = [line for line in others if _is_near(line, is_level, low, high, *reach)]
        along = beside(near, is_level=is_level, low=reach[0], high=reach[1])
        shared = beside(own, is_level=is_level, low=reach[0], high=reach[1])
        target = self._target_level(low, high) if is_level else self._target_upright(place, low, high)

        def cost(at: float) -> float:
            self._at[place] = at
            corners = self.corners
            return CROSSING_PX * crossings(corners[max(place - 1, 0) : place + 3], near)

        inset = 0.0 if is_level else min(OFF_PORTS_PX, (high - low) / 4)
        at = slot(low + inset, high - inset, target, along, shared, cost)
        if any(abs(at - other) < CROWDED_PX for other in along):  # there is no room to stay away from the ports
            at = slot(low, high, target, along, shared, cost)
        self._at[place] = at
        self._index[place] = self._cells.row_at(at) if is_level else self._cells.column_at(at)

    def _free(self, place: int) -> tuple[int, int]:
        """The rows or columns that a piece may move to."""
        index = self._index[place]
        ends = sorted((self._index[place - 1], self._index[place + 1]))
        if self._level[place]:
            return self._cells.rows_free(index, *ends)
        low, high = self._cells.columns_free(index, *ends)
        if place == 1 and self._ports[0]:
            low = max(low, self._first[0])
        if place == len(self._at) - 2 and self._ports[1]:
            high = min(high, self._last[0])
        return min(low, index), max(high, index)

    def _reach(self, place: int) -> tuple[float, float]:
        """The range along its axis that a piece may cover, while its neighbours can still move."""
        bounds = []
        sides = self._cells.xs if self._level[place] else self._cells.ys
        for other in (place - 1, place + 1):
            if self._level[place] and 0 < other < len(self._at) - 1:
                index = self._index[other]
                bounds += [sides[index], sides[index + 1]]
            else:
                bounds.append(self._at[other])
        return min(bounds), max(bounds)

    def _past_stubs(self, place: int, low: float, high: float, others: list[Line]) -> tuple[float, float]:
        """The range in which the pieces at the ports meet no wire at their own height."""
        first, last = low, high
        if place == 1 and self._level[0]:
            for line in _on(others, self._at[0]):
                if line.high > self._start[0] and line.low < last:
                    last = max(min(last, line.low - 2.0), (low + self._start[0]) / 2)
        if place == len(self._at) - 2 and self._level[-1]:
            for line in _on(others, self._at[-1]):
                if line.low < self._end[0] and line.high > first:
                    first = min(max(first, line.high + 2.0), (high + self._end[0]) / 2)
        if place == 1 and self._ports[0]:
            first = max(first, min(self._start[0] + STUB_PX, last))
        if place == len(self._at) - 2 and self._ports[1]:
            last = min(last, max(self._end[0] - STUB_PX, first))
        return (first, last) if first <= last else ((first + last) / 2, (first + last) / 2)

    def _target_upright(self, place: int, low: float, high: float) -> float:
        is_first, is_last = place == 1, place == len(self._at) - 2
        if is_first and is_last:
            return (low + high) / 2 if high - low <= 2 * NARROW_PX else self._end[0] - 1.5 * OUT_PX
        if is_first and self._ports[0]:
            return low + min((high - low) / 3, OUT_PX)
        if is_last and self._ports[1]:
            return high - min((high - low) / 3, OUT_PX)
        return (low + high) / 2 if high - low <= NARROW_PX else min(max(self._at[place], low + OUT_PX), high - OUT_PX)

    def _target_level(self, low: float, high: float) -> float:
        if high - low <= NARROW_PX:
            return (min(low + CAPTION_PX, high) + high) / 2
        one, other = sorted((self._start[1], self._end[1]))
        if high <= one:
            return high - ABOVE_PX
        if low >= other:
            return low + BELOW_PX
        if low > one and high < other:
            return (low + high) / 2
        return min(max((one + other) / 2, low + BELOW_PX), high - ABOVE_PX)


def _on(lines: Iterable[Line], y: float) -> Iterator[Line]:
    """The horizontal lines at a height."""
    return (line for line in lines if line.is_level and abs(line.at - y) < ON_LINE_PX)


def _is_near(line: Line, is_level: bool, low: float, high: float, first: float, last: float) -> bool:
    """Whether a line is in the area that a piece and its neighbours may use."""
    if line.is_level is is_level:
        return line.low < last + 12 and first - 12 < line.high and low - 12 < line.at < high + 12
    return first - 12 < line.at < last + 12 or (line.low < high and low < line.high)


def _pieces(path: Sequence[Cell], start: Point, end: Point, ports: tuple[bool, bool]) -> tuple[list[bool], list[int]]:
    """The directions of the pieces (horizontal or not), and their rows or columns."""
    level: list[bool] = [True] if ports[0] or len(path) == 1 else []
    index: list[int] = [path[0][1]] if level else []
    for one, two in pairwise(path):
        is_level = one[1] == two[1]
        if not level or level[-1] is not is_level:
            level.append(is_level)
            index.append(one[1] if is_level else one[0])
    if ports[1] and not level[-1]:
        level.append(True)
        index.append(path[-1][1])
    is_straight = abs(start[1] - end[1]) < 0.5 if level[0] else abs(start[0] - end[0]) < 0.5
    if len(level) == 1 and not is_straight:
        level = [level[0], not level[0], level[0]]
        middle = path[len(path) // 2]
        index = [index[0], middle[0] if level[0] else middle[1], index[0]]
    return level, index
