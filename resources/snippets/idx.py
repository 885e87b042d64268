"""IDX files, as MNIST and Fashion-MNIST come: images and labels, plain or gzipped."""

import gzip
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np

from resources.snippets.labels import check_labels, class_names_of
from resources.snippets.memory import memory_left, size_text
from resources.snippets.rows import DataError, Rows, regular


def load_idx(images: str | Path, labels: str | Path, class_names: Sequence[str] = ()) -> Rows:
    """``image`` float32 (rows, 1, height, width) in [0, 1], and ``label`` int64 (rows,)."""
    pixels, label = read_idx(images, axes=3), label_rows(labels, class_names)
    check_pair(images, len(pixels), labels, len(label))
    image = pixels[:, None].astype(np.float32)
    image /= np.float32(255)
    return Rows({"image": image, **label.fields}, label.classes)


def check_pair(images: str | Path, pictures: int, labels: str | Path, answers: int) -> None:
    """Refuse files of which one holds more rows than the other."""
    if pictures != answers:
        hint = "Choose the two files of the same part, such as train-images and train-labels."
        raise DataError(f"{images} holds {pictures} images, but {labels} {answers} labels.", hint)


def label_rows(path: str | Path, class_names: Sequence[str] = ()) -> Rows:
    """Only the labels, checked."""
    label = read_idx(path, axes=1).astype(np.int64)
    check_labels(label, len(class_names), str(path))
    return Rows({"label": label}, {"label": class_names_of(label, class_names)})


def read_idx(path: str | Path, axes: int) -> np.ndarray:
    """The bytes of an IDX file, in its shape: 3 axes are images, 1 is labels."""
    shape = read_shape(path, axes)
    claimed = prod(shape)
    try:
        with _open(path) as file:
            file.seek(4 + 4 * axes)
            body = file.read(claimed + 1)
    except (OSError, EOFError, MemoryError, zlib.error) as wrong:
        raise _unreadable(path, wrong) from wrong
    if len(body) != claimed:
        held = "more" if len(body) > claimed else f"only {len(body)}"
        raise DataError(
            f"{path}: its header promises {shape}, {claimed} bytes; it holds {held}.",
            "Fetch the file again.",
        )
    return np.frombuffer(body, np.uint8).reshape(shape)


def read_shape(path: str | Path, axes: int) -> tuple[int, ...]:
    """The sizes that the first bytes of an IDX file promise, checked against what can be in the file."""
    try:
        with _open(path) as file:
            header = file.read(4 + 4 * axes)
        at_most = Path(path).stat().st_size * (1032 if _is_zipped(path) else 1)
    except (OSError, EOFError, zlib.error) as wrong:
        raise _unreadable(path, wrong) from wrong
    what = "images" if axes == 3 else "labels"
    if header[:4] != bytes((0, 0, 8, axes)) or len(header) != 4 + 4 * axes:
        other = "labels" if axes == 3 else "images"
        hint = f"Fetch it again, or check whether this is the file of {other}."
        raise DataError(
            f"{path}: not an IDX file of {what}: it starts with {header[:4].hex(' ') or 'nothing'}.",
            hint,
        )
    shape = tuple(int.from_bytes(header[at : at + 4], "big") for at in range(4, len(header), 4))
    if not prod(shape):
        raise DataError(f"{path}: holds no {what}.", "Choose a file with at least one row.")
    _check_claim(path, prod(shape), at_most)
    return shape


def _is_zipped(path: str | Path) -> bool:
    with regular(path).open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _open(path: str | Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path) if _is_zipped(path) else Path(path).open("rb")


def _unreadable(path: str | Path, wrong: Exception) -> DataError:
    hint = "Check the path, which starts from the project file's folder, or fetch the file again."
    return DataError(f"{path}: cannot be read: {getattr(wrong, 'strerror', None) or wrong}.", hint)


def _check_claim(path: str | Path, claimed: int, at_most: int) -> None:
    left = memory_left()
    if claimed > at_most:
        hint = "The file is cut off or was made to mislead: fetch it again."
        raise DataError(
            f"{path}: its header promises {size_text(claimed)}, the file can hold {size_text(at_most)}.",
            hint,
        )
    if claimed * 5 > left:  # the bytes, and each as float32
        raise DataError(
            f"{path}: needs {size_text(claimed * 5)} of memory, and {size_text(left)} are left.",
            "Use fewer images.",
        )
