"""How each array of an NPZ file becomes a field: whether it has images, where their channels are, what is white."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from resources.snippets.array_file.npz import Header, row_chunks, single_value
from resources.snippets.image.pixels import (
    CHANNELS,
    MAX_CODES,
    SMALLEST_SIDE,
    WHITES,
    are_pixels,
    has_channels_last,
    usual_levels,
)
from resources.snippets.known_format.arrays import field_from_array
from resources.snippets.load_result import FixableError, Guess, SettingFix
from resources.snippets.samples import DataError


@dataclass(frozen=True)
class ArraySettings:
    """The settings of a project for arrays; see `load_npz`."""

    label: str = ""
    class_names: Sequence[str] = ()
    numbering: str = "auto"
    channels: str = "auto"
    pixels: Sequence[str] = ()
    numbers: Sequence[str] = ()


@dataclass(frozen=True)
class ArrayPlan:
    """How an array becomes a field.

    ``channels``: ``last``, the last axis becomes the second; ``none``, samples get an axis for their one channel.
    ``white``: the value that becomes 1; 0 to keep all values. ``is_number``: its values become float32. ``stored``:
    numpy's letter for the kind of its type in the file.
    """

    channels: str = ""
    white: float = 0.0
    is_number: bool = False
    stored: str = ""

    @property
    def record(self) -> tuple[str, float, bool, str]:
        """The values that a run keeps of it."""
        return self.channels, self.white, self.is_number, self.stored

    def for_file(self, path: str | Path, header: Header) -> "ArrayPlan":
        """The plan for the array of another file, whose fractions may already be divided by white."""
        if not self.white or header.dtype.kind != "f" or self.stored == "f":
            return self
        most = 0.0
        for part in row_chunks(path, header):
            most = max(most, float(abs(part).max(initial=0, where=np.isfinite(part))))
        if most > 1:
            raise DataError(
                f"{path}, array {header.name!r} holds fractions up to {most:g}, and the training data whole numbers "
                f"up to {self.white:g}.",
                "Store whole numbers as the training data does, or fractions from 0 to 1.",
            )
        return replace(self, white=0.0)


def plan_array(
    path: str | Path, header: Header, file_headers: Sequence[Header], settings: ArraySettings
) -> tuple[ArrayPlan, tuple[Guess, ...]]:
    """The plan of an array that is not the label, and its assumptions; no more than one chunk is read."""
    name, where = header.name, f"{path}, array {header.name!r}"
    if header.dtype.kind in "US":
        remedy = SettingFix("label", name, f"Read {name} as the label")
        hint = "Name it in label, or leave it out."
        raise FixableError(f"{where} is text, and not the label.", hint, remedy)
    is_bytes = header.dtype == np.uint8 and len(header.shape) > 1
    is_last = len(header.shape) == 4 and settings.channels == "last"
    guesses, short = [], f"{Path(path).name}, array {name!r}"
    if settings.channels == "auto" and has_channels_last(header.shape, is_bytes):
        is_last = True
        guesses += [] if is_bytes else [_channels_guess(short, header)]
    white, is_free = 0.0, name not in (*settings.pixels, *settings.numbers)
    sample = first_chunk(path, header) if is_bytes or (is_free and can_be_images(header)) else None
    if name in settings.pixels or (is_bytes and is_free and _has_peak(name, file_headers)):
        white = _white(path, header, file_headers)
    elif sample is not None and is_bytes and is_free:
        white = 255.0 if are_pixels(sample) else 0.0
        guesses += _pixel_guess(short, header, sample, settings, is_divided=white > 0)
    elif sample is not None and is_free and looks_unscaled(sample):
        guesses.append(_unscaled_guess(short, header, sample, settings))
    is_flat = len(header.shape) == 3 and (
        name in settings.pixels or (is_bytes and sample is not None and not is_one_hot(sample))
    )
    channels = "none" if is_flat else "last" if is_last else ""
    is_number = is_bytes or not is_free or header.dtype.kind not in "iu"
    if not is_number and len(header.shape) == 2:
        is_number = is_one_hot(first_chunk(path, header))  # classes as shares, or features
    return ArrayPlan(channels, white, is_number, header.dtype.kind), tuple(guesses)


def first_chunk(path: str | Path, header: Header) -> np.ndarray:
    """The first samples."""
    return next(row_chunks(path, header), np.empty((0, *header.shape[1:]), header.dtype))


def can_be_images(header: Header) -> bool:
    """Whether an array of whole numbers or fractions has the shape of images, grey or in colour."""
    if header.dtype.kind not in "iuf" or len(header.shape) not in (3, 4):
        return False
    sides = header.shape[1:]
    if len(sides) == 3:
        sides = sides[1:] if sides[0] in CHANNELS else sides[:2] if sides[2] in CHANNELS else (0,)
    return min(sides) >= SMALLEST_SIDE


def looks_unscaled(sample: np.ndarray) -> bool:
    """Whether all values are whole numbers of 8 to 16 bits, larger than class numbers or other codes."""
    low, high = (float(sample.min()), float(sample.max())) if sample.size else (0.0, 0.0)
    is_within = low >= 0 and MAX_CODES < high <= WHITES[-1]
    return is_within and (sample.dtype.kind != "f" or bool((sample == np.floor(sample)).all()))


def _unscaled_guess(
    where: str, header: Header, sample: np.ndarray, settings: ArraySettings
) -> Guess:
    return Guess(
        f"{where}: looks like images of values up to {sample.max():g}, which were kept as they are.",
        "Name the array in pixels to bring them to 0 to 1, in numbers to keep them.",
        "pixels",
        (*settings.pixels, header.name),
        f"Name {header.name} in pixels",
    )


def plan_by_header(path: str | Path, header: Header, file_headers: Sequence[Header]) -> ArrayPlan:
    """The plan of an array of which nothing else is known: bytes with two axes or more are pixels."""
    is_bytes = header.dtype == np.uint8 and len(header.shape) > 1
    channels = "last" if is_bytes and has_channels_last(header.shape, is_bytes) else ""
    channels = "none" if is_bytes and len(header.shape) == 3 else channels
    white = _white(path, header, file_headers) if is_bytes else 0.0
    return ArrayPlan(channels, white, is_bytes or header.dtype.kind not in "iu", header.dtype.kind)


def is_one_hot(sample: np.ndarray) -> bool:
    """Whether the last axis is a single 1 among zeros, everywhere."""
    return bool(sample.max(initial=0) == 1 and sample.shape[-1] > 1 and (sample.sum(-1) == 1).all())


def _channels_guess(where: str, header: Header) -> Guess:
    _, height, width, channels = header.shape
    return Guess(
        f"{where}: rows of shape {header.shape[1:]} were read as images of {height} x {width} with {channels} "
        f"channel{'' if channels == 1 else 's'} on the last axis.",
        f"Set channels to last if that is right, to first if {height} is the number of channels.",
        "channels",
        "last",
        "The channels are on the last axis",
    )


def _pixel_guess(
    where: str, header: Header, sample: np.ndarray, settings: ArraySettings, *, is_divided: bool
) -> list[Guess]:
    """The guess whether bytes are brightness; none for images that look so, and for nothing but 0 and 1."""
    most = int(sample.max(initial=0))
    if most < 2 or (is_divided and len(header.shape) > 2):
        return []
    param, other = ("pixels", "numbers") if is_divided else ("numbers", "pixels")
    done = "read as pixels and divided by 255" if is_divided else "kept as they are"
    names = settings.pixels if is_divided else settings.numbers
    return [
        Guess(
            f"{where}: bytes up to {most} were {done}.",
            f"Name the array in {param} if that is right, in {other} if not.",
            param,
            (*names, header.name),
            f"Name {header.name} in {param}",
        )
    ]


def plan_text(name: str, plan: ArrayPlan) -> list[str]:
    """The changes of a plan, in words."""
    texts = [f"{name} divided by {plan.white:g}"] if plan.white not in (0, 1) else []
    return texts + (
        [f"{name}: channels moved to the second axis"] if plan.channels == "last" else []
    )


def field_layout(header: Header, plan: ArrayPlan) -> tuple[tuple[int, ...], str]:
    """The shape and dtype of the field that an array becomes."""
    shape = header.shape
    if plan.channels == "last" and len(shape) == 4:
        shape = (shape[0], shape[3], *shape[1:3])
    elif plan.channels == "none" and len(shape) == 3:
        shape = (shape[0], 1, *shape[1:])
    if not plan.is_number and header.dtype.kind in "iu":
        return shape, "int64"
    return (*shape, 1) if len(shape) == 1 else shape, "float32"


def _has_peak(name: str, file_headers: Sequence[Header]) -> bool:
    return any(
        each.name == f"{name}_peak" and not each.shape and each.dtype.kind in "iuf"
        for each in file_headers
    )


def _white(path: str | Path, header: Header, file_headers: Sequence[Header]) -> float:
    """The value of white in an array of pixels."""
    if not _has_peak(header.name, file_headers):
        if header.dtype == np.uint8:
            return 255.0
        low, most = 0.0, 0.0
        for part in row_chunks(path, header):
            low, most = min(low, float(part.min(initial=0))), max(most, float(part.max(initial=0)))
        if low < 0:
            raise DataError(
                f"{path}, array {header.name!r} holds {low:g}, and pixels are 0 or more.",
                "Take it out of pixels.",
            )
        return usual_levels(0, most, is_whole=True)[1] if most > 1 else 1.0
    peak = next(each for each in file_headers if each.name == f"{header.name}_peak")
    white = float(np.float32(single_value(path, peak)))
    if not 0 < white < np.inf:
        raise DataError(
            f"{path}: {peak.name} is {white:g}, so it cannot be the value of white.",
            "Leave it out, or write a number above 0.",
        )
    return white


def read_field(
    path: str | Path, header: Header, plan: ArrayPlan, *, all_finite: bool = True
) -> np.ndarray:
    """The field that an array becomes, read in chunks. ``all_finite``: refuse nan and infinite values."""
    shape, dtype = field_layout(header, plan)
    field, start, where = np.empty(shape, dtype), 0, f"{path}, array {header.name!r}"
    for part in row_chunks(path, header):
        place = field[start : start + len(part)]
        place[...] = field_from_array(where, part, plan.record)
        if header.dtype.kind == "f" and all_finite:
            _refuse_not_finite(where, place, start)
        start += len(part)
    return field


def rows_not_finite(values: np.ndarray) -> np.ndarray:
    """The indices of samples with a value that is nan or infinite."""
    return np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(axis=1))


def _refuse_not_finite(where: str, values: np.ndarray, start: int) -> None:
    wrong = rows_not_finite(values)
    if len(wrong):
        raise DataError(
            f"{where}, row {start + wrong[0]} (from 0): holds a value that is nan, infinite or beyond 3.4e38.",
            "Fill it in, or leave the row out.",
        )
