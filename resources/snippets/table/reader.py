"""A file as a table of texts, with the line each row is in."""

from collections.abc import Callable, Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO, TypedDict

from resources.snippets.rows import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.blocks import Ragged, gathered, refuse_zero_bytes
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
from resources.snippets.table.model import Table
from resources.snippets.table.nameless import settle_nameless
from resources.snippets.table.source.foreign import is_workbook, refuse_foreign
from resources.snippets.table.source.opening import first_bytes, opened_text
from resources.snippets.table.source.workbook import workbook_rows
from resources.snippets.table.units_line import units_text

SAMPLE_LINES, SAMPLE_LETTERS = 200, 4_000_000
LEAST_SAMPLE = 8  # lines, however long they are


Body = Callable[[Heading], Iterator[Cells]]
"""Gives the rows of a table once it is known where they begin."""


class Layout(TypedDict, total=False):
    """What is said of a file rather than found out.

    ``encoding``: ``auto`` or a name. ``header``: ``auto``, ``yes`` or ``no``. ``skip``: lines above the table;
    ``None`` to look for them. ``sheet``: of a workbook; ``usual_sheet``: taken if it is there. ``units``: whether a
    line of them is looked for below the names.
    """

    encoding: str
    header: str
    skip: int | None
    sheet: str
    usual_sheet: str
    units: bool


def read_table(
    path: str | Path,
    wanted: Collection[str] = (),
    layout: Layout | None = None,
    ragged: list[Ragged] | None = None,
) -> Table:
    """Read a table from a file of text, plain or packed with gzip, or from an Excel workbook.

    ``wanted``: the columns that the project names, which tell a line of names from a row. ``ragged``: takes the lines
    that have not one cell for each column, which are refused otherwise.
    """
    place, said = str(path), layout or Layout()
    start = first_bytes(place)
    refuse_foreign(place, start)
    if is_workbook(place, start):
        sheet, rows, guesses = workbook_rows(
            place, said.get("sheet", ""), said.get("usual_sheet", "")
        )
        if (encoding := said.get("encoding", "auto")) != "auto":
            guesses.append(_no_encoding(place, encoding))
        above = said.get("skip")
        rows = [each for each in rows if above is None or each[0] > above]
        table = _table(
            place,
            rows[:SAMPLE_LINES],
            lambda heading: _from(rows, heading),
            guesses,
            wanted,
            said,
            ragged,
        )
        table.sheet = sheet
        return table
    with opened_text(place, said.get("encoding", "auto")) as (file, guesses):
        if sheet := said.get("sheet", ""):
            guesses.append(_no_sheets(place, sheet))
        return _text_table(place, file, guesses, wanted, said, ragged)


def _no_sheets(path: str, sheet: str) -> Guess:
    return Guess(
        f"{path}: is no workbook, so it has no sheet {sheet!r}; all of it is read.",
        "Name the workbook in path, or take the setting sheet away.",
        "sheet",
        "",
        "Take sheet away",
    )


def _no_encoding(path: str, encoding: str) -> Guess:
    return Guess(
        f"{path}: is a workbook, which says itself how letters are stored; the encoding {encoding} is not used.",
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
    wanted: Collection[str],
    said: Layout,
    ragged: list[Ragged] | None,
) -> Table:
    above = said.get("skip")
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
        rows.pop()  # its end may lie beyond the sample
    if names:
        rows.insert(0, (dropped + comments, names))

    def body(heading: Heading) -> Iterator[Cells]:
        begins = heading.begins
        return split_lines(path, chain(lines[begins - 1 :], file), separator, begins)

    table = _table(path, rows, body, guesses, wanted, said, ragged)
    table.separator, table.encoding = separator, file.encoding
    if unread := comments - bool(names):
        table.left_out.append(_lines_text(list(range(dropped + 1, dropped + unread + 1)), COMMENT))
    return table


COMMENT = "is a comment", "are comments"


def _lines_text(lines: list[int], what: tuple[str, str]) -> str:
    """What is said of lines. ``what``: of one, and of several."""
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
    wanted: Collection[str],
    said: Layout,
    ragged: list[Ragged] | None,
) -> Table:
    if not rows and (above := said.get("skip")):
        raise DataError(
            f"{path}: has nothing below the first {above:,} lines, which skip leaves out.",
            "Set skip to how many lines are above the table.",
        )
    if not rows:
        raise DataError(
            f"{path}: is empty.", "One line must name the columns, the others hold the rows."
        )
    heading = find_heading(
        path, rows, said.get("header", "auto"), wanted, searched=said.get("skip") is None
    )
    if said.get("units", True):
        leave_out_units(heading, rows)
    names = checked_names(path, heading)
    columns, lines = gathered(path, body(heading), heading, ragged)
    if not len(lines) and not ragged:
        raise DataError(
            f"{path}: has no rows below the header in line {heading.line}.",
            "Add at least one row of values.",
        )
    names = [""] * heading.before + names
    first = [cell.strip() for cell in heading.cells] if not heading.line else []
    table = Table(
        path, names, columns, lines, heading.line, first, guesses=[*guesses, *heading.guesses]
    )
    table.before, table.notes = heading.before, heading.notes
    _note_lines_left_out(table, heading)
    settle_nameless(table, wanted)
    return table


def _note_lines_left_out(table: Table, heading: Heading) -> None:
    """Have the table know the lines below the names that are no rows."""
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
