"""What the values of a node and the shapes of its inputs must fulfil, as values of its declaration."""

from typing import Literal

from msgspec import Struct

BorderKind = Literal["any", "mirrored", "wrapped"]
"""The source of the values of a border: a wrapped border copies the opposite side."""


class Divides(Struct, frozen=True):
    """That a parameter, to this power, must divide the sizes of these axes of the input."""

    param: str
    axes: tuple[int, ...]
    power: int = 1


class Border(Struct, frozen=True):
    """The border that a layer adds. ``param``: its sizes, those of the last axis first where there are two for each.

    ``kind``: a mirrored border must be smaller than the axis, a wrapped one at most as large. ``mode``: the parameter
    that decides this, by the names of torch's padding modes.
    """

    param: str
    kind: BorderKind = "any"
    mode: str = ""


class Ascending(Struct, frozen=True):
    """That the number ``high`` must be as large as ``low``; ``strictly``: larger."""

    low: str
    high: str
    strictly: bool = False
