"""Dates as days since the first that a network learned from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from resources.snippets.table.dates import days_in, hours_in


def day_in(text: str, column: Mapping[str, Any]) -> float | None:
    """The days of a cell's date, ``None`` where it holds none."""
    day = days_in(text, column["date"])
    return None if day is None else day - date.fromisoformat(column["since"]).toordinal()


def formatted_day(text: str, column: Mapping[str, Any]) -> float | None:
    """The days of a date in the one format of its column, or as 2024-01-31; else ``None``."""
    for written in (column["format"], "%Y-%m-%d"):
        try:
            found = datetime.strptime(text, written)
        except ValueError:
            continue
        seconds = found.hour * 3600 + found.minute * 60 + found.second
        return found.toordinal() + seconds / 86400 - date.fromisoformat(column["since"]).toordinal()
    return None


def time_in(text: str, _column: Mapping[str, Any]) -> float | None:
    """The hours of a time, ``None`` where a cell holds none."""
    return hours_in(text)
