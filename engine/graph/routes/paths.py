"""The cheapest path through the cells: short, with few bends, and across few wires."""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise

from engine.graph.routes.cells import Cells

Cell = tuple[int, int]
State = tuple[int, int, int]
"""A column, a row, and the direction in which the path enters."""

RIGHT, DOWN, LEFT, UP = range(4)
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
BEND_PX = 46.0  # the cost of a bend, as a length
CROSSING_PX = 28.0
BESIDE_PX = 3.0  # for each parallel wire in a cell
BORDER_PX = 90.0  # the outer cells count as no wider: wires in them stay at the near side


def find(cells: Cells, start: Cell, end: Cell, first: tuple[int, ...], last: tuple[int, ...]) -> list[Cell] | None:
    """The cells from ``start`` to ``end``, or ``None`` when there is no path.

    ``first`` and ``last``: the directions in which the path may begin, and in which it may end.
    """
    if cells.blocked[start[0]][start[1]] or cells.blocked[end[0]][end[1]]:
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
    """The cost of a step from cell to cell, and a lower bound of the cost to the end."""

    def __init__(self, cells: Cells, end: Cell, last: tuple[int, ...]) -> None:
        self._cells, self._last, self._end_cell = cells, last, end
        self._wide, self._tall = _sizes(cells.xs), _sizes(cells.ys)
        self._x, self._y = _middles(self._wide), _middles(self._tall)
        self._end = self._x[end[0]], self._y[end[1]]

    def steps(self, column: int, row: int, way: int) -> Iterator[tuple[float, State]]:
        """The next states from a cell, with their costs."""
        cells = self._cells
        yield BEND_PX, (column, row, (way + 1) % 4)
        yield BEND_PX, (column, row, (way + 3) % 4)
        x, y = column + STEPS[way][0], row + STEPS[way][1]
        if 0 <= x < cells.columns and 0 <= y < cells.rows and not cells.blocked[x][y]:
            if way % 2 == 0:
                far, crossings, beside = self._wide[x] + self._wide[column], cells.upright[x][y], cells.level[x][y]
            else:
                far, crossings, beside = self._tall[y] + self._tall[row], cells.level[x][y], cells.upright[x][y]
            yield far / 2 + CROSSING_PX * crossings + BESIDE_PX * beside, (x, y, way)

    def least(self, state: State) -> float:
        """The distance to the end, plus the bends that are unavoidable."""
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
    sizes = [after - before for before, after in pairwise(sides)]
    sizes[0], sizes[-1] = min(sizes[0], BORDER_PX), min(sizes[-1], BORDER_PX)
    return sizes


def _middles(sizes: list[float]) -> list[float]:
    """The distance of each cell's middle from the first side."""
    middles, total = [], 0.0
    for size in sizes:
        middles.append(total + size / 2)
        total += size
    return middles


def _cells(came: dict[State, State], state: State) -> list[Cell]:
    cells = [state[:2]]
    while state in came:
        state = came[state]
        if state[:2] != cells[-1]:
            cells.append(state[:2])
    return cells[::-1]
