"""IDX files of images and labels, the format of MNIST, Fashion-MNIST and EMNIST."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from resources.snippets.array_file.idx import (
    IdxHeader,
    check_idx_memory,
    idx_chunks,
    read_idx_header,
)
from resources.snippets.image.pixels import (
    check_levels,
    has_channels_last,
    levels_guess,
    levels_text,
    usual_levels,
)
from resources.snippets.known_format.idx import BYTE_LEVELS, idx_images
from resources.snippets.labels import Classes, find_classes
from resources.snippets.load_result import Guess, LoadedSamples
from resources.snippets.samples import DataError


@dataclass(frozen=True)
class IdxPlan:
    """How images are read: whether their channels are on the last axis, and the values of black and white."""

    is_last: bool = False
    levels: tuple[float, float] = BYTE_LEVELS
    scaled: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


def load_idx(
    images: str | Path,
    labels: str | Path,
    class_names: Sequence[str] = (),
    numbering: str = "auto",
    channels: str = "auto",
    levels: Sequence[float] | None = None,
) -> LoadedSamples:
    """``image`` float32 (samples, channels, height, width) in [0, 1], and ``label`` int64 (samples,).

    ``channels``: the axis of channels in images of four axes, ``first`` (the second axis) or ``last``; ``auto``: last,
    when that axis has 1, 3 or 4 and the second has not. ``levels``: the values of black and white; by default 0 and
    255 for bytes, else `usual_levels`. ``numbering``: see `find_classes`.
    """
    image_file, label_file = image_header(images), label_header(labels)
    check_pair(images, image_file.shape[0], labels, label_file.shape[0])
    plan = plan_idx(images, image_file, channels, levels)
    classes = idx_classes(labels, label_file, class_names, numbering)
    numbers = [classes.numbers_of(part.reshape(-1)) for part in idx_chunks(labels, label_file)]
    return LoadedSamples(
        {"image": _idx_field(images, image_file, plan), "label": np.concatenate(numbers)},
        {"label": classes.names},
        scaled=plan.scaled,
        guesses=(*plan.guesses, *classes.guesses),
        decisions={"is_last": plan.is_last, "levels": plan.levels},
        form={"classes": classes.stored, "is_last": plan.is_last, "levels": plan.levels},
    )


def image_header(path: str | Path) -> IdxHeader:
    """The header of a file of images; refuses one that does not fit into memory twice, as the split copies it."""
    header = read_idx_header(path, "images", (3, 4))
    check_idx_memory(path, prod(header.shape) * 8)
    return header


def label_header(path: str | Path) -> IdxHeader:
    """The header of a file of labels."""
    header = read_idx_header(path, "labels", (1, 2))
    if header.shape[1:] not in ((), (1,)):
        raise DataError(
            f"{path}: not an IDX file of labels: its values have the shape {header.shape}.",
            "Labels are one number for each image.",
        )
    check_idx_memory(path, 16 * header.shape[0])
    return header


def check_pair(images: str | Path, image_count: int, labels: str | Path, label_count: int) -> None:
    """Refuse two files with different numbers of samples."""
    if image_count != label_count:
        hint = "Choose the two files of the same part, such as train-images and train-labels."
        raise DataError(
            f"{images} holds {image_count} images, but {labels} {label_count} labels.", hint
        )


def idx_classes(
    path: str | Path, header: IdxHeader, class_names: Sequence[str] = (), numbering: str = "auto"
) -> Classes:
    """The classes of the labels, read in chunks."""
    return find_classes(
        idx_chunks(path, header), class_names, numbering, str(path), short=Path(path).name
    )


def plan_idx(
    path: str | Path,
    header: IdxHeader,
    channels: str = "auto",
    levels: Sequence[float] | None = None,
) -> IdxPlan:
    """How the images of the whole file are read; this reads all values that are not bytes."""
    black_white, guesses = BYTE_LEVELS, []
    if levels is not None:
        black_white = (levels[0], levels[1])
        check_levels(black_white)
    elif header.dtype != np.uint8:
        spans = [(part.min(), part.max()) for part in idx_chunks(path, header)]
        low, high = float(min(low for low, _ in spans)), float(max(high for _, high in spans))
        if not np.isfinite([low, high]).all():
            raise DataError(f"{path} holds a value that is nan or infinite.", "Fill it in.")
        black_white = usual_levels(low, high, is_whole=header.dtype.kind != "f")
        if black_white != (0.0, 1.0):
            guesses = [levels_guess(f"{Path(path).name}: the images", low, high, black_white)]
    is_last = is_channels_last(header, channels)
    return IdxPlan(is_last, black_white, (levels_text("image", black_white),), tuple(guesses))


def is_channels_last(header: IdxHeader, channels: str) -> bool:
    """Whether the images have their channels on the last axis."""
    if channels == "auto":
        return has_channels_last(header.shape, header.dtype == np.uint8)
    return len(header.shape) == 4 and channels == "last"


def image_shape(header: IdxHeader, plan: IdxPlan) -> tuple[int, int, int]:
    """Channels, height and width."""
    if len(header.shape) == 3:
        return 1, header.shape[1], header.shape[2]
    first, second, third = header.shape[1:]
    return (third, first, second) if plan.is_last else (first, second, third)


def read_idx_images(path: str | Path, is_last: bool, levels: Sequence[float]) -> np.ndarray:
    """The images of a file, by a recorded plan."""
    return _idx_field(path, image_header(path), IdxPlan(is_last, (levels[0], levels[1])))


def _idx_field(path: str | Path, header: IdxHeader, plan: IdxPlan) -> np.ndarray:
    image = np.empty((header.shape[0], *image_shape(header, plan)), dtype=np.float32)
    start = 0
    for part in idx_chunks(path, header):
        image[start : start + len(part)] = idx_images(part, plan.is_last, plan.levels)
        start += len(part)
    return image
