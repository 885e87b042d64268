"""Dates as days since the first one of the training data."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from resources.snippets.table.dates import days_in, hours_in


def day_in(text: str, column: Mapping[str, Any]) -> float | None:
    """The days of a cell's date, ``None`` where it has none."""
    day = days_in(text, column["date"])
    return None if day is None else day - date.fromisoformat(column["since"]).toordinal()


def formatted_day(text: str, column: Mapping[str, Any]) -> float | None:
    """The days of a date in the one format of its column, or as 2024-01-31; else ``None``."""
    for day_format in (column["format"], "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, day_format)
        except ValueError:
            continue
        seconds = day.hour * 3600 + day.minute * 60 + day.second
        return day.toordinal() + seconds / 86400 - date.fromisoformat(column["since"]).toordinal()
    return None


def time_in(text: str, _column: Mapping[str, Any]) -> float | None:
    """The hours of a time, ``None`` where a cell has none."""
    return hours_in(text)
