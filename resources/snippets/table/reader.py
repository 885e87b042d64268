"""A file as a table of texts, with the line of each row."""

from collections.abc import Callable, Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO, TypedDict

from resources.snippets.load_result import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.blocks import Ragged, read_columns, refuse_zero_bytes
from resources.snippets.table.cells import (
    Cells,
    declared_separator,
    find_separator,
    sample_rows,
    split_lines,
)
from resources.snippets.table.heading import (
    Heading,
    below_comments,
    checked_names,
    find_heading,
    leave_out_units,
)
from resources.snippets.table.nameless import name_columns
from resources.snippets.table.source.foreign import is_workbook, refuse_foreign
from resources.snippets.table.source.opening import first_bytes, open_text
from resources.snippets.table.source.workbook import workbook_rows
from resources.snippets.table.text_table import Table
from resources.snippets.table.units_line import units_text

SAMPLE_LINES, SAMPLE_LETTERS = 200, 4_000_000
LEAST_SAMPLE = 8  # lines, even if they are long


Body = Callable[[Heading], Iterator[Cells]]
"""The rows of a table below its heading."""


class Layout(TypedDict, total=False):
    """The settings of a file that are not recognized.

    ``encoding``: ``auto`` or a name. ``header``: ``auto``, ``yes`` or ``no``. ``skip``: lines above the table;
    ``None`` to search for them. ``sheet``: that of a workbook; ``usual_sheet``: the one to read if there is such a
    sheet. ``units``: whether there may be a line of units below the names.
    """

    encoding: str
    header: str
    skip: int | None
    sheet: str
    usual_sheet: str
    units: bool


def read_table(
    path: str | Path,
    names: Collection[str] = (),
    layout: Layout | None = None,
    ragged: list[Ragged] | None = None,
) -> Table:
    """Read a table from a text file, plain or packed with gzip, or from an Excel workbook.

    ``names``: the columns that the project names, which tell a line of names from a row. ``ragged``: collects the lines
    without one cell for each column, which are refused otherwise.
    """
    place, settings = str(path), layout or Layout()
    start = first_bytes(place)
    refuse_foreign(place, start)
    if is_workbook(place, start):
        sheet, rows, guesses = workbook_rows(
            place, settings.get("sheet", ""), settings.get("usual_sheet", "")
        )
        if (encoding := settings.get("encoding", "auto")) != "auto":
            guesses.append(_no_encoding(place, encoding))
        above = settings.get("skip")
        rows = [each for each in rows if above is None or each[0] > above]
        table = _table(
            place,
            rows[:SAMPLE_LINES],
            lambda heading: _from(rows, heading),
            guesses,
            names,
            settings,
            ragged,
        )
        table.sheet = sheet
        return table
    with open_text(place, settings.get("encoding", "auto")) as (file, guesses):
        if sheet := settings.get("sheet", ""):
            guesses.append(_no_sheets(place, sheet))
        return _text_table(place, file, guesses, names, settings, ragged)


def _no_sheets(path: str, sheet: str) -> Guess:
    return Guess(
        f"{path} is not a workbook, so it has no sheet {sheet!r}; all of it is read.",
        "Name the workbook in path, or take the setting sheet away.",
        "sheet",
        "",
        "Take sheet away",
    )


def _no_encoding(path: str, encoding: str) -> Guess:
    return Guess(
        f"{path} is a workbook, which has an encoding of its own; the encoding {encoding} is not used.",
        "Set encoding to auto.",
        "encoding",
        "auto",
        "Set encoding to auto",
    )


def _from(rows: list[Cells], heading: Heading) -> Iterator[Cells]:
    return (each for each in rows if each[0] >= heading.begins)


