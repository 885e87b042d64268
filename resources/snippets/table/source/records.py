"""How a column was read, as a text that a run keeps: new files are then read in the same way."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from resources.snippets.samples import DataError
from resources.snippets.table.column import Column, ReadAs
from resources.snippets.table.dates import DATE_ORDERS, TIME, date_text
from resources.snippets.table.model import Table
from resources.snippets.table.notation import Style

IN = "in:"  # before the unit of a column
ENCODING, SHEET, UNITS = "\tencoding", "\tsheet", "\tunits"  # names of columns begin with no tab


def record_of(column: Column, first_day: int | None) -> str:
    """Nothing for plain numbers and for categories, else such as ``comma`` or ``date dmy 2024-01-31``.

    Behind that, each after a tab, texts that mean a missing value.
    """
    words = ["lenient"] if column.lenient else []
    if column.order == TIME:
        words = [TIME, *words]
    elif column.kind == "date":
        words = ["date", column.order, date_text(first_day or 1), *words]
    elif column.kind == "number" and column.style != "point":
        words = [column.style, *words]
    words += [f"{IN}{column.measure}"] if column.measure else []
    return "\t".join([" ".join(words), *column.marks])


def table_record(table: Table, columns: Sequence[Column]) -> dict[str, str]:
    """How the file was read, under names that no column has: what is not UTF-8, a sheet, a line of units."""
    cells, found = table.unit_cells, {}
    if not table.encoding.startswith("utf"):
        found[ENCODING] = table.encoding
    if table.sheet:
        found[SHEET] = table.sheet
    return found | ({UNITS: "\t".join(cells[each.at] for each in columns)} if cells else {})


def recorded_column(
    at: int, name: str, categories: tuple[str, ...], record: str
) -> tuple[Column, int | None]:
    """The column that was recorded, and the first day of dates."""
    told, *marks = record.split("\t")
    words, known = told.split(), tuple(marks)
    is_lenient = "lenient" in words
    if TIME in words:
        return Column(at, name, "date", order=TIME, lenient=is_lenient, marks=known), None
    if "date" not in words:
        style: Style = "comma" if "comma" in words else "point"
        kind: ReadAs = "category" if categories else "number"
        measure = next((word.removeprefix(IN) for word in words if word.startswith(IN)), "")
        column = Column(at, name, kind, style, lenient=is_lenient, marks=known, measure=measure)
        return column, None
    try:
        order, first = words[1:3]
        day = date.fromisoformat(first).toordinal()
    except ValueError:
        order, day = "", 0
    if order not in DATE_ORDERS:
        raise DataError(
            f"What was recorded of column {name!r}, {record!r}, is not known.", "Train again."
        )
    return Column(at, name, "date", order=order, lenient=is_lenient, marks=known), day


def role_text(
    column: Column, categories: tuple[str, ...], first_day: int | None, *, is_answer: bool = False
) -> str:
    """What a column was read as, in words."""
    notes = [column.note] if column.note else []
    if is_answer:
        return f"target ({column.note})" if notes else "target"
    if column.kind == "category":
        return f"category of {len(categories)}"
    if column.order == TIME:
        return "time (hours)"
    if column.kind == "date" and first_day:
        notes = [f"days since {date_text(first_day)}"]
    return f"{column.kind} ({', '.join(notes)})" if notes else cast("str", column.kind)
