"""Reads IDX files, plain or gzipped: a header with type and sizes, and the values, in chunks of samples."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np

from resources.snippets.known_format.idx import IDX_TYPES
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError, regular_file

IDX_CHUNK_BYTES = 2**24  # unpacked at a time
GZIP_AT_BEST = 1032  # bytes from one zipped byte at most, so a header with more is wrong
MAX_AXES = 8


@dataclass(frozen=True)
class IdxHeader:
    """The shape and type of the values, by the first bytes of a file."""

    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def start(self) -> int:
        """Where the values begin."""
        return 4 + 4 * len(self.shape)

    @property
    def size(self) -> int:
        """Bytes of the values, unpacked."""
        return prod(self.shape) * self.dtype.itemsize


def read_idx_header(path: str | Path, what: str, axes: tuple[int, ...]) -> IdxHeader:
    """The header, checked against the size of the file. ``what``: images or labels; ``axes``: their possible number."""
    try:
        with _open(path) as file:
            head = file.read(4 + 4 * MAX_AXES)
        at_most = Path(path).stat().st_size * (GZIP_AT_BEST if _is_zipped(path) else 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error
    count = head[3] if len(head) > 3 else 0
    is_idx = head[:2] == bytes(2) and len(head) > 3 and head[2] in IDX_TYPES
    if not is_idx or not 0 < count <= MAX_AXES or len(head) < 4 + 4 * count:
        start = head[:4].hex(" ") or "nothing"
        raise DataError(
            f"{path}: not an IDX file of {what}: it starts with {start}.",
            "Fetch it again, or check whether this is the right file.",
        )
    sizes = (head[at : at + 4] for at in range(4, 4 + 4 * count, 4))
    header = IdxHeader(
        tuple(int.from_bytes(size, "big") for size in sizes), np.dtype(IDX_TYPES[head[2]])
    )
    if count not in axes:
        other = "labels" if what == "images" else "images"
        raise DataError(
            f"{path}: not an IDX file of {what}: its values have the shape {header.shape}.",
            f"Check whether this is the file of {other}; {what} have {' or '.join(map(str, axes))} axes.",
        )
    if not header.size:
        raise DataError(f"{path} holds no {what}.", "Choose a file with at least one row.")
    if header.size > at_most:
        raise DataError(
            f"{path}: its header promises {size_text(header.size)}, the file can hold {size_text(at_most)}.",
            "The file is cut off or was made to mislead: fetch it again.",
        )
    return header


def check_idx_memory(path: str | Path, need: int) -> None:
    """Refuse what does not fit into memory."""
    if need > memory_left():
        raise DataError(
            f"{path}: needs {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            "Use fewer images.",
        )


def idx_chunks(path: str | Path, header: IdxHeader) -> Iterator[np.ndarray]:
    """The samples in chunks: no more than one chunk is in memory, or one sample where that is larger."""
    a_row = prod(header.shape[1:]) * header.dtype.itemsize
    step = max(1, IDX_CHUNK_BYTES // a_row)
    try:
        with _open(path) as file:
            file.read(header.start)
            for start in range(0, header.shape[0], step):
                count = min(step, header.shape[0] - start)
                body = file.read(count * a_row)
                if len(body) != count * a_row:
                    raise _of_other_size(path, header, f"only {start * a_row + len(body)}")
                yield np.frombuffer(body, header.dtype).reshape(count, *header.shape[1:])
            if file.read(1):
                raise _of_other_size(path, header, "more")
    except (OSError, EOFError, MemoryError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _of_other_size(path: str | Path, header: IdxHeader, content: str) -> DataError:
    return DataError(
        f"{path}: its header promises {header.shape}, {header.size} bytes; it holds {content}.",
        "Fetch the file again.",
    )


def _is_zipped(path: str | Path) -> bool:
    with regular_file(path).open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _open(path: str | Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path) if _is_zipped(path) else Path(path).open("rb")


def _unreadable(path: str | Path, error: Exception) -> DataError:
    hint = "Check the path, which starts from the project file's folder, or fetch the file again."
    return DataError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.", hint)
