"""What a chart draws, as values: lines with their names and colours, and marks."""

from collections.abc import Callable
from dataclasses import dataclass

from gui.runs.following.curve import Curve


@dataclass(frozen=True, slots=True)
class Line:
    """One curve, with the noisy one behind it where there is any.

    ``of``: the curve as it is now; it is asked at each look, since a run that starts anew has other curves.
    ``text`` writes a value. ``dots``: mark each point while there is room.
    """

    name: str
    colour: str
    of: Callable[[], Curve | None]
    text: Callable[[float], str]
    raw: Callable[[], Curve | None] = lambda: None
    dashed: bool = False
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Places in epochs. ``now``: how far a training has come. ``best``: on the line of that number."""

    now: float | None = None
    drops: tuple[float, ...] = ()
    best: float | None = None
    best_line: int = -1
