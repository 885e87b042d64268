"""The total loss of one phase by step, and its moving average."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gui.runs.curve_data.curve import Curve
from gui.runs.curve_data.smoothing import SmoothedCurve

if TYPE_CHECKING:
    from gui.runs.curve_data.curve import Floats


class PhaseLoss:
    """``raw`` has a point for each step in which the phase ran; ``smooth`` is its moving average."""

    def __init__(self, smoothing: float) -> None:
        self.raw, self._smoothed = Curve(), SmoothedCurve(smoothing)

    @property
    def smooth(self) -> Curve:
        """The moving average of ``raw``."""
        return self._smoothed.curve

    def add(self, x: "Floats", totals: Sequence[float | None]) -> None:
        """Add the losses of steps; ``None`` where the phase did not run."""
        import numpy as np

        count = min(len(x), len(totals))
        ran = np.array([total is not None for total in totals[:count]], dtype=bool)
        y = np.array([total for total in totals[:count] if total is not None], dtype=np.float64)
        if len(y):
            self.raw.add(x[:count][ran], y)
            self._smoothed.add(x[:count][ran], y)

    def set_smoothing(self, weight: float) -> None:
        """Smooth again from the first step."""
        self._smoothed = SmoothedCurve(weight)
        if len(self.raw):
            self._smoothed.add(self.raw.x, self.raw.y)
