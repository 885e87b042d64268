"""The values that a port takes, beyond their type."""

import math
from typing import Literal

from msgspec import Struct

Meaning = Literal["values", "scores", "probabilities", "log-probabilities"]
"""What the input of a loss means. ``scores``: logits, of any size."""


class Takes(Struct, frozen=True, kw_only=True):
    """What the numbers at a port must be, judged by the layer that computes them: at least ``low``, or a meaning.

    ``usual``: the layer that makes them so, with ``dim`` -1 if it has one. ``is_refused``: torch refuses others.
    ``unless``: the flag with which any number is right.
    """

    low: float = -math.inf
    meaning: Meaning = "values"
    usual: str
    is_refused: bool = False
    unless: str = ""


class WholeNumbers(Struct, frozen=True):
    """The whole numbers that a port takes: from ``low`` to below the size of ``axis`` in the declared shapes.

    ``is_length``: they are lengths along that axis, so that its size is legal too.
    """

    axis: str
    low: int = 0
    is_length: bool = False
