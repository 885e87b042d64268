"""A folder of images by class: each folder in it is a class, its name the class's name."""

import os
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from resources.snippets.memory import memory_left, size_text
from resources.snippets.rows import DataError, Rows, regular

ENDINGS = (
    ".bmp",
    ".gif",
    ".jpeg",
    ".jpg",
    ".pbm",
    ".pgm",
    ".png",
    ".ppm",
    ".tif",
    ".tiff",
    ".webp",
)
MOST_PIXELS = 100_000_000  # of one file; more is a mistake or an attack


def load_image_folder(
    path: str | Path, height: int = 64, width: int = 64, colours: str = "rgb", fit: str = "crop"
) -> Rows:
    """``image`` float32 (rows, channels, height, width) in [0, 1], and ``label`` int64, classes in order of name.

    ``colours``: ``rgb`` or ``grey``. ``fit``: how an image of another size comes to size: ``crop`` its middle, ``pad``
    with black, or ``stretch``. Images may lie deeper inside a class's folder. Hidden files, and files that by their
    ending are no images, are left out.
    """
    classes = list_classes(path)
    files = [(file, label) for label, folder in enumerate(classes) for file in list_images(folder)]
    channels = 3 if colours == "rgb" else 1
    check_memory(path, len(files), channels, height, width)
    images = np.empty((len(files), channels, height, width), dtype=np.float32)
    for row, (file, _) in enumerate(files):
        images[row] = read_image(file, height, width, colours, fit)
    label = np.array([label for _, label in files], dtype=np.int64)
    places = [file.relative_to(path).as_posix() for file, _ in files]
    return Rows(
        {"image": images, "label": label},
        {"label": tuple(folder.name for folder in classes)},
        places,
    )


def check_memory(path: str | Path, files: int, channels: int, height: int, width: int) -> None:
    """Refuse so many images if they do not fit into memory."""
    need = files * channels * height * width * 4
    if need > memory_left():
        raise DataError(
            f"{path}: {files} images of {height} x {width} need {size_text(need)} of memory, and "
            f"{size_text(memory_left())} are left.",
            "Choose a smaller height and width.",
        )


def list_classes(path: str | Path) -> list[Path]:
    """The folders in ``path``, one a class, in order of their names."""
    try:
        inside = sorted(Path(path).iterdir(), key=lambda item: item.name)
    except OSError as wrong:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path}: cannot be read: {wrong.strerror or wrong}.", hint) from wrong
    folders = [item for item in inside if item.is_dir() and not item.name.startswith(".")]
    if not folders:
        raise DataError(
            f"{path}: has no folder in it.",
            "Put the images of each class into a folder with the class's name.",
        )
    for folder in folders:
        if (
            not folder.name.isprintable()
        ):  # a half character, from a name in another encoding, is not
            raise DataError(
                f"{path}: the folder {folder.name!r} cannot name a class.",
                "Rename it: its name is no text, or holds control characters.",
            )
    return folders


def list_images(folder: Path) -> list[Path]:
    """The image files of a class, in order; a link to a folder is not followed, so a circle of links ends."""
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(at, name)
            for name in names
            if not name.startswith(".") and Path(name).suffix.lower() in ENDINGS
        ]
    if not found:
        raise DataError(
            f"{folder}: holds no image.", f"Add some ({', '.join(ENDINGS)}), or delete the folder."
        )
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def read_image(
    file: str | Path, height: int, width: int, colours: str = "rgb", fit: str = "crop"
) -> np.ndarray:
    """One image, float32 (channels, height, width) in [0, 1], turned as its camera says; of a film its first frame."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # about its size, checked below, and oddities of its metadata
            with Image.open(regular(file)) as opened:
                _check_size(file, opened.width * opened.height)
                image = _bring_to_size(_plain(opened, colours), height, width, fit)
    except DataError:
        raise
    except Exception as wrong:  # a broken file makes decoders raise almost anything
        reason = (str(wrong) or type(wrong).__name__).splitlines()[0].rstrip(".")
        raise DataError(
            f"{file}: cannot be decoded as an image: {reason}.", "Replace or delete the file."
        ) from wrong
    pixels = np.asarray(image, dtype=np.float32) / np.float32(255)
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, 2, 0)


def _check_size(file: str | Path, pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise DataError(
            f"{file}: claims {pixels:,} pixels, more than {MOST_PIXELS:,}.",
            "Make it smaller, or delete it.",
        )


def _plain(image: Image.Image, colours: str) -> Image.Image:
    """Eight bits a channel, without palette and transparency."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I"):  # 16 bits: Pillow's own conversion would clip them
        turned = Image.fromarray(
            (np.asarray(turned, dtype=np.float64).clip(0, 65535) / 257).round().astype(np.uint8)
        )
    return turned.convert("RGB" if colours == "rgb" else "L")


def _bring_to_size(image: Image.Image, height: int, width: int, fit: str) -> Image.Image:
    size = (width, height)
    if image.size == size:
        return image
    if fit == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    if fit == "pad":
        return ImageOps.pad(image, size, Image.Resampling.BILINEAR)
    return image.resize(size, Image.Resampling.BILINEAR)
