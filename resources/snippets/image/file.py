"""One image file: what its first bytes say of it, and its pixels in [0, 1]."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from resources.snippets.memory import memory_left, size_text
from resources.snippets.rows import regular
from resources.snippets.samples import DataError

ENDINGS = (
    ".apng", ".avif", ".bmp", ".bw", ".dds", ".dib", ".gif", ".ico", ".j2k", ".jfif",
    ".jp2", ".jpe", ".jpeg", ".jpg", ".jpx", ".pbm", ".pcx", ".pfm", ".pgm", ".png",
    ".pnm", ".ppm", ".psd", ".qoi", ".rgb", ".sgi", ".tga", ".tif", ".tiff", ".webp",
)  # fmt: skip
"""Of the files that are read; what is in a file counts, not which of these it has."""
UNDECODED = "cannot be decoded as an image: "  # what a message says of a broken file
MOST_PIXELS = 100_000_000  # of one file; more is a mistake or an attack
BYTES_A_PIXEL = 12  # while a file is decoded and brought to size
GREYS = {"black": 0, "grey": 128, "white": 255}
DEEP = {"16-bit": (0.0, 65535.0), "32-bit": (0.0, 65535.0), "float": (0.0, 1.0)}
"""Images of more than 8 bits a channel, and what is black and white in them unless something else is known."""


@dataclass(frozen=True)
class ImageFacts:
    """What the header of a file says.

    ``depth``: a key of ``DEEP``, or nothing for 8 bits a channel. ``has_alpha``: whether it can be transparent.
    ``has_more``: whether it holds more images than the first.
    """

    depth: str = ""
    has_alpha: bool = False
    has_more: bool = False


def image_facts(file: str | Path) -> ImageFacts:
    """The facts of a file. Raises: `DataError` when it is no image."""
    with _opened(file) as image:
        is_film = image.format in ("GIF", "PNG", "TIFF", "WEBP", "AVIF")  # others: previews, layers
        has_more = is_film and bool(getattr(image, "is_animated", False))
        return ImageFacts(_depth(image), _can_be_transparent(image), has_more)


def _depth(image: Image.Image) -> str:
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PPM", "PNG")):
        return "16-bit"
    return {"I": "32-bit", "F": "float"}.get(image.mode, "")


def decode(file: str | Path) -> None:
    """Refuse a file that does not decode, as fast as that can be found out."""
    with _opened(file) as image:
        if image.format == "JPEG":
            image.draft("L", (1, 1))  # an eighth of its size, from all of its bytes
        image.load()
        if _depth(image):
            _finite(np.asarray(image))


def value_range(file: str | Path) -> tuple[float, float]:
    """The smallest and the largest value of a deep image."""
    with _opened(file) as image:
        values = _finite(np.asarray(image))
        return float(values.min()), float(values.max())


def seen_brightness(file: str | Path) -> tuple[float, float]:
    """The brightness of what is not transparent, in [0, 1], and how much that is; ``(0, 0)`` for an opaque image."""
    with _opened(file) as image:
        layers = np.asarray(image.convert("RGBA"), dtype=np.float32) / np.float32(255)
    alpha = layers[..., 3]
    weight = float(alpha.mean(dtype=np.float64))
    if alpha.min(initial=1) == 1 or not weight:
        return 0.0, 0.0
    return float((layers[..., :3].mean(2) * alpha).mean(dtype=np.float64)) / weight, weight


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
    with _opened(file) as opened:
        depth = _depth(opened)
        turned = ImageOps.exif_transpose(opened)
        if depth:
            image = _levelled(turned, depth, levels)
        else:
            turned = (
                turned.convert("RGB") if turned.mode == "LAB" else turned
            )  # to grey it has no way
            image = _opaque(turned, background).convert("RGB" if colours == "rgb" else "L")
        image = _bring_to_size(image, height, width, fit)
        pixels = np.asarray(image, dtype=np.float32) / np.float32(255)
    if pixels.ndim == 3:
        return np.moveaxis(pixels, 2, 0)
    return np.repeat(pixels[None], 3 if colours == "rgb" else 1, axis=0)


@contextmanager
def _opened(file: str | Path) -> Iterator[Image.Image]:
    """An open image; whatever decoders raise about a broken file becomes a `DataError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # about its size, checked below, and oddities of its metadata
            with Image.open(regular(file)) as image:
                _check_size(file, image.width * image.height)
                yield image
    except DataError:
        raise
    except Exception as wrong:  # a broken file makes decoders raise almost anything
        raise DataError(
            f"{file}: {UNDECODED}{_reason(file, wrong)}.", "Replace or delete the file."
        ) from wrong


def _reason(file: str | Path, wrong: Exception) -> str:
    """Why a file does not decode, without its name, which the message begins with."""
    if isinstance(wrong, UnidentifiedImageError):
        is_empty = not Path(file).stat().st_size
        return "it is empty" if is_empty else "it begins like no known kind of image"
    if isinstance(wrong, OSError) and wrong.strerror:
        return wrong.strerror
    return (str(wrong) or type(wrong).__name__).splitlines()[0].rstrip(".")


def _check_size(file: str | Path, pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise DataError(
            f"{file}: claims {pixels:,} pixels, more than {MOST_PIXELS:,}.",
            "Make it smaller, or delete it.",
        )
    if pixels * BYTES_A_PIXEL > memory_left():
        raise DataError(
            f"{file}: to decode its {pixels:,} pixels needs {size_text(pixels * BYTES_A_PIXEL)} of memory, and "
            f"{size_text(memory_left())} are left.",
            "Make it smaller.",
        )


def _finite(values: np.ndarray) -> np.ndarray:
    if not np.isfinite(values).all():
        raise ValueError("it holds values that are nan or infinite")
    return values


def _levelled(
    image: Image.Image, depth: str, levels: Mapping[str, tuple[float, float]]
) -> Image.Image:
    """A deep image with its black at 0 and its white at 255."""
    if depth not in levels:
        raise ValueError(f"it has {depth} values, and no image that the network learned from had")
    black, white = levels[depth]
    values = _finite(np.asarray(image, dtype=np.float64))
    if (depth, black, white) in {(depth, 0, 65535) for depth in ("16-bit", "32-bit")}:
        # Pillow's own conversion would clip them.
        return Image.fromarray((values.clip(0, 65535) / 257).round().astype(np.uint8))
    low, high = min(black, white), max(black, white)
    scaled = (values.clip(low, high) - black) / (white - black) * 255
    return Image.fromarray(scaled.astype(np.float32))


def _opaque(image: Image.Image, background: str) -> Image.Image:
    """The image with what is transparent in it laid on the background."""
    if not background or not _can_be_transparent(image):
        return image
    layer = image.convert("RGBA")
    if layer.getchannel("A").getextrema()[0] == 255:
        return image
    ground = Image.new("RGBA", layer.size, (GREYS[background],) * 3 + (255,))
    ground.alpha_composite(layer)
    return ground.convert("RGB")


def _can_be_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _bring_to_size(image: Image.Image, height: int, width: int, fit: str) -> Image.Image:
    size = (width, height)
    if image.size == size:
        return image
    if fit == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    if fit == "pad":
        return ImageOps.pad(image, size, Image.Resampling.BILINEAR)
    return image.resize(size, Image.Resampling.BILINEAR)
