"""The content of a chart as plain values: lines with names and colours, and marks."""

from collections.abc import Callable
from dataclasses import dataclass

from gui.runs.curve_data.curve import Curve
from gui.runs.plots.scale import EPOCHS, Scale


@dataclass(frozen=True, slots=True)
class Line:
    """One curve, with the raw one behind it if there is one.

    ``of`` gives the current curve: a history that restarts has new curves. ``text`` formats a value.
    ``dots``: draw a dot at each point while there is room. ``scale`` maps epochs to the x axis.
    """

    name: str
    colour: str
    of: Callable[[], Curve | None]
    text: Callable[[float], str]
    raw: Callable[[], Curve | None] = lambda: None
    dashed: bool = False
    dots: bool = False
    scale: Callable[[], Scale] = lambda: EPOCHS


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of a chart, in epochs; ``scale`` maps them to the x axis.

    ``now``: the current epoch. ``best``: the best epoch, marked on the line with the index ``best_line``.
    """

    now: float | None = None
    drops: tuple[float, ...] = ()
    best: float | None = None
    best_line: int = -1
    scale: Scale = EPOCHS

    def at(self, epoch: float) -> float:
        """The position of an epoch on the x axis."""
        import numpy as np

        return float(self.scale.at(np.array([epoch]))[0])