def _text_table(
    path: str,
    file: TextIO,
    guesses: list[Guess],
    names_in_project: Collection[str],
    settings: Layout,
    ragged: list[Ragged] | None,
) -> Table:
    above = settings.get("skip")
    lines = list(_sample(file, above or 0))
    for number, line in enumerate(lines, 1):
        refuse_zero_bytes(path, number, line)
    separator = declared_separator(lines[0]) if lines else ""
    dropped = above if above is not None else 1 if separator else 0
    separator = separator or find_separator(lines[dropped:])
    comments, names = (
        below_comments(lines[dropped:], separator, dropped + 1) if above is None else (0, [])
    )
    rows = sample_rows(lines[dropped + comments :], separator, dropped + comments + 1)
    if len(lines) > LEAST_SAMPLE and len(rows) > 1:
        rows.pop()  # its end may be beyond the sample
    if names:
        rows.insert(0, (dropped + comments, names))

    def body(heading: Heading) -> Iterator[Cells]:
        begins = heading.begins
        return split_lines(path, chain(lines[begins - 1 :], file), separator, begins)

    table = _table(path, rows, body, guesses, names_in_project, settings, ragged)
    table.separator, table.encoding = separator, file.encoding
    if unread := comments - bool(names):
        table.left_out.append(_lines_text(list(range(dropped + 1, dropped + unread + 1)), COMMENT))
    return table


COMMENT = "is a comment", "are comments"


def _lines_text(lines: list[int], what: tuple[str, str]) -> str:
    """A text about lines. ``what``: the words for one, and for several."""
    if len(lines) == 1:
        return f"line {lines[0]}, which {what[0]}"
    if lines[-1] - lines[0] == len(lines) - 1:
        return f"lines {lines[0]} to {lines[-1]}, which {what[1]}"
    return f"{len(lines):,} lines from {lines[0]} to {lines[-1]}, which {what[1]}"


def _sample(file: TextIO, above: int) -> Iterator[str]:
    letters = 0
    for number, line in enumerate(file, 1):
        yield line
        letters += len(line)
        if number - above >= SAMPLE_LINES or (
            letters > SAMPLE_LETTERS and number - above >= LEAST_SAMPLE
        ):
            return


def _table(
    path: str,
    rows: list[Cells],
    body: Body,
    guesses: list[Guess],
    names_in_project: Collection[str],
    settings: Layout,
    ragged: list[Ragged] | None,
) -> Table:
    if not rows and (above := settings.get("skip")):
        raise DataError(
            f"{path} has nothing below the first {above:,} lines, which skip leaves out.",
            "Set skip to how many lines are above the table.",
        )
    if not rows:
        raise DataError(
            f"{path} is empty.", "One line must name the columns, the others hold the rows."
        )
    heading = find_heading(
        path,
        rows,
        settings.get("header", "auto"),
        names_in_project,
        searched=settings.get("skip") is None,
    )
    if settings.get("units", True):
        leave_out_units(heading, rows)
    names = checked_names(path, heading)
    columns, lines = read_columns(path, body(heading), heading, ragged)
    if not len(lines) and not ragged:
        raise DataError(
            f"{path} has no rows below the header in line {heading.line}.",
            "Add at least one row of values.",
        )
    names = [""] * heading.before + names
    first = [cell.strip() for cell in heading.cells] if not heading.line else []
    table = Table(
        path, names, columns, lines, heading.line, first, guesses=[*guesses, *heading.guesses]
    )
    table.before, table.notes = heading.before, heading.notes
    _note_lines_left_out(table, heading)
    name_columns(table, names_in_project)
    return table


def _note_lines_left_out(table: Table, heading: Heading) -> None:
    """Add the lines that are not rows to what the table leaves out."""
    if heading.repeats:
        table.repeats = True
        table.left_out.append(
            _lines_text(heading.repeats, ("repeats the names", "repeat the names"))
        )
    if heading.comments:
        table.comments = True
        table.left_out.append(_lines_text(heading.comments, COMMENT))
    if heading.units:
        table.units, table.unit_cells = tuple(heading.units), list(heading.units)
        table.left_out.append(units_text(heading.units_line, heading.units))
