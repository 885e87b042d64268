"""The range that a chart shows: all of its lines, or what the user has zoomed to."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gui.runs.curve_data.curve import Curve
from gui.runs.plots import ticks
from gui.runs.plots.scale import Unit, marks
from gui.runs.plots.ticks import Tick

EDGE_PX = 3.0
MAX_LINES = 6  # horizontal grid lines
_OVER = 0.5  # how far raw curves may exceed the range of the smooth ones, as a share of it
_SMALLEST = 1e-12  # on a logarithmic axis


@dataclass(frozen=True, slots=True)
class Range:
    """The visible range with its ticks; ``y`` holds logarithms on a logarithmic axis."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


class Part(NamedTuple):
    """The visible part of a curve, in epochs."""

    curve: Curve
    left: float
    right: float

    def range(self) -> tuple[float, float] | None:
        """The lowest and highest visible value."""
        return self.curve.range(self.left, self.right)


def fitting(
    smooth_parts: Iterable[Part],
    raw_parts: Iterable[Part],
    x: tuple[float, float],
    size_px: tuple[float, float],
    *,
    log: bool,
    percent: bool,
    unit: Unit = "epoch",
) -> Range:
    """The range that shows these curves; outliers of raw curves are cut off, so that the rest is not flat."""
    low, high = _extent(smooth_parts, raw_parts)
    most = max(2, min(MAX_LINES, int(size_px[1] // 34)))
    across = marks(unit, *x, max(2, int(size_px[0] // 64)))
    if log:
        floor, top = math.log10(max(low, _SMALLEST)), math.log10(max(high, _SMALLEST))
        pad = max(0.04, 0.05 * (top - floor))
        y = (floor - pad, top + pad)
        return Range(x, y, tuple(across), tuple(ticks.logarithmic(*y)))
    y = ticks.nice_range(low, high, most, top=1.0 if percent and high <= 1 else math.inf)
    upwards = tuple(ticks.linear(*y, most, percent=percent))
    edge = EDGE_PX / max(EDGE_PX * 4, size_px[1]) * (y[1] - y[0])  # so that a thick line at the edge is not cut
    return Range(x, (y[0] - edge / 2, y[1] + edge), tuple(across), upwards)


def _extent(smooth_parts: Iterable[Part], raw_parts: Iterable[Part]) -> tuple[float, float]:
    smooth_extents = [extent for part in smooth_parts if (extent := part.range())]
    raw_extents = [extent for part in raw_parts if (extent := part.range())]
    if not smooth_extents and not raw_extents:
        return 0.0, 1.0
    if not smooth_extents:
        return min(low for low, _ in raw_extents), max(high for _, high in raw_extents)
    low, high = min(low for low, _ in smooth_extents), max(high for _, high in smooth_extents)
    room = _OVER * (high - low)
    return (
        min([low, *(max(each, low - room) for each, _ in raw_extents)]),
        max([high, *(min(each, high + room) for _, each in raw_extents)]),
    )
