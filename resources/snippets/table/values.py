"""The columns of a table as arrays: numbers, zeros and ones for categories, days for dates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from resources.snippets.plain.column import REST
from resources.snippets.rows import Guess, MendableError
from resources.snippets.samples import DataError
from resources.snippets.table.column import Column
from resources.snippets.table.dates import date_words, days_in
from resources.snippets.table.free_text import MOST_ONES
from resources.snippets.table.look import Look
from resources.snippets.table.model import Table
from resources.snippets.table.notation import is_mark, is_missing, number_in

Columns = tuple[tuple[str, tuple[str, ...]], ...]
"""Feature columns, each with its categories: none for a column of numbers."""


@dataclass
class Values:
    """``numbers``: float64, nan where there is none; empty for a category. ``odd``: texts among numbers, by row."""

    gap: np.ndarray
    numbers: np.ndarray
    odd: dict[int, str] = field(default_factory=dict)


def read_values(table: Table, column: Column, look: Look | None) -> Values:
    """What the cells of a column hold. ``look``: where it was looked at already."""
    if look is not None and look.plain is not None and column.kind == "number":
        return Values(np.isnan(look.plain), look.plain)
    cells = table.cells(column.at)
    if column.kind == "category":
        empty = {cell for cell in set(cells) if is_missing(cell)}
        return Values(np.array([cell in empty for cell in cells]), np.empty(0))
    known: dict[str, float] = {}
    odd: set[str] = set()
    for text in set(cells):
        value = (
            days_in(text, column.order) if column.kind == "date" else number_in(text, column.style)
        )
        known[text] = np.nan if value is None else value
        if value is None and not column.lenient and not (is_missing(text) or is_mark(text)):
            odd.add(text)
    numbers = np.array([known[cell] for cell in cells])
    found = {row: cell.strip() for row, cell in enumerate(cells) if cell in odd} if odd else {}
    gap = np.isnan(numbers)
    gap[list(found)] = False
    return Values(gap, numbers, found)


def kept_rows(
    table: Table, values: dict[int, Values], chosen: list[int], answer: int | None, missing: str
) -> tuple[np.ndarray, dict[str, int]]:
    """The rows to keep, and how many values each column lacks."""
    needed = chosen if answer is None else [*chosen, answer]
    lacking = {at: count for at in needed if (count := int(values[at].gap.sum()))}
    counts = {table.names[at]: count for at, count in lacking.items()}
    if missing == "refuse" and lacking:
        raise _refused_gap(table, values, lacking, answer)
    lost = np.zeros(len(table), dtype=bool)
    for at in lacking:
        if missing == "drop" or at == answer:
            lost |= values[at].gap
    kept = np.flatnonzero(~lost)
    if not len(kept):
        raise DataError(
            f"{table.path}: every row lacks a value, so none is left.",
            "Leave the empty columns out: set their roles to ignore.",
        )
    return kept, counts


def _refused_gap(
    table: Table, values: dict[int, Values], lacking: dict[int, int], answer: int | None
) -> MendableError:
    """The refusal of the first missing value. ``lacking``: how many each column lacks."""
    row, at = min((int(values[at].gap.argmax()), at) for at in lacking)
    total = sum(lacking.values())
    hint = (
        "Fill it in, or set missing to drop (leave such rows out) or mean (put the mean of the column, or its most "
        "frequent category)."
    )
    said = table.said(row, at)
    if said and not values[at].numbers.size:
        hint += f" If {said!r} is a category of its own, set the role of {table.names[at]!r} to category."
    others = {each: count for each, count in lacking.items() if each != answer}
    most = max(others, key=lambda each: others[each], default=None)
    if most is not None and 3 * others[most] > len(table):
        gaps = f"{others[most]:,} of {len(table):,} values"
        hint += f" Or set the role of {table.names[most]!r} to ignore: it lacks {gaps}."
    label = "Put the mean or the most frequent category in their place"
    remedy = Guess("", "", "missing", "mean", label)
    if at == answer or 2 * total < len(table):
        remedy = Guess("", "", "missing", "drop", "Leave out the rows that lack a value")
    message = f"{table.where(row, at)}: the value is missing ({total} in all)"
    return MendableError(
        message + (f"; {said!r} counts as missing." if said else "."), hint, remedy
    )


def encoded(
    table: Table,
    columns: Sequence[Column],
    described: Columns,
    values: dict[int, Values],
    rows: np.ndarray,
    origins: Mapping[int, int | None],
    roles: Mapping[str, str] | None = None,
) -> np.ndarray:
    """The features of those rows, float32: numbers as they are, a category as zeros and a one, nan where missing.

    ``roles``: those given, for what a refusal offers.
    """
    widths = [max(1, len(categories)) for _, categories in described]
    found = np.empty((len(rows), sum(widths)), dtype=np.float32)
    place, starts = 0, []
    for column, width, (_, categories) in zip(columns, widths, described, strict=True):
        held = values[column.at]
        if column.kind == "category":
            found[:, place : place + width] = ones_of(table, column, categories, rows)
        else:
            if held.odd:
                refuse_odd(table, column, held.odd, rows, roles)
            start = (origins.get(column.at) or 0) if column.kind == "date" else 0
            with np.errstate(
                over="ignore"
            ):  # what is too large is refused below, for all columns at once
                found[:, place] = held.numbers[rows] - start if start else held.numbers[rows]
        starts.append(place)
        place += width
    infinite = np.isinf(found).any(axis=0)
    if infinite.any():
        column = columns[starts.index(int(infinite.argmax()))]
        small(table, column.at, values[column.at].numbers, rows)
    return found


def categories_of(cells: Sequence[str], *, kept: int = MOST_ONES) -> tuple[str, ...]:
    """The different texts in order; of very many the most frequent, and then the rest as one."""
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell] = counts.get(cell, 0) + 1
    if len(counts) <= kept:
        return tuple(ordered(counts))
    frequent = sorted(counts, key=lambda text: (-counts[text], text))[: kept - 1]
    return (*ordered(frequent), REST)


def ordered(texts: Collection[str]) -> list[str]:
    """Numbers by their value, anything else in alphabetical order."""
    values = {text: number_in(text, "point") for text in texts}
    if all(value is not None for value in values.values()):
        return sorted(texts, key=lambda text: (values[text] or 0.0, text))
    return sorted(texts)


def ones_of(
    table: Table, column: Column, categories: tuple[str, ...], rows: np.ndarray
) -> np.ndarray:
    """A category as a column of zeros and ones for each text; nan where the cell is empty."""
    code = {text: number for number, text in enumerate(categories)}
    rest = code.get(REST, -1)
    cells = stripped(table, column.at, rows)
    codes = np.array([code.get(cell, rest) for cell in cells], dtype=np.int64)
    gap = np.array([is_missing(cell) for cell in cells], dtype=bool)
    wrong = np.flatnonzero((codes < 0) & ~gap)
    if len(wrong):
        raise _unknown(table, int(rows[wrong[0]]), column.at, cells[wrong[0]], categories)
    chosen: np.ndarray = np.eye(len(categories), dtype=np.float32)[codes]
    chosen[gap] = np.nan
    return chosen


def stripped(table: Table, at: int, rows: np.ndarray) -> list[str]:
    """The cells of some rows without spaces around them."""
    cells = table.cells(at)
    return [cells[row].strip() for row in rows.tolist()]


def small(table: Table, at: int, numbers: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The numbers of some rows as float32; an infinite one is refused."""
    with np.errstate(over="ignore"):
        found: np.ndarray = numbers[rows].astype(np.float32)
    infinite = np.isinf(found)
    if infinite.any():
        row = int(rows[infinite.argmax()])
        hint = "Numbers must be finite and below 3.4e38."
        raise DataError(f"{table.where(row, at)}: {numbers[row]:g} is too large.", hint)
    return found


