"""Rows of a table that a network cannot be asked about, each with the reason; the others can."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from resources.snippets.plain.column import REST
from resources.snippets.samples import DataError, Refused
from resources.snippets.table.blocks import BREAK, Ragged
from resources.snippets.table.column import Column
from resources.snippets.table.dates import date_words
from resources.snippets.table.model import Table
from resources.snippets.table.notation import is_missing, is_unit, unit_of
from resources.snippets.table.values import Columns, Values

MOST_KNOWN = 20  # categories that are named


class Wrong(NamedTuple):
    """What is wrong with a row, and what to do."""

    reason: str
    hint: str


def nameless_rows(table: Table, needed: Sequence[str]) -> DataError:
    """The refusal of a table that has neither a line of names nor columns for all names that are ``needed``."""
    known = ", ".join(needed[:MOST_KNOWN]) + (", ..." if len(needed) > MOST_KNOWN else "")
    return DataError(
        f"{table.path}, line {table.lines[0]} is read as a row, so no line names the columns; there are "
        f"{len(table.names)}. The network learned from the columns {known}.",
        "Write a line with these names above the rows, each over its column; or, if the training file has no names "
        "either, give the rows all its columns, the target's too.",
    )


def has_units(
    table: Table, columns: Sequence[Column], described: Columns, learned: Sequence[str]
) -> bool:
    """Whether the first of several rows holds units: those ``learned``, or units for numbers and no known category."""
    if len(table) < 2 or not table.heading:
        return False
    first = [table.text(column.at).partition(BREAK)[0].strip() for column in columns]
    if learned and first == list(learned):
        return True
    units = []
    for column, text, (_, categories) in zip(columns, first, described, strict=True):
        if column.kind != "category" and not is_missing(text):
            units.append(text)
        elif text in categories:
            return False
    return bool(units) and all(map(is_unit, units))


def wrong_rows(
    table: Table,
    columns: Sequence[Column],
    described: Columns,
    values: Mapping[int, Values],
    missing: str,
) -> dict[int, Wrong]:
    """The rows with a cell that cannot be used, by number; of several cells the first column's is told."""
    found: dict[int, Wrong] = {}
    for column, (name, categories) in zip(columns, described, strict=True):
        held = values[column.at]
        if column.kind == "category":
            check = _category_check(name, categories)
            cells = [cell.strip() for cell in table.cells(column.at)]
            known = {cell: check(cell) for cell in set(cells) if not is_missing(cell)}
            wrongs = {row: known[cell] for row, cell in enumerate(cells) if known.get(cell)}
        else:
            wrongs = {row: _odd(column, text) for row, text in held.odd.items()}
            with np.errstate(over="ignore"):
                large = np.isinf(held.numbers.astype(np.float32))
            wrongs |= _in_other_units(table, column)
            wrongs |= {row: _large(name, held.numbers[row]) for row in _places(large)}
        if missing == "refuse":
            wrongs |= {row: _empty(name) for row in _places(held.gap)}
        for row, wrong in wrongs.items():
            if wrong is not None:
                found.setdefault(row, wrong)
    return found


def refused_rows(
    table: Table, wrong: Mapping[int, Wrong], ragged: Sequence[Ragged]
) -> list[Refused]:
    """What the rows and lines are refused for, each with its number among all of the file."""
    told = {int(table.lines[row]): each for row, each in wrong.items()}
    told |= {line: Wrong(reason, hint) for line, reason, hint in ragged}
    every = np.sort(np.concatenate([table.lines, [line for line, _, _ in ragged]]).astype(np.int64))
    return [
        Refused(int(np.searchsorted(every, line)), f"line {line}", *told[line])
        for line in sorted(told)
    ]


def _places(chosen: np.ndarray) -> list[int]:
    places: list[int] = np.flatnonzero(chosen).tolist()
    return places


def _category_check(name: str, categories: tuple[str, ...]) -> Callable[[str], Wrong | None]:
    known = set(categories)
    more = f" and {len(known) - MOST_KNOWN:,} more" if len(known) > MOST_KNOWN else ""
    hint = f"The network knows {', '.join(categories[:MOST_KNOWN])}{more}."

    def check(text: str) -> Wrong | None:
        if text in known or REST in known:
            return None
        return Wrong(f"column {name!r}: {text!r} is not one of the categories.", hint)

    return check


def _in_other_units(table: Table, column: Column) -> dict[int, Wrong]:
    """The cells of a column that are in another unit than those that were learned from."""
    if not column.measure:
        return {}
    cells = table.cells(column.at)
    units = {cell: unit_of(cell) for cell in set(cells)}
    return {
        row: Wrong(
            f"column {column.name!r}: {cell.strip()!r} is in {units[cell]}.",
            f"The network learned from numbers in {column.measure}: write it in that.",
        )
        for row, cell in enumerate(cells)
        if units[cell] not in ("", column.measure)
    }


def _odd(column: Column, text: str) -> Wrong:
    if column.kind == "date":
        return Wrong(
            f"column {column.name!r}: {text!r} is not {date_words(column.order)}.", "Correct it."
        )
    style = " with a decimal comma" if column.style == "comma" else ""
    return Wrong(
        f"column {column.name!r}: {text!r} is not a number{style}.",
        "The network learned from numbers there: correct it.",
    )


def _large(name: str, number: float) -> Wrong:
    return Wrong(f"column {name!r}: {number:g} is too large.", "Numbers must be below 3.4e38.")


def _empty(name: str) -> Wrong:
    return Wrong(
        f"column {name!r}: the value is missing.",
        "Fill it in: the network learned from rows without gaps.",
    )
