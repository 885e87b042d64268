"""How a column was read, as a text that a run keeps: new files are then read in the same way."""

from datetime import date
from typing import cast

from resources.snippets.rows import DataError
from resources.snippets.table.columns import Column
from resources.snippets.table.dates import DATE_ORDERS, date_text
from resources.snippets.table.notation import Style


def record_of(column: Column, first_day: int | None) -> str:
    """Nothing for plain numbers and for categories, else such as ``comma`` or ``date dmy 2024-01-31``."""
    if column.kind == "date":
        return (
            f"date {column.order} {date_text(first_day or 1)}{' lenient' if column.lenient else ''}"
        )
    words = ([column.style] if column.style != "point" else []) + (
        ["lenient"] if column.lenient else []
    )
    return " ".join(words) if column.kind == "number" else ""


def recorded_column(
    at: int, name: str, categories: tuple[str, ...], record: str
) -> tuple[Column, int | None]:
    """The column that was recorded, and the first day of dates."""
    words = record.split()
    if not words:
        return Column(at, name, "category" if categories else "number"), None
    if words[0] != "date":
        style: Style = "comma" if "comma" in words else "point"
        return Column(at, name, "number", style, lenient="lenient" in words), None
    try:
        order, first = words[1:3]
        day = date.fromisoformat(first).toordinal()
    except ValueError:
        order, day = "", 0
    if order not in DATE_ORDERS:
        raise DataError(
            f"What was recorded of column {name!r}, {record!r}, is not known.", "Train again."
        )
    return Column(at, name, "date", order=order, lenient="lenient" in words), day


def role_text(
    column: Column, categories: tuple[str, ...], first_day: int | None, *, is_answer: bool = False
) -> str:
    """What a column was read as, in words."""
    notes = [column.note] if column.note else []
    if is_answer:
        return f"target ({column.note})" if notes else "target"
    if column.kind == "category":
        return f"category of {len(categories)}"
    if column.kind == "date" and first_day:
        notes = [f"days since {date_text(first_day)}"]
    return f"{column.kind} ({', '.join(notes)})" if notes else cast("str", column.kind)
