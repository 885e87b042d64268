"""The header of an image file, and the range and brightness of its pixels."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from resources.snippets.image.decode import can_be_transparent, check_finite, depth_of, open_image
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError

BYTES_A_PIXEL = 12  # while a file is decoded and brought to size


@dataclass(frozen=True)
class ImageHeader:
    """The header of a file.

    ``depth``: a key of ``DEEP``, or nothing for 8 bits per channel. ``has_alpha``: whether it can be transparent.
    ``has_more``: whether it contains more images than the first.
    """

    depth: str = ""
    has_alpha: bool = False
    has_more: bool = False


def read_image_header(file: str | Path) -> ImageHeader:
    """The header of a file. Raises: `DataError` when it is not an image."""
    with open_within_memory(file) as image:
        is_film = image.format in ("GIF", "PNG", "TIFF", "WEBP", "AVIF")  # others: previews, layers
        has_more = is_film and bool(getattr(image, "is_animated", False))
        return ImageHeader(depth_of(image), can_be_transparent(image), has_more)


def decode(file: str | Path) -> None:
    """Refuse a file that does not decode, without decoding more than needed."""
    with open_within_memory(file) as image:
        if image.format == "JPEG":
            image.draft("L", (1, 1))  # an eighth of its size, from all of its bytes
        image.load()
        if depth_of(image):
            check_finite(np.asarray(image))


def value_range(file: str | Path) -> tuple[float, float]:
    """The smallest and the largest value of a deep image."""
    with open_within_memory(file) as image:
        values = check_finite(np.asarray(image))
        return float(values.min()), float(values.max())


def visible_brightness(file: str | Path) -> tuple[float, float]:
    """The brightness of the visible part, in [0, 1], and its share; ``(0, 0)`` for an image without transparency."""
    with open_within_memory(file) as image:
        layers = np.asarray(image.convert("RGBA"), dtype=np.float32) / np.float32(255)
    alpha = layers[..., 3]
    weight = float(alpha.mean(dtype=np.float64))
    if alpha.min(initial=1) == 1 or not weight:
        return 0.0, 0.0
    return float((layers[..., :3].mean(2) * alpha).mean(dtype=np.float64)) / weight, weight


@contextmanager
def open_within_memory(file: str | Path) -> Iterator[Image.Image]:
    """An open image that fits into memory. Raises: `DataError`."""
    with open_image(file) as image:
        pixels = image.width * image.height
        if pixels * BYTES_A_PIXEL > memory_left():
            raise DataError(
                f"{file}: to decode its {pixels:,} pixels needs {size_text(pixels * BYTES_A_PIXEL)} of memory, and "
                f"{size_text(memory_left())} are left.",
                "Make it smaller.",
            )
        yield image
