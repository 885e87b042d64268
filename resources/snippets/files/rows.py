"""The rows of a table in a text file, as texts, and the text of a file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from resources.snippets.samples import DataError, regular_file

MAX_CELL = 10_000_000  # characters


class Row(NamedTuple):
    """A row of a table: where it is, and its cells by column."""

    place: str
    cells: Mapping[str, str]


def read_text(file: str | Path) -> str:
    """The text of a file, UTF-8, UTF-16 with a mark, or else Windows-1252."""
    try:
        content = regular_file(file).read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror or error}."
        raise DataError(message, "Check the path.") from error
    return decoded(file, content)


def decoded(file: str | Path, content: bytes) -> str:
    """The text of the bytes of a file."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        raise DataError(f"{file} is not a text.", "Save it as plain text, in UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def table_rows(path: str | Path, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a table with these columns, whose first line names them; it has commas, semicolons or tabs."""
    text = read_text(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
        for column in columns:
            if column not in names:
                message = f"{path} has no column {column!r}."
                raise DataError(message, f"Its first line names {', '.join(names) or 'none'}.")
        for cells in reader:
            if cells:
                filled = [*cells, *[""] * (len(names) - len(cells))]
                yield Row(f"line {reader.line_num}", dict(zip(names, filled, strict=False)))
    except csv.Error as error:
        raise DataError(
            f"{path}, line {reader.line_num}: {error}.", "Save it as CSV again."
        ) from error
