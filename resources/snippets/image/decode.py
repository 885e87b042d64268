"""One image file as pixels in [0, 1]."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from resources.snippets.samples import DataError, regular

UNDECODED = "cannot be decoded as an image: "  # what a message says of a broken file
MOST_PIXELS = 100_000_000  # of one file; more is a mistake or an attack
GREYS = {"black": 0, "grey": 128, "white": 255}
DEEP = {"16-bit": (0.0, 65535.0), "32-bit": (0.0, 65535.0), "float": (0.0, 1.0)}
"""Images of more than 8 bits a channel, and what is black and white in them unless something else is known."""


def read_image(
    file: str | Path,
    height: int,
    width: int,
    colours: str = "rgb",
    fit: str = "crop",
    background: str = "white",
    levels: Mapping[str, tuple[float, float]] = DEEP,
) -> np.ndarray:
    """One image, float32 (channels, height, width) in [0, 1], turned as its camera says; of a film its first frame.

    ``background``: ``white``, ``black`` or ``grey``, what transparency is laid on; nothing to ignore transparency.
    ``levels``: what is black and what white, for each depth of image.
    """
    with opened_image(file) as opened:
        turned = ImageOps.exif_transpose(opened)
        if depth := depth_of(opened):
            image = levelled(turned, depth, levels)
        else:
            if turned.mode == "LAB":
                turned = turned.convert("RGB")  # to grey it has no way
            image = opaque(turned, background).convert("RGB" if colours == "rgb" else "L")
        pixels = np.asarray(sized(image, height, width, fit), dtype=np.float32) / np.float32(255)
    if pixels.ndim == 3:
        return np.moveaxis(pixels, 2, 0)
    return np.repeat(pixels[None], 3 if colours == "rgb" else 1, axis=0)


@contextmanager
def opened_image(file: str | Path) -> Iterator[Image.Image]:
    """An open image. Raises: `DataError`, whatever decoders raise about a broken file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about its size and its metadata
            with Image.open(regular(file)) as image:
                refuse_huge(file, image.width * image.height)
                yield image
    except DataError:
        raise
    except Exception as wrong:  # a broken file makes decoders raise almost anything
        what = f"{file}: {UNDECODED}{reason_of(file, wrong)}."
        raise DataError(what, "Replace or delete the file.") from wrong


def refuse_huge(file: str | Path, pixels: int) -> None:
    """Refuse an image of too many pixels."""
    if pixels > MOST_PIXELS:
        what = f"{file}: claims {pixels:,} pixels, more than {MOST_PIXELS:,}."
        raise DataError(what, "Make it smaller, or delete it.")


def reason_of(file: str | Path, wrong: Exception) -> str:
    """Why a file does not decode, without its name."""
    if isinstance(wrong, UnidentifiedImageError):
        is_empty = not Path(file).stat().st_size
        return "it is empty" if is_empty else "it begins like no known kind of image"
    if isinstance(wrong, OSError) and wrong.strerror:
        return wrong.strerror
    return (str(wrong) or type(wrong).__name__).splitlines()[0].rstrip(".")


def depth_of(image: Image.Image) -> str:
    """A key of ``DEEP``, or nothing for 8 bits a channel."""
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PPM", "PNG")):
        return "16-bit"
    return {"I": "32-bit", "F": "float"}.get(image.mode, "")


def levelled(
    image: Image.Image, depth: str, levels: Mapping[str, tuple[float, float]]
) -> Image.Image:
    """A deep image with its black at 0 and its white at 255."""
    if depth not in levels:
        raise ValueError(f"it has {depth} values, and no image that the network learned from had")
    black, white = levels[depth]
    values = finite(np.asarray(image, dtype=np.float64))
    if depth != "float" and (black, white) == (0, 65535):  # Pillow's own conversion would clip
        return Image.fromarray((values.clip(0, 65535) / 257).round().astype(np.uint8))
    low, high = min(black, white), max(black, white)
    scaled = (values.clip(low, high) - black) / (white - black) * 255
    return Image.fromarray(scaled.astype(np.float32))


def finite(values: np.ndarray) -> np.ndarray:
    """The values, unless one is nan or infinite."""
    if not np.isfinite(values).all():
        raise ValueError("it holds values that are nan or infinite")
    return values


def opaque(image: Image.Image, background: str) -> Image.Image:
    """The image with what is transparent in it laid on the background."""
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


def sized(image: Image.Image, height: int, width: int, fit: str) -> Image.Image:
    """The image at this size; ``fit``: its middle (crop), with black borders (pad), or distorted (stretch)."""
    size, way = (width, height), Image.Resampling.BILINEAR
    if image.size == size:
        return image
    if fit == "stretch":
        return image.resize(size, way)
    return ImageOps.fit(image, size, way) if fit == "crop" else ImageOps.pad(image, size, way)
