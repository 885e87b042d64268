"""What a chart draws, as values: lines with their names and colours, and marks."""

from collections.abc import Callable
from dataclasses import dataclass

from gui.runs.history.curve import Curve
from gui.runs.plots.scale import EPOCHS, Scale


@dataclass(frozen=True, slots=True)
class Line:
    """One curve, with the noisy one behind it where there is any.

    ``of``: the curve as it is now; it is asked at each look, since a run that starts anew has other curves.
    ``text`` writes a value. ``dots``: mark each point while there is room. ``scale``: where epochs lie on the axis.
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
    """Places in epochs, which lie on the axis as ``scale`` says.

    ``now``: how far a training has come. ``best``: on the line of that number.
    """

    now: float | None = None
    drops: tuple[float, ...] = ()
    best: float | None = None
    best_line: int = -1
    scale: Scale = EPOCHS

    def at(self, epoch: float) -> float:
        """Where an epoch lies on the axis."""
        import numpy as np

        return float(self.scale.at(np.array([epoch]))[0])
