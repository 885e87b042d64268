"""A CSV file as a table of numbers and texts, with the line each row stands on."""

import csv
import re
from array import array
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

import numpy as np

from resources.snippets.rows import DataError, regular

MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})


@dataclass
class Table:
    """What a CSV file says.

    ``numbers``: one float a cell, nan where it is missing or text. ``texts``: for each column, the rows that hold text.
    """

    path: str
    names: list[str]
    numbers: np.ndarray
    texts: list[dict[int, str]]
    lines: np.ndarray  # of each row, counted from 1, header included

    def column(self, name: str) -> int:
        """The place of the column of that name."""
        if name in self.names:
            return self.names.index(name)
        known = ", ".join(self.names[:12]) + (", ..." if len(self.names) > 12 else "")
        close = get_close_matches(
            name.lower(), [known_name.lower() for known_name in self.names], n=1
        )
        guess = next((known_name for known_name in self.names if [known_name.lower()] == close), "")
        hint = (
            f"Did you mean {guess!r}?"
            if guess
            else "Choose one of them; the first line of the file must name the columns."
        )
        raise DataError(
            f"{self.path}, line 1: there is no column {name!r}; the columns are {known}.", hint
        )

    def where(self, row: int, column: int) -> str:
        """File, line and column, for a message."""
        return f"{self.path}, line {self.lines[row]}, column {self.names[column]!r}"

    def missing(self, column: int, rows: np.ndarray) -> np.ndarray:
        """Which of the rows have nothing in that column."""
        gap: np.ndarray = np.isnan(self.numbers[rows, column])
        texts = self.texts[column]
        return np.logical_and(gap, [row not in texts for row in rows.tolist()]) if texts else gap


def read_table(path: str | Path) -> Table:
    """Read a CSV file whose first line names the columns.

    In UTF-8, with commas, semicolons or tabs (whichever line 1 has most of) between the values, quoted by ``"``.
    """
    try:
        with regular(path).open(encoding="utf-8-sig", newline="") as file:
            return _read(str(path), file)
    except UnicodeDecodeError:
        data = Path(path).read_bytes()
        raise _wrong_encoding(path, data) from None
    except OSError as wrong:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path}: cannot be read: {wrong.strerror or wrong}.", hint) from wrong


def _wrong_encoding(path: str | Path, data: bytes) -> DataError:
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        return DataError(
            f"{path}, line {line}: byte {data[wrong.start]:#04x} is not UTF-8 text.",
            "Save the file with the encoding UTF-8.",
        )
    return DataError(f"{path}: the file changed while it was read.", "Try again.")


def _read(path: str, file: TextIO) -> Table:
    bare = re.sub(r'"[^"]*"', "", file.readline())
    file.seek(0)
    reader = csv.reader(file, delimiter=max(",;\t", key=bare.count), strict=True)
    try:
        names = _header(path, next(reader, []))
        numbers, lines = array("d"), array("q")
        texts: list[dict[int, str]] = [{} for _ in names]
        line = reader.line_num + 1  # a quoted field may span lines: a row is named by its first
        for cells in reader:
            if len(cells) == len(names):
                try:
                    numbers.extend(
                        map(_plain_float, cells) if "_" in "".join(cells) else map(float, cells)
                    )
                except ValueError:
                    _refuse_zero_bytes(path, line, cells)
                    del numbers[len(lines) * len(names) :]
                    numbers.extend(
                        _number(cell, texts[column], len(lines))
                        for column, cell in enumerate(cells)
                    )
                lines.append(line)
            elif cells:  # a blank line has no cells
                _refuse_ragged(path, line, len(cells), len(names))
            line = reader.line_num + 1
    except csv.Error as wrong:
        hint = "Look for a quotation mark that is not closed."
        raise DataError(
            f"{path}, line {reader.line_num}: not a CSV file: {wrong}.", hint
        ) from wrong
    if not lines:
        raise DataError(
            f"{path}: has no rows below the header in line 1.", "Add at least one row of values."
        )
    return Table(path, names, np.array(numbers).reshape(-1, len(names)), texts, np.array(lines))


def _header(path: str, cells: list[str]) -> list[str]:
    _refuse_zero_bytes(path, 1, cells)
    names = [cell.strip() for cell in cells]
    if not any(names):
        raise DataError(
            f"{path}: is empty.", "The first line must name the columns, the others hold the rows."
        )
    for place, name in enumerate(names):
        if not name:
            hint = "Give it a name, or delete it: often it only numbers the rows, which would give the answer away."
            raise DataError(
                f"{path}, line 1: column {place + 1} of {len(names)} has no name.", hint
            )
        if name in names[:place]:
            first = names.index(name) + 1
            raise DataError(
                f"{path}, line 1: columns {first} and {place + 1} are both named {name!r}.",
                "Give each column its own name.",
            )
    return names


def _refuse_ragged(path: str, line: int, found: int, named: int) -> None:
    values = "1 value" if found == 1 else f"{found} values"
    hint = "Every line needs one value for each column; quote a value that contains the separator."
    raise DataError(f"{path}, line {line}: {values}, but line 1 names {named} columns.", hint)


def _refuse_zero_bytes(path: str, line: int, cells: list[str]) -> None:
    """What text never has, and float refuses; UTF-16 without its mark is full of them."""
    if any("\0" in cell for cell in cells):
        raise DataError(
            f"{path}, line {line}: holds a zero byte, so it is no text.",
            "Save the file as text with the encoding UTF-8.",
        )


def _plain_float(cell: str) -> float:
    """The number a cell holds. Raises: ``ValueError``, also for 1_000, which float takes for a thousand."""
    if "_" in cell:
        raise ValueError(cell)
    return float(cell)


def _number(cell: str, texts: dict[int, str], row: int) -> float:
    """The cell's number; else nan, and what is not just a mark for a missing value is kept as text."""
    try:
        return _plain_float(cell)
    except ValueError:
        text = cell.strip()
        if text.lower() not in MISSING:
            texts[row] = text
        return float("nan")
