"""The cheapest way through the cells: short, with few bends, and across few wires."""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise

from engine.graph.routes.cells import Cells

Cell = tuple[int, int]
State = tuple[int, int, int]
"""A column, a row, and the direction in which the way comes in."""

RIGHT, DOWN, LEFT, UP = range(4)
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
BEND_PX = 46.0  # what a bend is worth, as a detour
CROSSING_PX = 28.0
BESIDE_PX = 3.0  # for each wire that runs in parallel in a cell: a fuller lane is less worth
BORDER_PX = 90.0  # the outer cells count as no wider: wires in them keep to the near side


def find(cells: Cells, start: Cell, end: Cell, first: tuple[int, ...], last: tuple[int, ...]) -> list[Cell] | None:
    """The cells from ``start`` to ``end``, or ``None`` when there is no way.

    ``first`` and ``last``: the directions in which the way may begin, and in which it may come in.
    """
    if cells.taken[start[0]][start[1]] or cells.taken[end[0]][end[1]]:
        return None
    ground = _Ground(cells, end, last)
    best: dict[State, float] = {(*start, way): 0.0 for way in first}
    came: dict[State, State] = {}
    heap = [(0.0, 0.0, state) for state in best]
    while heap:
        _, cost, state = heappop(heap)
        if cost > best[state]:
            continue
        if state[:2] == end and state[2] in last:
            return _cells(came, state)
        for step, following in ground.steps(*state):
            total = cost + step
            if total < best.get(following, total + 1):
                best[following] = total
                came[following] = state
                heappush(heap, (total + ground.least(following), total, following))
    return None


class _Ground:
    """What a step from cell to cell costs, and what the rest of the way costs at least."""

    def __init__(self, cells: Cells, end: Cell, last: tuple[int, ...]) -> None:
        self._cells, self._last, self._end_cell = cells, last, end
        self._wide, self._tall = _sizes(cells.xs), _sizes(cells.ys)
        self._x, self._y = _middles(self._wide), _middles(self._tall)
        self._end = self._x[end[0]], self._y[end[1]]

    def steps(self, column: int, row: int, way: int) -> Iterator[tuple[float, State]]:
        """Where one can go from a cell, and for how much."""
        cells = self._cells
        yield BEND_PX, (column, row, (way + 1) % 4)
        yield BEND_PX, (column, row, (way + 3) % 4)
        x, y = column + STEPS[way][0], row + STEPS[way][1]
        if 0 <= x < cells.columns and 0 <= y < cells.rows and not cells.taken[x][y]:
            if way % 2 == 0:
                far, crossed, beside = self._wide[x] + self._wide[column], cells.upright[x][y], cells.level[x][y]
            else:
                far, crossed, beside = self._tall[y] + self._tall[row], cells.level[x][y], cells.upright[x][y]
            yield far / 2 + CROSSING_PX * crossed + BESIDE_PX * beside, (x, y, way)

    def least(self, state: State) -> float:
        """The distance to the end, and the bends that cannot be spared."""
        column, row, way = state
        far = abs(self._x[column] - self._end[0]) + abs(self._y[row] - self._end[1])
        if self._last != (RIGHT,):
            return far
        is_beyond = column > self._end_cell[0]
        if way == RIGHT:
            bends = 4 if is_beyond else 2 if row != self._end_cell[1] else 0
        else:
            bends = 2 if way == LEFT else 3 if is_beyond else 1
        return far + BEND_PX * bends


def _sizes(sides: list[float]) -> list[float]:
    found = [after - before for before, after in pairwise(sides)]
    found[0], found[-1] = min(found[0], BORDER_PX), min(found[-1], BORDER_PX)
    return found


def _middles(sizes: list[float]) -> list[float]:
    """How far each cell's middle is from the first side."""
    found, total = [], 0.0
    for size in sizes:
        found.append(total + size / 2)
        total += size
    return found


def _cells(came: dict[State, State], state: State) -> list[Cell]:
    found = [state[:2]]
    while state in came:
        state = came[state]
        if state[:2] != found[-1]:
            found.append(state[:2])
    return found[::-1]
