"""An exponential moving average of a curve, updated as points are added."""

from typing import TYPE_CHECKING

from gui.runs.curve_data.curve import Curve

if TYPE_CHECKING:
    from gui.runs.curve_data.curve import Floats

_ROW = 64  # points that one multiplication smooths
_RAMP = 9.0  # the weight of the past is at most n / (n + 9) at the n-th point, so that a short curve does not lag


class SmoothedCurve:
    """Follows a curve. ``weight``, in [0, 1), is the weight of the past in the average; 0 leaves the curve as it is.

    It is smaller for the first points: else half of a curve of 60 points would be dominated by its start.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.curve = Curve()
        self._level = 0.0
        self._count = 0

    def add(self, x: "Floats", y: "Floats") -> None:
        """Add the new points of the raw curve; those that are not finite are ignored."""
        import numpy as np

        finite = np.isfinite(y)
        if not finite.all():
            x, y = x[finite], y[finite]
        if not len(y):
            return
        ramp_points = min(len(y), max(0, round(_RAMP * self.weight / (1 - self.weight)) - self._count))
        smooth = np.concatenate([self._first(y[:ramp_points]), self._steady(y[ramp_points:])])
        self.curve.add(x, smooth)

    def _first(self, y: "Floats") -> "Floats":
        """Average the first points, whose weight of the past still grows."""
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
    """Each value plus ``weight`` times the sum before it; the first sum is ``level``.

    Rows of 64 values are summed by one matrix product; the sums that rows start from are computed the same way.
    """
    import numpy as np

    rows = len(values) // _ROW
    sums = np.empty(len(values))
    if rows:
        powers = weight ** np.arange(_ROW + 1)
        ages = np.subtract.outer(np.arange(_ROW), np.arange(_ROW))
        within = values[: rows * _ROW].reshape(rows, _ROW) @ np.where(ages >= 0, powers[np.maximum(ages, 0)], 0.0).T
        ends = _decaying_sum(within[:, -1].copy(), float(powers[-1]), level)
        begins = np.concatenate(([level], ends[:-1]))
        sums[: rows * _ROW] = (within + np.outer(begins, powers[1:])).ravel()
        level = float(ends[-1])
    for place in range(rows * _ROW, len(values)):
        level = weight * level + float(values[place])
        sums[place] = level
    return sums