def refuse_odd(
    table: Table,
    column: Column,
    odd: dict[int, str],
    rows: np.ndarray,
    roles: Mapping[str, str] | None = None,
) -> None:
    """Refuse a text among numbers, or among dates, in the rows that are kept.

    ``roles``: those given, of which another one mends it; ``None`` for the target.
    """
    kept = set(rows.tolist()) if odd else set()
    row = next((row for row in odd if row in kept), None)
    if row is None:
        return
    where, others = table.where(row, column.at), len(rows) - sum(each in kept for each in odd)
    remedy = None
    if roles is not None:
        known = tuple({**roles, column.name: column.kind}.items())
        remedy = Guess("", "", "roles", known, f"Read such texts in {column.name} as missing")
    if column.kind == "date":
        raise MendableError(
            f"{where}: {odd[row]!r} is not {date_words(column.order)}, as {others:,} others are.",
            "Correct it or leave the cell empty; or set dates; or the role to date: such texts are then missing.",
            remedy,
        )
    style = " with a decimal comma" if column.style == "comma" else ""
    hint = (
        "Correct it or leave the cell empty; a column of classes needs task classification."
        if roles is None
        else ODD
    )
    what = f"{odd[row]!r} is not a number{style}, as {others:,} others are."
    raise MendableError(f"{where}: {what}", hint, remedy)


ODD = (
    "Correct it or leave the cell empty; or set the role of the column: number reads such texts as missing values, "
    "category reads every text as one, ignore leaves the column out."
)


def _unknown(table: Table, row: int, at: int, found: str, categories: tuple[str, ...]) -> DataError:
    named = ", ".join(categories[:20]) + (
        f" and {len(categories) - 20:,} more" if len(categories) > 20 else ""
    )
    return DataError(
        f"{table.where(row, at)}: {found!r} is not one of the categories.",
        f"The network knows {named}.",
    )
