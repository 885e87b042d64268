"""The calm curve behind a noisy one: an exponential moving average that is kept up as points come."""

from typing import TYPE_CHECKING

from gui.runs.history.curve import Curve

if TYPE_CHECKING:
    from gui.runs.history.curve import Floats

_ROW = 64  # points that one multiplication smooths
_RAMP = 9.0  # the n-th point keeps no more than n / (n + 9) of the past, so that a short curve is not drawn late


class SmoothedCurve:
    """Follows a curve. ``weight`` in [0, 1): how much of the past a point keeps; 0 leaves the curve as it is.

    The first points keep less, since there is less of a past: else a curve of 60 points would be half its beginning.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.curve = Curve()
        self._level = 0.0
        self._count = 0

    def add(self, x: "Floats", y: "Floats") -> None:
        """Take the points that were added to the noisy curve; what is not finite is passed over."""
        import numpy as np

        finite = np.isfinite(y)
        if not finite.all():
            x, y = x[finite], y[finite]
        if not len(y):
            return
        young = min(len(y), max(0, round(_RAMP * self.weight / (1 - self.weight)) - self._count))
        smooth = np.concatenate([self._first(y[:young]), self._steady(y[young:])])
        self.curve.add(x, smooth)

    def _first(self, y: "Floats") -> "Floats":
        """The points at the beginning, of which each keeps a little more."""
        import numpy as np

        smooth = np.empty(len(y))
        for place, value in enumerate(y):
            weight = min(self.weight, self._count / (self._count + _RAMP))
            self._level = weight * self._level + (1 - weight) * float(value)
            smooth[place] = self._level
            self._count += 1
        return smooth

    def _steady(self, y: "Floats") -> "Floats":
        if not len(y):
            return y
        smooth = _decaying_sum(y * (1 - self.weight), self.weight, self._level)
        self._level = float(smooth[-1])
        return smooth


def _decaying_sum(values: "Floats", weight: float, level: float) -> "Floats":
    """Each value plus ``weight`` times the sum before it, which is ``level`` at first.

    Rows of 64 are summed by one matrix; what each row begins with is such a sum again, of the rows' ends.
    """
    import numpy as np

    rows = len(values) // _ROW
    summed = np.empty(len(values))
    if rows:
        powers = weight ** np.arange(_ROW + 1)
        ages = np.subtract.outer(np.arange(_ROW), np.arange(_ROW))
        within = values[: rows * _ROW].reshape(rows, _ROW) @ np.where(ages >= 0, powers[np.maximum(ages, 0)], 0.0).T
        ends = _decaying_sum(within[:, -1].copy(), float(powers[-1]), level)
        begins = np.concatenate(([level], ends[:-1]))
        summed[: rows * _ROW] = (within + np.outer(begins, powers[1:])).ravel()
        level = float(ends[-1])
    for place in range(rows * _ROW, len(values)):
        level = weight * level + float(values[place])
        summed[place] = level
    return summed
