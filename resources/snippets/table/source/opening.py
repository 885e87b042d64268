"""Opens a text file in any encoding, plain or packed with gzip."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO, cast

from resources.snippets.load_result import Guess
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError, regular_file
from resources.snippets.table.source.foreign import GZIP, START_BYTES

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SCAN_BYTES = 2**20
LEAST_ZEROS = 40  # bytes, of which one at least is zero in UTF-16: of Cyrillic text only separators, digits, line ends
TEXT_COST = 4  # bytes of memory that a byte of the file can take while it is split into cells
BETTER_SAVED = "Save it with the encoding UTF-8, in Excel as 'CSV UTF-8'"


def first_bytes(path: str) -> bytes:
    """The first bytes of a file, unpacked with gzip where needed."""
    with _open_bytes(path) as file:
        return file.read(START_BYTES)


@contextmanager
def open_text(path: str, encoding: str = "auto") -> Iterator[tuple[TextIO, list[Guess]]]:
    """The file as text with its own line ends, and the guess about its encoding.

    ``encoding``: ``auto`` recognizes UTF-8, UTF-16 and UTF-32 with a mark, UTF-16 without one where every second byte
    can be zero, and reads all else as Windows-1252.
    """
    guesses: list[Guess] = []
    with _open_bytes(path) as file:
        start = file.read(SCAN_BYTES)
    marked_encoding = next((name for mark, name in BYTE_ORDER_MARKS if start.startswith(mark)), "")
    used = encoding
    if encoding == "auto":
        used = (
            marked_encoding
            or _utf_16(path, start, guesses)
            or _encoding_without_mark(path, guesses)
        )
    elif marked_encoding and encoding.replace("-", "") == marked_encoding.replace(
        "-", ""
    ).removesuffix("sig"):
        used = marked_encoding
    with _open_bytes(path) as file:
        try:
            yield io.TextIOWrapper(file, encoding=used, newline=""), guesses
        except UnicodeError as error:
            raise _undecodable(path, used, error) from None


@contextmanager
def _open_bytes(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked. Raises: `DataError` where it cannot be read."""
    try:
        with regular_file(path).open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            if not packed:
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as file:
                yield cast("BinaryIO", file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path} is packed with gzip and damaged: {error}.", "Download or save it again."
        ) from error
    except OSError as error:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path} cannot be read: {error.strerror or error}.", hint) from error


def _utf_16(path: str, start: bytes, guesses: list[Guess]) -> str:
    """The kind of UTF-16 of a file without a mark, if it is: separators and line ends have a zero byte each."""
    first, second = start[::2].count(0), start[1::2].count(0)
    if bool(first) == bool(second) or len(start) % 2 or LEAST_ZEROS * (first + second) < len(start):
        return ""
    encoding, order = ("utf-16-be", "big") if first else ("utf-16-le", "little")
    try:
        text = start.decode(encoding, "strict" if len(start) < SCAN_BYTES else "ignore")
    except UnicodeDecodeError:
        return ""
    if "\n" not in text and "\r" not in text:
        return ""
    guesses.append(
        Guess(
            f"{path} has a zero byte in every second place, so it is read as UTF-16, {order}-endian, without a mark.",
            f"Look at the letters: if they are wrong, set encoding to the right one. {BETTER_SAVED}.",
            "encoding",
            encoding,
            f"Read it as {encoding}",
        )
    )
    return encoding


def _encoding_without_mark(path: str, guesses: list[Guess]) -> str:
    """The encoding of a file without a mark: UTF-8 where all of it is, else that of Western Europe."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, length, line, odd = "utf-8", 0, 1, 0
    with _open_bytes(path) as file:
        while chunk := file.read(SCAN_BYTES):
            length += len(chunk)
            _refuse_large(path, length)
            if encoding == "utf-8":
                try:
                    decoder.decode(chunk)
                    line += chunk.count(b"\n")
                except UnicodeDecodeError as error:
                    encoding, odd = "cp1252", error.object[error.start]
                    line += error.object.count(b"\n", 0, error.start)
            if encoding == "cp1252" and any(chunk.count(byte) for byte in UNDEFINED):
                encoding = "latin-1"
        if encoding == "utf-8" and decoder.getstate()[0]:  # it ends within a letter
            encoding, odd = "cp1252", decoder.getstate()[0][0]
    if encoding != "utf-8":
        name = "Windows-1252 (Western Europe)" if encoding == "cp1252" else "Latin-1"
        guesses.append(
            Guess(
                f"{path}, line {line}: byte {odd:#04x} is not UTF-8 text, so the file is read as {name}.",
                f"Look at the letters: if they are wrong, set encoding to the right one. {BETTER_SAVED}.",
                "encoding",
                encoding,
                f"Read it as {encoding}",
            )
        )
    return encoding


UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")  # in Windows-1252


def _refuse_large(path: str, length: int) -> None:
    if length * TEXT_COST > memory_left():
        raise DataError(
            f"{path}: needs {size_text(length * TEXT_COST)} of memory and more; {size_text(memory_left())} are left.",
            "Use fewer rows or columns.",
        )


def _undecodable(path: str, encoding: str, error: UnicodeError) -> DataError:
    what = "is not text"
    if isinstance(error, UnicodeDecodeError) and error.start < len(error.object):
        what = f"byte {error.object[error.start]:#04x} is not text"
    return DataError(
        f"{path}: {what} of the encoding {encoding}.",
        f"Set encoding to auto or to another one. {BETTER_SAVED}.",
    )
