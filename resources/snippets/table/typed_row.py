"""A row of a table that was typed by hand, as a file that the reader of tables takes."""

import csv
import json
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from resources.snippets.samples import DataError, Samples

T = TypeVar("T")

ROW = "the row"  # its place
FORM = "Write NAME=VALUE,NAME=VALUE with the names of the columns, or a JSON object."


def row_cells(text: str, commas: Collection[str] = ()) -> dict[str, str]:
    """The cells of a row by column, from ``a=1,b=2`` or a JSON object; a pair with a comma is in quotation marks.

    ``commas``: the columns whose numbers have a decimal comma, which numbers of JSON then get.
    Raises: ``DataError``.
    """
    if text.lstrip().startswith("{"):
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DataError(f"The row is not a JSON object: {error}.", FORM) from None
        return {name: cell_text(name, value, commas) for name, value in raw.items()}
    try:
        pairs = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        raise DataError(f"The row cannot be read: {error}.", FORM) from None
    cells: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals):
            raise DataError(f"The row: {pair!r} is not a column with its value.", FORM)
        if name in cells:
            raise DataError(f"The row has two values for {name!r}.", "Give each column once.")
        cells[name] = value
    if not cells:
        raise DataError("The row is empty.", FORM)
    return cells


def cell_text(name: str, value: object, commas: Collection[str] = ()) -> str:
    """A value of JSON as a cell; ``None`` is a missing one. Raises: ``DataError`` for lists and objects."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and name in commas:
        return str(value).replace(".", ",")
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else str(value)
    raise DataError(
        f"The row: {name!r} holds a list or an object.", "Give one number or one text a column."
    )


@contextmanager
def row_file(cells: Mapping[str, str]) -> Iterator[Path]:
    """A file with this row below the names of its columns; what is raised about the file names the row instead."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "row.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(cells), list(cells.values())])
        try:
            yield path
        except DataError as error:
            message = error.message.replace(f"{path}, line 1", "The row").replace(
                str(path), "The row"
            )
            raise DataError(message, error.hint) from error


def read_row(
    text: str, read: Callable[[Path], tuple[T, Samples]], commas: Collection[str] = ()
) -> tuple[T, Samples]:
    """A row that was typed by hand, as ``read`` gives those of a file."""
    with row_file(row_cells(text, commas)) as path:
        fields, samples = read(path)
    samples.places = [ROW] * len(samples)
    samples.refusals = [replace(each, place=ROW) for each in samples.refusals]
    return fields, samples
