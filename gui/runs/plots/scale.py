"""What a chart counts along its axis: epochs, steps, or seconds of training. Curves themselves lie over epochs."""

import math
from typing import TYPE_CHECKING, Protocol, get_args

from gui.preferences.preferences_file import Axis
from gui.runs.plots import ticks
from gui.runs.plots.ticks import Tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gui.runs.history.history import History

    Floats = NDArray[np.float64]

Unit = Axis
UNITS: tuple[Unit, ...] = get_args(Unit)
_ROOMS_S = (60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 43200)  # then whole days
_DAY_S = 86400
_FULL = 0.8  # of the room


class Scale(Protocol):
    """How the epochs of one run lie on an axis that several runs share."""

    def at(self, epochs: "Floats") -> "Floats":
        """Where these epochs lie."""
        ...

    def epoch(self, place: float) -> float:
        """Which epoch lies at a place."""
        ...


class Factor:
    """Places are epochs times a number."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor

    def at(self, epochs: "Floats") -> "Floats":
        """Where these epochs lie."""
        return epochs if self._factor == 1.0 else epochs * self._factor

    def epoch(self, place: float) -> float:
        """Which epoch lies at a place."""
        return place / self._factor


EPOCHS: Scale = Factor()


def scale_of(history: "History | None", unit: Unit) -> Scale:
    """How a run lies on an axis."""
    if history is None or unit == "epoch":
        return EPOCHS
    return Factor(history.steps_per_epoch) if unit == "step" else history.clock


def extent_of(history: "History", unit: Unit) -> float:
    """How long the axis has to be for a run, with room for what is to come."""
    if unit == "epoch":
        return history.extent
    if unit == "step":
        return history.extent * history.steps_per_epoch
    seconds = history.clock.seconds
    return max(seconds, 0.001) if history.is_over else _room_s(seconds)


def marks(unit: Unit, left: float, right: float, most: int) -> list[Tick]:
    """Round places between two, with the text at each."""
    if unit == "time":
        return ticks.durations(left, right, most)
    return ticks.linear(left, right, most, whole=True)


def text(unit: Unit, place: float) -> str:
    """A place in words."""
    if unit == "epoch":
        return f"epoch {place:,.1f}"
    return f"step {place:,.0f}" if unit == "step" else ticks.duration(place, fine=True)


def _room_s(seconds: float) -> float:
    for room in _ROOMS_S:
        if seconds < _FULL * room:
            return float(room)
    return math.ceil(seconds / (_FULL * _DAY_S)) * float(_DAY_S)
