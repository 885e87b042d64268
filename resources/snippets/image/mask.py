"""The mask of an image: a class for each pixel."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from resources.snippets.image.decode import open_image, read_image, resize
from resources.snippets.image.files import image_files
from resources.snippets.samples import DataError

MAX_VALUES = 64  # different values of a mask; more are a picture, or a mask that was saved as JPEG
ENDINGS_OF_MASKS = ("", "_mask", "-mask", "_seg", "_label", "_gt", "_segmentation")
"""What the name of a mask's file has behind the name of its image."""


def mask_values(file: str | Path) -> np.ndarray:
    """The stored value of each pixel, (height, width): a grey value, the number of a colour, or red * 65536 + ...."""
    with open_image(file) as original:
        image = ImageOps.exif_transpose(original)
        if image.mode in ("RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV"):
            red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), dtype=np.int64), 2, 0)
            is_grey = bool((red == green).all() and (green == blue).all())
            colours: np.ndarray = red if is_grey else (red * 256 + green) * 256 + blue
            return colours
        if image.mode in ("LA", "PA", "La"):
            image = image.getchannel(0)
        return np.asarray(image).astype(np.int64)


def read_mask(
    file: str | Path, values: Sequence[int], height: int, width: int, fit: str
) -> np.ndarray:
    """The class of each pixel, int64 (height, width); ``values``: the stored value of each class.

    ``fit``: as for images; borders that pad are class 0, and no values are mixed.
    """
    stored = mask_values(file)
    numbers = np.searchsorted(values, stored).clip(max=len(values) - 1)
    wrong = np.asarray(values)[numbers] != stored
    if wrong.any():
        raise DataError(
            f"{file}: holds the value {stored[wrong][0]}, which is none of the classes' values.",
            "Give each class the value that it has in the other masks.",
        )
    small = resize(
        Image.fromarray(numbers.astype(np.uint8)), height, width, fit, Image.Resampling.NEAREST
    )
    return np.asarray(small, dtype=np.int64)


def image_size(file: str | Path) -> tuple[int, int]:
    """Height and width of an image, turned as its camera recorded."""
    with open_image(file) as original:
        turns = original.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        return (original.width, original.height) if turns else (original.height, original.width)


def pairs_of(images: str | Path, masks: str | Path) -> list[tuple[Path, Path | None]]:
    """Each image with its mask, whose file has the same name below its folder, except for the ending."""
    of_mask = {
        file.relative_to(masks).with_suffix("").as_posix(): file
        for file in image_files(Path(masks))[0]
    }
    pairs: list[tuple[Path, Path | None]] = []
    for file in image_files(Path(images))[0]:
        name = file.relative_to(images).with_suffix("").as_posix()
        masks_of_image = (
            of_mask[f"{name}{end}"] for end in ENDINGS_OF_MASKS if f"{name}{end}" in of_mask
        )
        mask = next(masks_of_image, None)
        if mask != file:
            pairs.append((file, mask))
    return pairs


def read_pair(
    image: Path, mask: Path | None, how: Mapping[str, Any], values: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """An image, float32 (channels, height, width), and its mask, int64 (height, width).

    For the parameters see `read_known_pairs`.
    """
    if mask is None:
        raise DataError(f"{image} has no mask.", "Add one with the same name.")
    size, stored = image_size(image), image_size(mask)
    if size != stored:
        raise DataError(
            f"{mask} is {stored[0]} x {stored[1]} pixels, and its image {image.name} is {size[0]} x {size[1]}.",
            "Save the mask in the size of its image.",
        )
    height, width, colours, fit = how["size"]
    pixels = read_image(image, height, width, colours, fit, how["background"], how["levels"])
    return pixels, read_mask(mask, values, height, width, fit)


def read_known_pairs(
    images: str,
    masks: str,
    *,
    values: Sequence[int],
    how: Mapping[str, Any],
    skip_broken: bool = False,
) -> dict[str, np.ndarray]:
    """The images and their masks. ``how``: ``size`` (height, width, colours, fit), ``background`` and ``levels``."""
    pixels, classes = [], []
    for image, mask in pairs_of(images, masks):
        try:
            one, other = read_pair(image, mask, how, values)
        except DataError:
            if not skip_broken:
                raise
            continue
        pixels.append(one)
        classes.append(other)
    return {"image": np.stack(pixels), "mask": np.stack(classes)}
