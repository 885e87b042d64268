"""Images and labels of IDX files, read in the same way as the training data."""

import gzip
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np

from resources.snippets.known_format.labels import class_numbers
from resources.snippets.samples import DataError

IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
"""The types of values, by the third byte."""
BYTE_LEVELS = (0.0, 255.0)


def read_known_idx(
    images: str,
    labels: str,
    classes: Sequence[int | str],
    *,
    is_last: bool = False,
    levels: Sequence[float] = BYTE_LEVELS,
) -> dict[str, np.ndarray]:
    """``image`` as in `idx_images`, and ``label``, class numbers; ``classes``: the label of each class."""
    numbers = class_numbers(labels, idx_array(labels).reshape(-1), classes)
    pictures = idx_array(images)
    if len(pictures) != len(numbers):
        message = f"{images} holds {len(pictures)} images, but {labels} {len(numbers)} labels."
        raise DataError(message, "Choose the two files of the same part.")
    return {"image": idx_images(pictures, is_last, levels), "label": numbers}


def idx_array(path: str | Path) -> np.ndarray:
    """The array of a file, plain or packed with gzip."""
    try:
        raw = Path(path).read_bytes()
        raw = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{path} cannot be read: {reason}.", "Check the path.") from error
    kind, axes = (raw[2], raw[3]) if len(raw) > 3 and not any(raw[:2]) else (0, 0)
    start = 4 + 4 * axes
    shape = [int.from_bytes(raw[at : at + 4], "big") for at in range(4, start, 4)]
    if (
        kind not in IDX_TYPES
        or prod(shape) * np.dtype(IDX_TYPES[kind]).itemsize != len(raw) - start
    ):
        raise DataError(f"{path} is not an IDX file, or cut off.", "Fetch it again.")
    return np.frombuffer(raw, IDX_TYPES[kind], offset=start).reshape(shape)


def idx_images(values: np.ndarray, is_last: bool, levels: Sequence[float]) -> np.ndarray:
    """Images as float32 (samples, channels, height, width) in [0, 1].

    ``is_last``: the channels are on the last axis. ``levels``: the values of black and white.
    """
    if values.ndim == 3:
        values = values[:, None]
    elif is_last:
        values = np.moveaxis(values, 3, 1)
    if values.dtype == np.uint8 and tuple(levels) == BYTE_LEVELS:
        return np.ascontiguousarray(values, dtype=np.float32) / np.float32(255)
    black, white = levels
    clipped = values.astype(np.float64).clip(min(levels), max(levels))
    return np.ascontiguousarray((clipped - black) / (white - black), dtype=np.float32)
