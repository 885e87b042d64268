"""The lowest and highest values of a growing curve in each column of pixels."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Columns:
    """Columns of equal width between two places; each point is looked at once, when it is added.

    What is added is float64 of shape (points,), in the order of ``x``.
    """

    def __init__(self, left: float, right: float, count: int) -> None:
        import numpy as np

        self._np = np
        self.shape = (left, right, count)
        self._low, self._high = np.full(count, np.nan), np.full(count, np.nan)
        self._middles = left + (np.arange(count) + 0.5) * ((right - left) / count)

    def add(self, x: "Floats", low: "Floats", high: "Floats") -> None:
        """Take points, or summaries of several points each; those outside of the columns are left out."""
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
        for kept, values, extreme in ((self._low, low, np.fmin), (self._high, high, np.fmax)):
            kept[columns] = extreme(kept[columns], extreme.reduceat(values[first:end], starts))

    def segments(self) -> "tuple[Floats, Floats]":
        """Ends of line segments, two after two: an upright one a column, long enough to touch the one before.

        Across columns without a value one more leads from the middle of the last to the middle of the next.
        """
        np = self._np
        there = np.flatnonzero(np.isfinite(self._low) & np.isfinite(self._high))
        low, high = self._low[there], self._high[there]
        upright = np.stack((low, high), axis=1)
        after = np.flatnonzero(np.diff(there) == 1)  # columns with another one right after them
        upright[after + 1, 0] = np.minimum(low[after + 1], high[after])
        upright[after + 1, 1] = np.maximum(high[after + 1], low[after])
        x = np.repeat(self._middles[there], 2)
        gaps = np.flatnonzero(np.diff(there) > 1)
        if not len(gaps):
            return x, upright.ravel()
        middle = (low + high) / 2
        across = np.stack((gaps, gaps + 1), axis=1).ravel()
        return np.append(x, self._middles[there[across]]), np.append(upright.ravel(), middle[across])
