"""The lowest and highest values of a growing curve in each column of pixels."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class PixelColumns:
    """Columns of equal width between two x values; each point is processed once, when it is added.

    Arrays to add are float64 of shape (points,), sorted by ``x``.
    """

    def __init__(self, left: float, right: float, count: int) -> None:
        import numpy as np

        self._np = np
        self.shape = (left, right, count)
        self._low, self._high = np.full(count, np.nan), np.full(count, np.nan)
        self._verticals = np.empty(
            (count, 2)
        )  # the result of `segments`, while no column from the first to the last is empty
        self._first = self._end = 0
        self._is_whole = True
        self._middles = left + (np.arange(count) + 0.5) * ((right - left) / count)

    def add(self, x: "Floats", low: "Floats", high: "Floats") -> None:
        """Add points, or ranges of several points each; those outside the columns are ignored."""
        np = self._np
        left, right, count = self.shape
        first, end = np.searchsorted(x, (left, right), side="left")
        if end < len(x) and x[end] == right:
            end += 1
        if first >= end:
            return
        place = ((x[first:end] - left) * (count / (right - left))).astype(np.int64).clip(0, count - 1)
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        columns = place[starts]
        for extremes, values, extreme in ((self._low, low, np.fmin), (self._high, high, np.fmax)):
            extremes[columns] = extreme(extremes[columns], extreme.reduceat(values[first:end], starts))
        self._update_verticals(int(columns[0]), int(columns[-1]) + 1)

    def segments(self) -> "tuple[Floats, Floats]":
        """Line segments as pairs of end points: a vertical one per column, long enough to touch the one before it.

        Across empty columns, one more connects the middles of the columns on both sides.
        """
        np = self._np
        if self._is_whole:
            whole = slice(self._first, self._end)
            return np.repeat(self._middles[whole], 2), self._verticals[whole].ravel()
        there = np.flatnonzero(np.isfinite(self._low) & np.isfinite(self._high))
        low, high = self._low[there], self._high[there]
        verticals = np.stack((low, high), axis=1)
        after = np.flatnonzero(np.diff(there) == 1)  # columns whose right neighbour has a value too
        verticals[after + 1, 0] = np.minimum(low[after + 1], high[after])
        verticals[after + 1, 1] = np.maximum(high[after + 1], low[after])
        x = np.repeat(self._middles[there], 2)
        gaps = np.flatnonzero(np.diff(there) > 1)
        if not len(gaps):
            return x, verticals.ravel()
        middle = (low + high) / 2
        across = np.stack((gaps, gaps + 1), axis=1).ravel()
        return np.append(x, self._middles[there[across]]), np.append(verticals.ravel(), middle[across])

    def _update_verticals(self, first: int, end: int) -> None:
        """Update the segments of some columns and of the one after them, as long as no column is empty."""
        np = self._np
        if self._first == self._end:
            self._first = self._end = first
        self._is_whole = self._is_whole and first <= self._end and bool(np.isfinite(self._low[first:end]).all())
        if not self._is_whole:
            return
        self._first, self._end = min(self._first, first), max(self._end, end)
        some = slice(first, min(end + 1, self._end))
        low, high = self._low[some], self._high[some]
        self._verticals[some, 0], self._verticals[some, 1] = low, high
        start = max(some.start, self._first + 1)  # the first column has none before it to touch
        now, before = slice(start, some.stop), slice(start - 1, some.stop - 1)
        np.minimum(self._low[now], self._high[before], out=self._verticals[now, 0])
        np.maximum(self._high[now], self._low[before], out=self._verticals[now, 1])
