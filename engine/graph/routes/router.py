"""Routes wires around nodes and side by side, and routes only those again that a change may affect."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from engine.graph.model import Wire
from engine.graph.routes.cells import CLEAR_PX, Cells
from engine.graph.routes.geometry import Box, Line, Lines, Near, Point
from engine.graph.routes.lanes import Lanes
from engine.graph.routes.order import InOrder, Rank
from engine.graph.routes.paths import DOWN, LEFT, RIGHT, STEPS, UP, find

ACROSS_PX, DOWN_PX = 170.0, 230.0  # how far around its ends a wire may run
BACK_PX = 400.0
LEAST_ACROSS_PX = 16.0  # between ports, for a wire to turn twice
LINES_PX = 14.0  # around a wire, for lines beside it
LEVEL_PX = 0.5  # ends whose heights differ by less are level
ANYWHERE = (RIGHT, DOWN, LEFT, UP)

Corners = tuple[Point, ...]


class Router:
    """The corners of every wire, as a function of the positions of nodes and ports.

    Wires are routed in a fixed order, short ones first; each avoids the nodes and the wires before it. So the same
    graph has the same routes, whatever the order of its edits.
    """

    def __init__(self) -> None:
        self.nodes: Near[str] = Near()
        self.lines = Lines()
        self.listeners: list[Callable[[Box], None]] = []  # called with the box of a node or line that has changed
        self._order = InOrder(self._lead)
        self._numbers: dict[Wire, int] = {}
        self._wires: dict[int, Wire] = {}
        self._last_number = 0
        self._changed: dict[int, None] = {}
        self.effort = 0  # cells that were searched: a measure of the work
        self._ends: dict[int, tuple[Point, Point]] = {}
        self._corners: dict[int, Corners] = {}
        self._own_lines: dict[int, dict[Line, int]] = {}

    @property
    def stale(self) -> list[Wire]:
        """The wires whose routes may differ from the last ones."""
        return [self._wires[number] for number in self._order.stale]

    def take_changed(self) -> list[Wire]:
        """The wires that were routed since the last call."""
        wires = [self._wires[number] for number in self._changed if number in self._wires]
        self._changed.clear()
        return wires

    def rank(self, wire: Wire) -> Rank:
        """A wire's place in the order of routing."""
        return self._order.ranks[self._numbers[wire]]

    def number(self, wire: Wire) -> int:
        """The number of a wire, which it keeps while its ends do not move."""
        return self._numbers[wire]

    # Nodes and wires

    def put_node(self, name: str, box: Box) -> None:
        """Add a node, or move it."""
        before = self.nodes.boxes.get(name)
        if before != box:
            self.nodes.add(name, box)
            self._touch(box)
            if before:
                self._touch(before)

    def drop_node(self, name: str) -> None:
        """Remove a node."""
        if before := self.nodes.boxes.get(name):
            self.nodes.remove(name)
            self._touch(before)

    def put_wire(self, wire: Wire, start: Point, end: Point) -> None:
        """Add a wire from one port to another, or move its ends; its points are stops on the way."""
        if self._ends.get(self._numbers.get(wire, 0)) == (start, end):
            return
        self.drop_wire(wire)
        self._last_number += 1
        number = self._numbers[wire] = self._last_number
        self._wires[number] = wire
        self._ends[number] = start, end
        xs, ys = zip(start, end, *wire.points, strict=True)
        window = Box(min(xs), min(ys), max(xs), max(ys)).grown(ACROSS_PX, DOWN_PX)
        self._order.put(number, (not wire.points, round(length(start, end)), wire.source, wire.target), window)

    def drop_wire(self, wire: Wire) -> None:
        """Remove a wire."""
        if number := self._numbers.pop(wire, None):
            self._replace_lines(number, ())
            self._corners.pop(number, None)
            del self._ends[number], self._wires[number]
            self._order.drop(number)

    # Routes

    def route(self, wire: Wire) -> Corners:
        """The corners of a wire, its ends included; empty where no path is free."""
        number = self._numbers[wire]
        self._order.refresh(number)
        return self._corners[number]

    def steps(self, wire: Wire) -> Iterator[int]:
        """Route a wire, after those that it depends on, in steps of one wire."""
        return self._order.steps(self._numbers[wire])

    def route_next(self) -> Wire | None:
        """Route the next stale wire, if there is one; this is the fastest way to route all."""
        return self._wires.get(self._order.refresh_next())

    def _lead(self, number: int) -> None:
        wire, (start, end) = self._wires[number], self._ends[number]
        corners = (
            self._straight(wire, start, end)
            or self._across(number, wire, start, end)
            or self._around(number, wire, start, end)
        )
        self._corners[number] = corners
        self._changed[number] = None
        self._replace_lines(number, tuple(_lines(corners, wire, self._order.ranks[number])))

    def _replace_lines(self, number: int, lines: tuple[Line, ...]) -> None:
        before = self._own_lines.pop(number, {})
        rest = {line: before[line] for line in lines if line in before}
        for line in before.keys() - rest.keys():
            self.lines.remove(before[line])
        for line in lines:
            if line not in rest:
                rest[line] = self.lines.add(line)
        if rest:
            self._own_lines[number] = rest
        for line in before.keys() ^ rest.keys():
            self._touch(line.box, self._order.ranks[number])

    def _touch(self, box: Box, after: Rank | None = None) -> None:
        self._order.touch(box, after)
        for listener in self.listeners:
            listener(box)

    def _straight(self, wire: Wire, start: Point, end: Point) -> Corners:
        """The two ends, where nothing is between them."""
        if wire.points or abs(start[1] - end[1]) >= LEVEL_PX or end[0] <= start[0]:
            return ()
        way = Box(start[0] + 0.1, start[1] - CLEAR_PX, end[0] - 0.1, start[1] + CLEAR_PX)
        if any(self.nodes.boxes[name].meets(way) for name in self.nodes.at(way)):
            return ()
        return start, end

    def _across(self, number: int, wire: Wire, start: Point, end: Point) -> Corners:
        """Horizontal, vertical, horizontal: where nothing is between two ports, and the second is to the right."""
        if wire.points or end[0] - start[0] < LEAST_ACROSS_PX:
            return ()
        left, right = start[0] + CLEAR_PX, end[0] - CLEAR_PX
        window = Box(left, min(start[1], end[1]) - CLEAR_PX, right, max(start[1], end[1]) + CLEAR_PX)
        if any(self.nodes.boxes[name].meets(window) for name in self.nodes.at(window)):
            return ()
        lines = self._lines_before(window.grown(LINES_PX, LINES_PX), self._order.ranks[number])
        lanes = Lanes(Cells(window, (), ()), [(0, 0)], start, end, (True, True))
        return tuple(_without_needless(lanes.settle(lines, wire.source), ()))

    def _lines_before(self, window: Box, rank: Rank) -> list[Line]:
        """The lines in a window of the wires that are routed earlier."""
        return [line for line in self.lines.at(window) if line.rank < rank]

    def _around(self, number: int, wire: Wire, start: Point, end: Point) -> Corners:
        window, rank = self._order.windows.boxes[number], self._order.ranks[number]
        boxes = [self.nodes.boxes[name] for name in self.nodes.at(window)]
        lines = self._lines_before(window, rank)
        cells = Cells(window, boxes, [line for line in lines if line.net != wire.source])
        self.effort += cells.columns * cells.rows
        stops = (start, *wire.points, end)
        corners: list[Point] = [start]
        way = RIGHT
        for place, (stop, next_stop) in enumerate(pairwise(stops)):
            ports = place == 0, place == len(stops) - 2
            leg, way = self._leg(cells, stop, next_stop, ports, way, lines, wire)
            if not leg:
                return ()
            corners += leg[1:]
        return tuple(_without_needless(corners, wire.points))

    def _leg(
        self,
        cells: Cells,
        start: Point,
        end: Point,
        ports: tuple[bool, bool],
        way: int,
        lines: list[Line],
        wire: Wire,
    ) -> tuple[list[Point], int]:
        """The corners from stop to stop, and the direction at the end of them."""
        first = cells.column_at(start[0] + (CLEAR_PX + 0.01 if ports[0] else 0.0)), cells.row_at(start[1])
        last = cells.column_at(end[0] - (CLEAR_PX + 0.01 if ports[1] else 0.0)), cells.row_at(end[1])
        outs = (RIGHT,) if ports[0] else tuple(turn for turn in ANYWHERE if turn != (way + 2) % 4)
        path = find(cells, first, last, outs, (RIGHT,) if ports[1] else ANYWHERE)
        if path is None:
            return ([start, end], RIGHT) if wire.points else ([], RIGHT)
        corners = Lanes(cells, path, start, end, ports).settle(lines, wire.source)
        return corners, _direction(corners[-2], corners[-1])


