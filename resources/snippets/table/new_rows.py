"""New rows of a table that a network cannot take, each with the reason; the others it can."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from resources.snippets.known_format.column import REST
from resources.snippets.samples import DataError, Refusal
from resources.snippets.table.blocks import BREAK, Ragged
from resources.snippets.table.column import Column
from resources.snippets.table.dates import date_words
from resources.snippets.table.notation import is_missing, is_unit, unit_of
from resources.snippets.table.text_table import Table
from resources.snippets.table.values import Columns, Values

MAX_KNOWN = 20  # categories that a message lists


class RowProblem(NamedTuple):
    """What is wrong with a row, and what to do."""

    reason: str
    hint: str


def nameless_rows(table: Table, names: Sequence[str]) -> DataError:
    """The error for a table without a line of names that does not have all of these columns."""
    names_text = ", ".join(names[:MAX_KNOWN]) + (", ..." if len(names) > MAX_KNOWN else "")
    return DataError(
        f"{table.path}, line {table.lines[0]} is read as a row, so no line names the columns; there are "
        f"{len(table.names)}. The network learned from the columns {names_text}.",
        "Write a line with these names above the rows, each over its column; or, if the training file has no names "
        "either, give the rows all its columns, the target's too.",
    )


def has_units(
    table: Table, columns: Sequence[Column], feature_columns: Columns, learned_units: Sequence[str]
) -> bool:
    """Whether the first of several rows has units: those ``learned``, or units for numbers and no known category."""
    if len(table) < 2 or not table.heading:
        return False
    first = [table.text(column.at).partition(BREAK)[0].strip() for column in columns]
    if learned_units and first == list(learned_units):
        return True
    units = []
    for column, text, (_, categories) in zip(columns, first, feature_columns, strict=True):
        if column.kind != "category" and not is_missing(text):
            units.append(text)
        elif text in categories:
            return False
    return bool(units) and all(map(is_unit, units))


def wrong_rows(
    table: Table,
    columns: Sequence[Column],
    feature_columns: Columns,
    values: Mapping[int, Values],
    missing: str,
) -> dict[int, RowProblem]:
    """The problem of each row with a cell that cannot be used, by number; that of the first such column."""
    problems: dict[int, RowProblem] = {}
    for column, (name, categories) in zip(columns, feature_columns, strict=True):
        column_values = values[column.at]
        if column.kind == "category":
            check = _category_check(name, categories)
            cells = [cell.strip() for cell in table.cells(column.at)]
            problem_of = {cell: check(cell) for cell in set(cells) if not is_missing(cell)}
            wrongs = {
                row: problem_of[cell] for row, cell in enumerate(cells) if problem_of.get(cell)
            }
        else:
            wrongs = {row: _odd(column, text) for row, text in column_values.odd.items()}
            with np.errstate(over="ignore"):
                large = np.isinf(column_values.numbers.astype(np.float32))
            wrongs |= _in_other_units(table, column)
            wrongs |= {row: _large(name, column_values.numbers[row]) for row in _places(large)}
        if missing == "refuse":
            wrongs |= {row: _empty(name) for row in _places(column_values.gap)}
        for row, wrong in wrongs.items():
            if wrong is not None:
                problems.setdefault(row, wrong)
    return problems


def refused_rows(
    table: Table, wrong: Mapping[int, RowProblem], ragged: Sequence[Ragged]
) -> list[Refusal]:
    """The refusals of these rows and lines, each with its number among all rows of the file."""
    problems = {int(table.lines[row]): each for row, each in wrong.items()}
    problems |= {line: RowProblem(reason, hint) for line, reason, hint in ragged}
    every = np.sort(np.concatenate([table.lines, [line for line, _, _ in ragged]]).astype(np.int64))
    return [
        Refusal(int(np.searchsorted(every, line)), f"line {line}", *problems[line])
        for line in sorted(problems)
    ]


def _places(mask: np.ndarray) -> list[int]:
    places: list[int] = np.flatnonzero(mask).tolist()
    return places


def _category_check(name: str, categories: tuple[str, ...]) -> Callable[[str], RowProblem | None]:
    texts = set(categories)
    more = f" and {len(texts) - MAX_KNOWN:,} more" if len(texts) > MAX_KNOWN else ""
    hint = f"The network knows {', '.join(categories[:MAX_KNOWN])}{more}."

    def check(text: str) -> RowProblem | None:
        if text in texts or REST in texts:
            return None
        return RowProblem(f"column {name!r}: {text!r} is not one of the categories.", hint)

    return check


def _in_other_units(table: Table, column: Column) -> dict[int, RowProblem]:
    """The cells of a column that are in another unit than the training data."""
    if not column.measure:
        return {}
    cells = table.cells(column.at)
    units = {cell: unit_of(cell) for cell in set(cells)}
    return {
        row: RowProblem(
            f"column {column.name!r}: {cell.strip()!r} is in {units[cell]}.",
            f"The network learned from numbers in {column.measure}: write it in that.",
        )
        for row, cell in enumerate(cells)
        if units[cell] not in ("", column.measure)
    }


def _odd(column: Column, text: str) -> RowProblem:
    if column.kind == "date":
        return RowProblem(
            f"column {column.name!r}: {text!r} is not {date_words(column.order)}.", "Correct it."
        )
    style = " with a decimal comma" if column.style == "comma" else ""
    return RowProblem(
        f"column {column.name!r}: {text!r} is not a number{style}.",
        "The network learned from numbers there: correct it.",
    )


def _large(name: str, number: float) -> RowProblem:
    return RowProblem(f"column {name!r}: {number:g} is too large.", "Numbers must be below 3.4e38.")


def _empty(name: str) -> RowProblem:
    return RowProblem(
        f"column {name!r}: the value is missing.",
        "Fill it in: the network learned from rows without gaps.",
    )
