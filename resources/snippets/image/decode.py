"""One image file as pixels in [0, 1]."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from resources.snippets.samples import DataError, regular_file

UNDECODED = "cannot be decoded as an image: "  # in the message about a broken file
MAX_PIXELS = 100_000_000  # of one file; more are a mistake or an attack
GREYS = {"black": 0, "grey": 128, "white": 255}
DEEP = {"16-bit": (0.0, 65535.0), "32-bit": (0.0, 65535.0), "float": (0.0, 1.0)}
"""The depths of images with more than 8 bits per channel, and the usual values of black and white in them."""


def read_image(
    file: str | Path,
    height: int,
    width: int,
    colours: str = "rgb",
    fit: str = "crop",
    background: str = "white",
    levels: Mapping[str, tuple[float, float]] = DEEP,
) -> np.ndarray:
    """One image, float32 (channels, height, width) in [0, 1], turned as its camera recorded; of a film the first frame.

    ``background``: the colour behind a transparent image, ``white``, ``black`` or ``grey``; empty to ignore
    transparency. ``levels``: the values of black and white, for each depth of image.
    """
    with open_image(file) as original:
        image = ImageOps.exif_transpose(original)
        if depth := depth_of(original):
            image = scale_levels(image, depth, levels)
        else:
            if image.mode == "LAB":
                image = image.convert("RGB")  # Pillow cannot convert it to grey
            image = on_background(image, background).convert("RGB" if colours == "rgb" else "L")
        pixels = np.asarray(resize(image, height, width, fit), dtype=np.float32) / np.float32(255)
    if pixels.ndim == 3:
        return np.moveaxis(pixels, 2, 0)
    return np.repeat(pixels[None], 3 if colours == "rgb" else 1, axis=0)


@contextmanager
def open_image(file: str | Path) -> Iterator[Image.Image]:
    """An open image. Raises: `DataError` for a broken file, whatever the decoder raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about its size and its metadata
            with Image.open(regular_file(file)) as image:
                refuse_huge(file, image.width * image.height)
                yield image
    except DataError:
        raise
    except Exception as error:  # a broken file makes decoders raise almost anything
        message = f"{file}: {UNDECODED}{reason_of(file, error)}."
        raise DataError(message, "Replace or delete the file.") from error


def refuse_huge(file: str | Path, pixels: int) -> None:
    """Refuse an image of too many pixels."""
    if pixels > MAX_PIXELS:
        message = f"{file}: claims {pixels:,} pixels, more than {MAX_PIXELS:,}."
        raise DataError(message, "Make it smaller, or delete it.")


def reason_of(file: str | Path, error: Exception) -> str:
    """Why a file does not decode, without its name."""
    if isinstance(error, UnidentifiedImageError):
        is_empty = not Path(file).stat().st_size
        return "it is empty" if is_empty else "it begins like no known kind of image"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")


def depth_of(image: Image.Image) -> str:
    """The depth of an image: a key of ``DEEP``, or nothing for 8 bits per channel."""
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PPM", "PNG")):
        return "16-bit"
    return {"I": "32-bit", "F": "float"}.get(image.mode, "")


def scale_levels(
    image: Image.Image, depth: str, levels: Mapping[str, tuple[float, float]]
) -> Image.Image:
    """A deep image, scaled so that black is 0 and white is 255."""
    if depth not in levels:
        raise ValueError(f"it has {depth} values, and no image that the network learned from had")
    black, white = levels[depth]
    values = check_finite(np.asarray(image, dtype=np.float64))
    if depth != "float" and (black, white) == (0, 65535):  # Pillow's own conversion would clip
        return Image.fromarray((values.clip(0, 65535) / 257).round().astype(np.uint8))
    low, high = min(black, white), max(black, white)
    scaled = (values.clip(low, high) - black) / (white - black) * 255
    return Image.fromarray(scaled.astype(np.float32))


def check_finite(values: np.ndarray) -> np.ndarray:
    """The values. Raises: `ValueError` if one is nan or infinite."""
    if not np.isfinite(values).all():
        raise ValueError("it holds values that are nan or infinite")
    return values


def on_background(image: Image.Image, background: str) -> Image.Image:
    """The image, with the background where it is transparent."""
    if not background or not can_be_transparent(image):
        return image
    layer = image.convert("RGBA")
    if layer.getchannel("A").getextrema()[0] == 255:
        return image
    ground = Image.new("RGBA", layer.size, (GREYS[background],) * 3 + (255,))
    ground.alpha_composite(layer)
    return ground.convert("RGB")


def can_be_transparent(image: Image.Image) -> bool:
    """Whether the kind of image has transparency."""
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def resize(
    image: Image.Image,
    height: int,
    width: int,
    fit: str,
    method: Image.Resampling = Image.Resampling.BILINEAR,
) -> Image.Image:
    """The image in this size; ``fit``: its middle (crop), with black borders (pad), or distorted (stretch)."""
    size = (width, height)
    if image.size == size:
        return image
    if fit == "stretch":
        return image.resize(size, method)
    return ImageOps.fit(image, size, method) if fit == "crop" else ImageOps.pad(image, size, method)