def length(start: Point, end: Point) -> float:
    """The length of a wire for the order of routing; wires that run back count as longer."""
    across, down = end[0] - start[0], end[1] - start[1]
    return abs(across) + 2 * abs(down) + (BACK_PX if across < 0 else 0.0)


def _direction(one: Point, two: Point) -> int:
    across, down = two[0] - one[0], two[1] - one[1]
    step = ((across > 0) - (across < 0), 0) if abs(across) >= abs(down) else (0, (down > 0) - (down < 0))
    return STEPS.index(step) if step in STEPS else RIGHT


def _without_needless(corners: list[Point], stops: Iterable[Point]) -> list[Point]:
    """The corners without those where the path goes straight on, or does not move."""
    stop_set = set(stops)
    path = corners[:1]
    for corner, after in zip(corners[1:], [*corners[2:], None], strict=True):
        last = path[-1]
        if after is not None and corner not in stop_set:
            if abs(corner[0] - last[0]) < 0.01 and abs(corner[1] - last[1]) < 0.01:
                continue
            if (last[0] == corner[0] == after[0] and (corner[1] - last[1]) * (after[1] - corner[1]) >= 0) or (
                last[1] == corner[1] == after[1] and (corner[0] - last[0]) * (after[0] - corner[0]) >= 0
            ):
                continue
        path.append(corner)
    return path


def _lines(corners: Corners, wire: Wire, rank: Rank) -> Iterable[Line]:
    for place, (one, two) in enumerate(pairwise(corners)):
        where = (*rank, place)
        if one[1] == two[1]:
            yield Line(wire.source, where, True, one[1], min(one[0], two[0]), max(one[0], two[0]))
        elif one[0] == two[0]:
            yield Line(wire.source, where, False, one[0], min(one[1], two[1]), max(one[1], two[1]))
