"""One column of a table: how it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from resources.snippets.table.notation import Style

ReadAs = Literal["number", "category", "date", "left out"]
LEFT_OUT = "left out"
"""The role of a column that is not a feature."""


class Notation(TypedDict, total=False):
    """``decimal``: ``auto``, ``point`` or ``comma``. ``dates``: ``auto``, ``day_first`` or ``month_first``.

    ``marks``: texts that mean a missing value in every column.
    """

    decimal: str
    dates: str
    marks: Sequence[str]


@dataclass
class Column:
    """How one column is read.

    ``style``: that of numbers. ``order``: that of dates. ``lenient``: what is not a number is missing. ``marks``: texts
    that mean a missing value in it, beside those of every column of its kind. ``measure``: the unit beside all numbers.
    """

    at: int
    name: str
    kind: ReadAs
    style: Style = "point"
    order: str = ""
    lenient: bool = False
    why: str = ""
    note: str = ""
    marks: tuple[str, ...] = ()
    measure: str = ""
