"""A growing curve of a million points, and its reduction to what a screen can show."""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gui.runs.curve_data.pixel_columns import PixelColumns

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MAX_POINTS = 1 << 20  # points stored; when full, of each four neighbours only the lowest and the highest are kept
BLOCK = 64  # points whose lowest and highest value are stored
_FIRST = 1024
_BLOCKS_A_COLUMN = 4  # from here on, nobody sees a column that is a block too wide or too narrow


class Points(NamedTuple):
    """Points to draw: connected in order, or, with ``in_pairs``, as a segment for each pair."""

    x: "Floats"
    y: "Floats"
    in_pairs: bool = False


class Curve:
    """Points sorted by ``x``. Its memory and the time to read it are bounded."""

    def __init__(self) -> None:
        self._length = 0
        self._whole: tuple[float, float] | None = None
        self._is_finite = True
        self._columns: PixelColumns | None = None  # of the latest envelope; `_in_columns` points are in them
        self._in_columns = 0

    # numpy and the buffers come with the first point: a run is followed before numpy is loaded.

    @cached_property
    def _np(self) -> "ModuleType":
        import numpy as np

        return np

    @cached_property
    def _x(self) -> "Floats":
        return self._room(_FIRST)

    @cached_property
    def _y(self) -> "Floats":
        return self._room(_FIRST)

    @cached_property
    def _low(self) -> "Floats":
        return self._room(_FIRST // BLOCK)

    @cached_property
    def _high(self) -> "Floats":
        return self._room(_FIRST // BLOCK)

    def _room(self, count: int) -> "Floats":
        room: Floats = self._np.empty(count)
        return room

    def __len__(self) -> int:
        return self._length

    @property
    def x(self) -> "Floats":
        """The x values, as a view that is valid until more points are added."""
        return self._x[: self._length]

    @property
    def y(self) -> "Floats":
        """The y values, as such a view."""
        return self._y[: self._length]

    @property
    def last(self) -> tuple[float, float] | None:
        """The newest point."""
        return (float(self._x[self._length - 1]), float(self._y[self._length - 1])) if self._length else None

    def add(self, x: "Floats", y: "Floats") -> None:
        """Append points."""
        while self._length + len(x) > MAX_POINTS and self._length > 2:
            self._thin()
        self._reserve(self._length + len(x))
        end = self._length + len(x)
        self._x[self._length : end], self._y[self._length : end] = x, y
        self._widen(y)
        first_block, self._length = self._length // BLOCK, end
        self._summarize(first_block)

    def _widen(self, y: "Floats") -> None:
        """Update the range of all points, which is valid while all are finite."""
        if not len(y):
            return
        low, high = float(y.min()), float(y.max())
        self._is_finite = self._is_finite and bool(self._np.isfinite(low) and self._np.isfinite(high))
        least, most = self._whole or (low, high)
        self._whole = (min(least, low), max(most, high))

    def nearest(self, x: float, within: float) -> tuple[float, float] | None:
        """The point nearest to ``x``, if it is not farther away than ``within``."""
        after = int(self._np.searchsorted(self.x, x, side="left"))
        near = [place for place in (after - 1, after) if 0 <= place < self._length]
        place = min(near, key=lambda each: abs(self._x[each] - x), default=None)
        if place is None or abs(self._x[place] - x) > within:
            return None
        return float(self._x[place]), float(self._y[place])

    def range(self, left: float, right: float) -> tuple[float, float] | None:
        """The lowest and highest finite value between two x values; ``None`` without any."""
        first, end = self._span(left, right)
        if end - first == self._length and self._is_finite:
            return self._whole
        low, high = self._extremes(first, end)
        finite = self._np.isfinite(low) & self._np.isfinite(high)
        if not finite.any():
            return None
        return float(low[finite].min()), float(high[finite].max())

    def envelope(self, left: float, right: float, width_px: int) -> Points:
        """The points between two x values, reduced to the lowest and highest of each of ``width_px`` columns."""
        first, end = self._around(left, right)
        if end - first <= 2 * width_px or right <= left:
            return Points(self._x[first:end], self._y[first:end])
        if self._columns is None or self._columns.shape != (left, right, width_px):
            self._columns, self._in_columns = PixelColumns(left, right, width_px), 0
            if (end - first) // width_px > _BLOCKS_A_COLUMN * BLOCK:
                whole = self._length // BLOCK
                self._columns.add(self._x[: whole * BLOCK : BLOCK], self._low[:whole], self._high[:whole])
                self._in_columns = whole * BLOCK
        new = slice(self._in_columns, self._length)
        self._columns.add(self._x[new], self._y[new], self._y[new])
        self._in_columns = self._length
        return Points(*self._columns.segments(), in_pairs=True)

    def thinned(self, left: float, right: float, width_px: int) -> Points:
        """Every n-th point between two x values, at most about two per column: for a smooth curve."""
        first, end = self._around(left, right)
        step = _power_of_two((end - first) / max(1, width_px))
        first -= first % step
        x, y = self._x[first:end:step], self._y[first:end:step]
        if end > first and (end - 1 - first) % step:  # the newest point is always shown
            x, y = self._np.append(x, self._x[end - 1]), self._np.append(y, self._y[end - 1])
        return Points(x, y)

    def _span(self, left: float, right: float) -> tuple[int, int]:
        first = int(self._np.searchsorted(self.x, left, side="left"))
        return first, int(self._np.searchsorted(self.x, right, side="right"))

    def _around(self, left: float, right: float) -> tuple[int, int]:
        """The same with one neighbour outside on each side, since lines lead there."""
        first, end = self._span(left, right)
        return max(0, first - 1), min(self._length, end + 1)

    def _extremes(self, first: int, end: int) -> "tuple[Floats, Floats]":
        """The lowest and highest values of the points, by block where whole blocks are inside."""
        inner, outer = -(-first // BLOCK), end // BLOCK
        if outer - inner < 2:
            return self._y[first:end], self._y[first:end]
        edges = self._y[first : inner * BLOCK], self._y[outer * BLOCK : end]
        join = self._np.concatenate
        return join((edges[0], self._low[inner:outer], edges[1])), join((edges[0], self._high[inner:outer], edges[1]))

    def _reserve(self, length: int) -> None:
        np, size = self._np, len(self._x)
        while size < length:
            size *= 2
        if size > len(self._x):
            for name, count in (("_x", size), ("_y", size), ("_low", size // BLOCK), ("_high", size // BLOCK)):
                old = getattr(self, name)
                new = np.empty(count)
                new[: len(old)] = old
                setattr(self, name, new)

    def _summarize(self, first_block: int) -> None:
        """Store the lowest and highest value of the blocks that are complete now."""
        np, whole = self._np, self._length // BLOCK
        values = self._y[first_block * BLOCK : whole * BLOCK].reshape(-1, BLOCK)
        self._low[first_block:whole] = np.fmin.reduce(values, axis=1)  # fmin ignores a nan among numbers
        self._high[first_block:whole] = np.fmax.reduce(values, axis=1)

    def _thin(self) -> None:
        """Keep half of the points: of each four, the lowest and the highest."""
        np, fours = self._np, self._length // 4
        x = self._x[: fours * 4].reshape(-1, 4)
        y = self._y[: fours * 4].reshape(-1, 4)
        rest = slice(fours * 4, self._length)
        finite = np.where(np.isnan(y), np.inf, y)
        lowest, highest = finite.argmin(axis=1), np.where(np.isnan(y), -np.inf, y).argmax(axis=1)
        indices = np.sort(np.stack((lowest, np.where(highest == lowest, (lowest + 2) % 4, highest)), axis=1), axis=1)
        old_x, old_y = self._x[rest].copy(), self._y[rest].copy()
        half = fours * 2
        self._x[:half] = np.take_along_axis(x, indices, axis=1).ravel()
        self._y[:half] = np.take_along_axis(y, indices, axis=1).ravel()
        self._x[half : half + len(old_x)], self._y[half : half + len(old_y)] = old_x, old_y
        self._length = half + len(old_x)
        self._columns = None
        self._summarize(0)


def _power_of_two(ratio: float) -> int:
    """The smallest power of two that is not below ``ratio``; 1 at least."""
    step = 1
    while step < ratio:
        step *= 2
    return step
