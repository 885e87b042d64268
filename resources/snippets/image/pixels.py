"""Recognizes arrays of images, the axis of their channels, and their values of black and white."""

import numpy as np

from resources.snippets.load_result import Guess
from resources.snippets.samples import DataError

WHITES = (255, 1023, 4095, 65535)
"""The value of white in images of 8, 10, 12 and 16 bits."""
MAX_CODES = 31  # bytes up to this are class numbers, flags or other codes, not brightness
SMALLEST_SIDE = 8  # of an array of fractions or whole numbers that is read as images
CHANNELS = (1, 3, 4)


def has_channels_last(shape: tuple[int, ...], is_bytes: bool) -> bool:
    """Whether images of that shape, samples on axis 0, have their channels on the last axis, not the second."""
    return are_channels_last(shape) and (is_bytes or min(shape[1], shape[2]) >= SMALLEST_SIDE)


def are_channels_last(shape: tuple[int, ...]) -> bool:
    """Whether only the last of four axes can be the axis of channels."""
    return len(shape) == 4 and shape[3] in CHANNELS and shape[1] not in CHANNELS


def are_pixels(sample: np.ndarray) -> bool:
    """Whether bytes are brightness up to 255: some are above 31, and not only 255, which often means *no class*."""
    above = sample[sample > MAX_CODES]
    if not above.size:
        return False
    return bool((above < 255).any()) or bool((sample[sample <= MAX_CODES] == 0).all())


def usual_levels(low: float, high: float, *, is_whole: bool) -> tuple[float, float]:
    """The values that become 0 and 1, for images with values from ``low`` to ``high``.

    Whole numbers: 0 and the white of the fewest bits that hold them. Fractions within 0 and 1 stay as they are. All
    others: the smallest and the largest.
    """
    if low >= 0 and not is_whole and high <= 1:
        return 0.0, 1.0
    if low >= 0 and is_whole:
        white = next((white for white in WHITES if high <= white), None)
        if white is not None and high * 16 > white:
            return 0.0, float(white)
        low = 0.0
    return float(low), float(high if high > low else low + 1)


def check_levels(levels: tuple[float, float]) -> None:
    """Refuse black and white that are the same."""
    if levels[0] == levels[1]:
        raise DataError(
            f"levels: black and white are both {levels[0]:g}.", "Give two different numbers."
        )


def levels_guess(what: str, low: float, high: float, levels: tuple[float, float]) -> Guess:
    """The guess about the values of black and white."""
    black, white = levels
    return Guess(
        f"{what} hold values from {low:g} to {high:g}: {black:g} was read as black and {white:g} as white.",
        "Set levels to the values that are black and white.",
        "levels",
        levels,
        f"Set levels to {black:g} and {white:g}",
    )


def levels_text(what: str, levels: tuple[float, float]) -> str:
    """The change of the values, in words."""
    return f"{what}: {levels[0]:g} to {levels[1]:g} became 0 to 1"
