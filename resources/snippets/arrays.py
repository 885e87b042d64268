"""An NPZ file of arrays as a data set: nothing in it is run, and nothing read before its size is known to be true."""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from resources.snippets.labels import check_labels, class_names_of, text_labels
from resources.snippets.memory import memory_left, size_text
from resources.snippets.rows import DataError, Rows, regular

LABEL_NAMES = ("label", "labels", "y", "target", "targets")
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,
    SyntaxError,
    ValueError,
    struct.error,
)
"""What zipfile and numpy raise on a file that was cut off or changed."""
DEFLATE_AT_BEST = 1032  # no deflated byte yields more, so a larger claim is a lie


@dataclass(frozen=True)
class Header:
    """What an array claims to be."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def size(self) -> int:
        return prod(self.shape) * self.dtype.itemsize

    @property
    def loaded(self) -> int:
        """Bytes it takes while it is read and turned into float32 or int64."""
        return self.size + prod(self.shape) * (8 if self.dtype.kind in "iUS" else 4)


def load_npz(
    path: str | Path, arrays: Sequence[str] = (), label: str = "", class_names: Sequence[str] = ()
) -> Rows:
    """Each chosen array becomes a field of its name; ``arrays`` empty chooses all.

    The label, named or else the array called label, labels, y, target or targets if its values are whole numbers or
    text of one axis, becomes int64; whole numbers are class numbers from 0, text is put into alphabetical order.
    Of the others, bytes with two axes or more are pixels: float32 in [0, 1], with one channel axis, the second, for
    images (rows, height, width) and (rows, height, width, channels), told by 1, 3 or 4 on the last axis and not on the
    second; white is 255, or the single number called NAME_peak. Fractions become float32, (rows, 1) when of one axis;
    other whole numbers int64.
    """
    known = read_headers(path)
    headers = choose_arrays(path, known, arrays)
    check_memory(path, headers)
    answer = label_array(path, headers, label)
    fields, classes = {}, {}
    for header in headers:
        raw = _read_array(path, header)
        if header.name != answer:
            fields[header.name] = _as_field(path, header, raw, _white(path, header.name, known))
        elif header.dtype.kind in "US":
            fields[answer], classes[answer] = text_labels(raw, class_names, str(path))
        else:
            check_labels(raw, len(class_names), f"{path}, array {answer!r}")
            fields[answer] = raw.astype(np.int64)
            classes[answer] = class_names_of(fields[answer], class_names)
    return Rows(fields, classes)


def check_memory(path: str | Path, headers: list[Header]) -> None:
    """Refuse arrays that do not fit into memory."""
    need = sum(header.loaded for header in headers)
    if need > memory_left():
        raise DataError(
            f"{path}: needs {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            "Choose fewer arrays, or store fewer rows.",
        )


def read_headers(path: str | Path) -> list[Header]:
    """The arrays of the file, by their own claims, each checked against what is really there."""
    try:
        with zipfile.ZipFile(regular(path)) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
            headers = [_array_header(path, archive, info) for info in members]
    except OSError as wrong:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path}: cannot be read: {wrong.strerror or wrong}.", hint) from wrong
    except DataError:
        raise
    except DAMAGED as wrong:
        raise DataError(
            f"{path}: not an NPZ file, or a damaged one: {wrong}.", "Write it with numpy.savez."
        ) from wrong
    if not headers:
        raise DataError(f"{path}: holds no arrays.", "Write it with numpy.savez.")
    return headers


def _array_header(path: str | Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Header:
    name = info.filename.removesuffix(".npy")
    where = f"{path}, array {name!r}"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
        raise DataError(
            f"{where}: packed in a way that numpy does not use.", "Write it with numpy.savez."
        )
    try:
        with archive.open(info) as member:
            shape, dtype = _claim(member)
            start = member.tell()
    except DAMAGED as wrong:
        raise DataError(
            f"{where}: has no valid header: {wrong}.", "Write it with numpy.savez."
        ) from wrong
    if dtype.hasobject:
        hint = "Convert it to numbers or text, with dtype=float or dtype=str, and save again."
        raise DataError(
            f"{where}: holds pickled Python objects, which can run code when opened.", hint
        )
    header = Header(name, shape, dtype)
    there = min(
        info.file_size,
        info.compress_size * DEFLATE_AT_BEST,
        Path(path).stat().st_size * DEFLATE_AT_BEST,
    )
    if header.size != info.file_size - start or there < info.file_size:
        claimed, held = size_text(header.size), size_text(max(0, there - start))
        hint = "The file is damaged or was made to mislead: write it again."
        raise DataError(f"{where}: claims {claimed} of values, the file can hold {held}.", hint)
    return header


def _claim(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    version = np.lib.format.read_magic(member)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(member)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(member)
    else:
        raise ValueError(f"version {version} is for named columns")
    return shape, dtype


def choose_arrays(path: str | Path, headers: list[Header], arrays: Sequence[str]) -> list[Header]:
    """The headers of the arrays asked for, all of the same number of rows and of a type to learn from.

    Where none are asked for, single numbers that lie beside the arrays are left out.
    """
    known = {header.name: header for header in headers}
    listed = ", ".join(f"{name} {header.shape}" for name, header in known.items())
    for name in arrays:
        if name not in known:
            raise DataError(f"{path}: there is no array {name!r}.", f"The arrays are {listed}.")
    chosen = [known[name] for name in arrays] or [each for each in headers if each.shape]
    if not chosen:
        raise DataError(f"{path}: has no array with rows.", f"It holds {listed}.")
    for header in chosen:
        if header.dtype.kind not in "biufUS":
            what = (
                f"{path}, array {header.name!r}: cannot learn from values of type {header.dtype}."
            )
            raise DataError(what, "Leave it out.")
        if not header.shape or len({each.shape[:1] for each in chosen}) > 1:
            hint = "Name in arrays those that belong together, such as x_train and y_train."
            raise DataError(f"{path}: the arrays differ in their number of rows: {listed}.", hint)
    if not chosen[0].shape[0]:
        raise DataError(f"{path}: has no rows.", "Every array must have at least one.")
    return chosen


def label_array(path: str | Path, headers: list[Header], label: str) -> str:
    """The name of the array that holds classes, or nothing."""
    if label:
        found = next((header for header in headers if header.name == label), None)
        if found is None:
            names = ", ".join(header.name for header in headers)
            raise DataError(
                f"{path}: there is no array {label!r} for the label.", f"The arrays are {names}."
            )
        if found.dtype.kind == "f" or (found.dtype.kind in "US" and len(found.shape) != 1):
            raise DataError(
                f"{path}, array {label!r}: {found.dtype} of shape {found.shape} cannot be a label.",
                "Use whole numbers from 0.",
            )
        return label
    fit = [
        header.name for header in headers if len(header.shape) == 1 and header.dtype.kind in "biuUS"
    ]
    return next((name for name in fit if name.lower() in LABEL_NAMES), "")


def _read_array(path: str | Path, header: Header) -> np.ndarray:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{header.name}.npy") as member:
            return np.lib.format.read_array(member, allow_pickle=False)
    except (OSError, MemoryError, *DAMAGED) as wrong:
        raise DataError(
            f"{path}, array {header.name!r}: cannot be read: {wrong}.", "The file is damaged."
        ) from wrong


def field_layout(header: Header) -> tuple[tuple[int, ...], str]:
    """The shape and dtype that an array which is not the label has as a field."""
    shape, kind = header.shape, header.dtype.kind
    if header.dtype == np.uint8 and len(shape) > 1:
        if len(shape) == 3:
            shape = (shape[0], 1, *shape[1:])
        elif channels_last(shape):
            shape = (shape[0], shape[3], *shape[1:3])
        return shape, "float32"
    if kind in "iu":
        return shape, "int64"
    return (*shape, 1) if len(shape) == 1 else shape, "float32"


def channels_last(shape: tuple[int, ...]) -> bool:
    """Whether images of that shape have their channels on the last axis, not the second."""
    return len(shape) == 4 and shape[3] in (1, 3, 4) and shape[1] not in (1, 3, 4)


def _white(path: str | Path, name: str, known: list[Header]) -> np.float32:
    """What counts as white in an array of pixels."""
    peak = next((each for each in known if each.name == f"{name}_peak" and not each.shape), None)
    if peak is None or peak.dtype.kind not in "iuf":
        return np.float32(255)
    white = np.float32(_read_array(path, peak))
    if not 0 < white < np.inf:
        raise DataError(
            f"{path}: {peak.name} is {white:g}, so it cannot be what white is.",
            "Leave it out, or write a number above 0.",
        )
    return white


def _as_field(path: str | Path, header: Header, raw: np.ndarray, white: np.float32) -> np.ndarray:
    if header.dtype.kind in "US":
        raise DataError(
            f"{path}, array {header.name!r}: is text, and not the label.",
            "Name it in label, or leave it out.",
        )
    shape, dtype = field_layout(header)
    values = (
        np.moveaxis(raw, 3, 1) if header.dtype == np.uint8 and channels_last(raw.shape) else raw
    )
    with np.errstate(over="ignore"):
        field = np.ascontiguousarray(values.reshape(shape), dtype=dtype)
    if header.dtype == np.uint8 and raw.ndim > 1:
        field /= white
    elif dtype == "float32":
        wrong = np.flatnonzero(~np.isfinite(field).reshape(len(field), -1).all(axis=1))
        if len(wrong):
            where = f"{path}, array {header.name!r}, row {wrong[0]} (from 0)"
            raise DataError(
                f"{where}: holds a value that is nan or infinite.",
                "Fill it in, or leave the row out.",
            )
    return field
