"""A part of the scene cut along the sides of its nodes: every cell is either free or blocked."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from engine.graph.routes.geometry import Box, Line

CLEAR_PX = 5.0  # a gap narrower than twice this is closed


class Cells:
    """``xs``, ``ys``: the sides of columns and rows. ``level``, ``upright``: how many lines pass through each cell."""

    def __init__(self, window: Box, boxes: Iterable[Box], lines: Iterable[Line]) -> None:
        boxes = [box.grown(CLEAR_PX, CLEAR_PX) for box in boxes]
        xs = {side for box in boxes for side in (box.left, box.right) if window.left < side < window.right}
        ys = {side for box in boxes for side in (box.top, box.bottom) if window.top < side < window.bottom}
        self.xs = [window.left, *sorted(xs), window.right]
        self.ys = [window.top, *sorted(ys), window.bottom]
        self.columns, self.rows = len(self.xs) - 1, len(self.ys) - 1
        self.blocked = [bytearray(self.rows) for _ in range(self.columns)]
        self.level = [[0.0] * self.rows for _ in range(self.columns)]
        self.upright = [[0.0] * self.rows for _ in range(self.columns)]
        for box in boxes:
            self._block(box)
        for line in lines:
            self._pass(line)

    def _block(self, box: Box) -> None:
        first, last = bisect_left(self.ys, box.top), min(bisect_left(self.ys, box.bottom), self.rows)
        if first < last:
            ones = b"\1" * (last - first)
            for column in range(bisect_left(self.xs, box.left), min(bisect_left(self.xs, box.right), self.columns)):
                self.blocked[column][first:last] = ones

    def _pass(self, line: Line) -> None:
        along, across = (self.xs, self.ys) if line.is_level else (self.ys, self.xs)
        place = bisect_right(across, line.at) - 1
        if not 0 <= place < len(across) - 1:
            return
        first = max(bisect_right(along, line.low) - 1, 0)
        last = min(bisect_left(along, line.high), len(along) - 1)
        for step in range(first, last):
            share = 1.0 if line.low <= along[step] and along[step + 1] <= line.high else 0.5
            if line.is_level:
                self.level[step][place] += share
            else:
                self.upright[place][step] += share

    def column_at(self, x: float) -> int:
        """The column at an x coordinate."""
        return min(max(bisect_right(self.xs, x) - 1, 0), self.columns - 1)

    def row_at(self, y: float) -> int:
        """The row at a y coordinate."""
        return min(max(bisect_right(self.ys, y) - 1, 0), self.rows - 1)

    def columns_free(self, column: int, first: int, last: int) -> tuple[int, int]:
        """The first and last column around ``column`` in which the rows from ``first`` to ``last`` are free."""
        low = high = column
        while low > 0 and not any(self.blocked[low - 1][first : last + 1]):
            low -= 1
        while high < self.columns - 1 and not any(self.blocked[high + 1][first : last + 1]):
            high += 1
        return low, high

    def rows_free(self, row: int, first: int, last: int) -> tuple[int, int]:
        """The first and last row around ``row`` in which the columns from ``first`` to ``last`` are free."""
        low = high = row
        span = self.blocked[first : last + 1]
        while low > 0 and not any(column[low - 1] for column in span):
            low -= 1
        while high < self.rows - 1 and not any(column[high + 1] for column in span):
            high += 1
        return low, high
