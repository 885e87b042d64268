"""The calm curve behind a noisy one: an exponential moving average that is kept up as points come."""

from typing import TYPE_CHECKING

from gui.runs.curve import Curve

if TYPE_CHECKING:
    from gui.runs.curve import Floats

_ROW = 64  # points that one multiplication smooths


class Smoothed:
    """Follows a curve. ``weight`` in [0, 1): how much of the past each point keeps; 0 leaves the curve as it is."""

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.curve = Curve()
        self._level: float | None = None

    def add(self, x: "Floats", y: "Floats") -> None:
        """Take the points that were added to the noisy curve; what is not finite is passed over."""
        import numpy as np

        finite = np.isfinite(y)
        if not finite.all():
            x, y = x[finite], y[finite]
        if not len(y):
            return
        if self._level is None:
            self._level = float(y[0])
        smooth = _decaying_sum(y * (1 - self.weight), self.weight, self._level)
        self._level = float(smooth[-1])
        self.curve.add(x, smooth)


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
