"""Reads the arrays of an NPZ file: runs nothing in it, and unpacks nothing before its size is checked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from resources.snippets.memory import size_text
from resources.snippets.samples import DataError, regular_file

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
"""The errors of zipfile and numpy for a file that was cut off or changed."""
DEFLATE_AT_BEST = 1032  # bytes from one deflated byte at most, so a header with more is wrong


NPZ_CHUNK_BYTES = 2**24  # unpacked at a time


@dataclass(frozen=True)
class Header:
    """The header of an array."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    is_fortran: bool = False

    @property
    def size(self) -> int:
        """Bytes of its values, unpacked."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def rows(self) -> int:
        return self.shape[0] if self.shape else 0

    @property
    def flat(self) -> "Header":
        """The same values on one axis."""
        return replace(self, shape=(prod(self.shape),))


def read_headers(path: str | Path) -> list[Header]:
    """The headers of the arrays in the file, each checked against the size of the file."""
    try:
        with zipfile.ZipFile(regular_file(path)) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
            headers = [_array_header(path, archive, info) for info in members]
    except zipfile.BadZipFile as error:
        what = f"not an NPZ file, or a damaged one: {error}"
        with Path(path).open("rb") as file:
            if file.read(6) == b"\x93NUMPY":
                what = "is a single array (.npy), not an NPZ file"
        raise DataError(
            f"{path}: {what}.", "Write it with numpy.savez, with a name for each array."
        ) from error
    except OSError as error:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path} cannot be read: {error.strerror or error}.", hint) from error
    except DataError:
        raise
    except DAMAGED as error:
        raise DataError(
            f"{path}: not an NPZ file, or a damaged one: {error}.", "Write it with numpy.savez."
        ) from error
    if not headers:
        raise DataError(f"{path} holds no arrays.", "Write it with numpy.savez.")
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
            shape, is_fortran, dtype = _read_header(member)
            start = member.tell()
    except DAMAGED as error:
        raise DataError(
            f"{where} has no valid header: {error}.", "Write it with numpy.savez."
        ) from error
    if dtype.hasobject:
        hint = "Convert it to numbers or text, with dtype=float or dtype=str, and save again."
        raise DataError(
            f"{where} holds pickled Python objects, which can run code when opened.", hint
        )
    header = Header(name, shape, dtype, is_fortran)
    there = min(
        info.file_size,
        info.compress_size * DEFLATE_AT_BEST,
        Path(path).stat().st_size * DEFLATE_AT_BEST,
    )
    if header.size != info.file_size - start or there < info.file_size:
        claim, limit = size_text(header.size), size_text(max(0, there - start))
        hint = "The file is damaged or was made to mislead: write it again."
        raise DataError(f"{where}: claims {claim} of values, the file can hold {limit}.", hint)
    return header


def _read_header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(member)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(member)
    if version == (2, 0):
        return np.lib.format.read_array_header_2_0(member)
    raise ValueError(f"version {version} is for named columns")


def row_chunks(path: str | Path, header: Header) -> Iterator[np.ndarray]:
    """The samples of an array in chunks: no more than one is in memory, or one sample where that is larger."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{header.name}.npy") as member:
            _read_header(member)
            if header.is_fortran and len(header.shape) > 1:  # its first axis runs fastest
                body = np.frombuffer(_exactly(member, header.size), header.dtype)
                yield body.reshape(header.shape, order="F")
                return
            a_row = prod(header.shape[1:]) * header.dtype.itemsize
            step = max(1, NPZ_CHUNK_BYTES // max(1, a_row))
            for start in range(0, header.rows, step):
                count = min(step, header.rows - start)
                body = np.frombuffer(_exactly(member, count * a_row), header.dtype)
                yield body.reshape(count, *header.shape[1:])
    except (OSError, MemoryError, *DAMAGED) as error:
        raise DataError(
            f"{path}, array {header.name!r} cannot be read: {error}.", "The file is damaged."
        ) from error


def _exactly(member: IO[bytes], size: int) -> bytes:
    body = member.read(size)
    if len(body) != size:
        raise EOFError(f"{size - len(body)} bytes are missing")
    return body


def single_value(path: str | Path, header: Header) -> np.ndarray:
    """The value of an array without axes."""
    one = next(row_chunks(path, replace(header, shape=(1,))))
    value: np.ndarray = one[0]
    return value
