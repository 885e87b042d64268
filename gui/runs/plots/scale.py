"""The unit of a chart's x axis: epochs, steps, or seconds of training. Curves are stored over epochs."""

import math
from typing import TYPE_CHECKING, Protocol, get_args

from gui.preferences.preferences_file import Axis
from gui.runs.plots import ticks
from gui.runs.plots.ticks import Tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gui.runs.curve_data.history import History

    Floats = NDArray[np.float64]

Unit = Axis
UNITS: tuple[Unit, ...] = get_args(Unit)
_LENGTHS_S = (60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 43200)  # of the time axis, then whole days
_DAY_S = 86400
_FULL = 0.8  # of the axis: then it is extended


class Scale(Protocol):
    """Maps the epochs of one run to an x axis that several runs share."""

    def at(self, epochs: "Floats") -> "Floats":
        """The positions of these epochs on the axis."""
        ...

    def epoch(self, place: float) -> float:
        """The epoch at a position on the axis."""
        ...


class Factor:
    """Multiplies epochs by a number."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor

    def at(self, epochs: "Floats") -> "Floats":
        """The positions of these epochs on the axis."""
        return epochs if self._factor == 1.0 else epochs * self._factor

    def epoch(self, place: float) -> float:
        """The epoch at a position on the axis."""
        return place / self._factor


EPOCHS: Scale = Factor()


def scale_of(history: "History | None", unit: Unit) -> Scale:
    """The scale of a run for a unit."""
    if history is None or unit == "epoch":
        return EPOCHS
    return Factor(history.steps_per_epoch) if unit == "step" else history.clock


def extent_of(history: "History", unit: Unit) -> float:
    """The length of the axis for a run, with room for epochs to come."""
    if unit == "epoch":
        return history.extent
    if unit == "step":
        return history.extent * history.steps_per_epoch
    seconds = history.clock.seconds
    return max(seconds, 0.001) if history.is_over else _room_s(seconds)


def marks(unit: Unit, left: float, right: float, most: int) -> list[Tick]:
    """Ticks at round values between two."""
    if unit == "time":
        return ticks.durations(left, right, most)
    return ticks.linear(left, right, most, whole=True)


def text(unit: Unit, place: float) -> str:
    """An x value with its unit, as text."""
    if unit == "epoch":
        return f"epoch {place:,.1f}"
    return f"step {place:,.0f}" if unit == "step" else ticks.duration(place, fine=True)


def _room_s(seconds: float) -> float:
    for room in _LENGTHS_S:
        if seconds < _FULL * room:
            return float(room)
    return math.ceil(seconds / (_FULL * _DAY_S)) * float(_DAY_S)
