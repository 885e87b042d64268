"""The range that a chart shows: all of its lines, or what a person has zoomed to."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gui.runs.history.curve import Curve
from gui.runs.plots import ticks
from gui.runs.plots.scale import Unit, marks
from gui.runs.plots.ticks import Tick

EDGE_PX = 3.0
MOST_LINES = 6  # across the chart
_OVER = 0.5  # of the calm curves' range, by which noisy ones may exceed it
_SMALLEST = 1e-12  # on a log axis


@dataclass(frozen=True, slots=True)
class Range:
    """``y`` in the axis's unit: logarithms when ``log``."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


class Part(NamedTuple):
    """What is seen of a curve, in its own epochs."""

    curve: Curve
    left: float
    right: float

    def range(self) -> tuple[float, float] | None:
        """Its lowest and highest value there."""
        return self.curve.range(self.left, self.right)


def fitting(
    calm: Iterable[Part],
    noisy: Iterable[Part],
    x: tuple[float, float],
    size_px: tuple[float, float],
    *,
    log: bool,
    percent: bool,
    unit: Unit = "epoch",
) -> Range:
    """The range that shows these curves; noisy ones are cut off where their outliers would flatten all else."""
    low, high = _extent(calm, noisy)
    most = max(2, min(MOST_LINES, int(size_px[1] // 34)))
    across = marks(unit, *x, max(2, int(size_px[0] // 64)))
    if log:
        floor, top = math.log10(max(low, _SMALLEST)), math.log10(max(high, _SMALLEST))
        pad = max(0.04, 0.05 * (top - floor))
        y = (floor - pad, top + pad)
        return Range(x, y, tuple(across), tuple(ticks.logarithmic(*y)))
    y = ticks.nice_range(low, high, most, top=1.0 if percent and high <= 1 else math.inf)
    upwards = tuple(ticks.linear(*y, most, percent=percent))
    edge = EDGE_PX / max(EDGE_PX * 4, size_px[1]) * (y[1] - y[0])  # a thick line at the end of the range is seen whole
    return Range(x, (y[0] - edge / 2, y[1] + edge), tuple(across), upwards)


def _extent(calm: Iterable[Part], noisy: Iterable[Part]) -> tuple[float, float]:
    smooth = [extent for part in calm if (extent := part.range())]
    rough = [extent for part in noisy if (extent := part.range())]
    if not smooth and not rough:
        return 0.0, 1.0
    if not smooth:
        return min(low for low, _ in rough), max(high for _, high in rough)
    low, high = min(low for low, _ in smooth), max(high for _, high in smooth)
    room = _OVER * (high - low)
    return (
        min([low, *(max(each, low - room) for each, _ in rough)]),
        max([high, *(min(each, high + room) for _, each in rough)]),
    )
