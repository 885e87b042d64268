"""How a column was read, as a text that a run keeps so that new files are read in the same way."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from resources.snippets.samples import DataError
from resources.snippets.table.column import Column, ReadAs
from resources.snippets.table.dates import DATE_ORDERS, TIME, date_text
from resources.snippets.table.notation import Style
from resources.snippets.table.text_table import Table
from resources.snippets.table.values import Columns

IN = "in:"  # before the unit of a column
ENCODING, SHEET, UNITS = "\tencoding", "\tsheet", "\tunits"  # no column's name begins with a tab


def record_of(column: Column, first_day: int | None) -> str:
    """The record of a column: empty for plain numbers and categories, else such as ``date dmy 2024-01-31``.

    Texts that mean a missing value follow, each after a tab.
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
    """The record of the file, under names that no column has: an encoding, a sheet, a line of units."""
    cells, record = table.unit_cells, {}
    if not table.encoding.startswith("utf"):
        record[ENCODING] = table.encoding
    if table.sheet:
        record[SHEET] = table.sheet
    return record | ({UNITS: "\t".join(cells[each.at] for each in columns)} if cells else {})


def recorded_column(
    at: int, name: str, categories: tuple[str, ...], record: str
) -> tuple[Column, int | None]:
    """The column of a record, and the first day of dates."""
    text, *marks = record.split("\t")
    words, all_marks = text.split(), tuple(marks)
    is_lenient = "lenient" in words
    if TIME in words:
        return Column(at, name, "date", order=TIME, lenient=is_lenient, marks=all_marks), None
    if "date" not in words:
        style: Style = "comma" if "comma" in words else "point"
        kind: ReadAs = "category" if categories else "number"
        measure = next((word.removeprefix(IN) for word in words if word.startswith(IN)), "")
        column = Column(at, name, kind, style, lenient=is_lenient, marks=all_marks, measure=measure)
        return column, None
    try:
        order, first = words[1:3]
        day = date.fromisoformat(first).toordinal()
    except ValueError:
        order, day = "", 0
    if order not in DATE_ORDERS:
        raise DataError(f"The record of column {name!r}, {record!r}, is not known.", "Train again.")
    return Column(at, name, "date", order=order, lenient=is_lenient, marks=all_marks), day


def decimal_commas(columns: Columns, records: Mapping[str, object]) -> tuple[str, ...]:
    """The columns whose numbers have a decimal comma, by their records."""
    return tuple(name for name, _ in columns if "comma" in str(records.get(name, "")).split())


def date_cell(days: float, record: str) -> str:
    """A day as a cell, from the days since the first one that a record names, in the order of its dates."""
    _, order, first = record.split("\t", maxsplit=1)[0].split()[:3]
    day = date.fromordinal(date.fromisoformat(first).toordinal() + round(days))
    return day.strftime({"dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}.get(order, "%Y-%m-%d"))


def role_text(
    column: Column, categories: tuple[str, ...], first_day: int | None, *, is_target: bool = False
) -> str:
    """The way in which a column was read, in words."""
    notes = [column.note] if column.note else []
    if is_target:
        return f"target ({column.note})" if notes else "target"
    if column.kind == "category":
        return f"category of {len(categories)}"
    if column.order == TIME:
        return "time (hours)"
    if column.kind == "date" and first_day:
        notes = [f"days since {date_text(first_day)}"]
    return f"{column.kind} ({', '.join(notes)})" if notes else cast("str", column.kind)
