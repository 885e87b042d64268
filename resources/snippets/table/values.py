"""The columns of a table as arrays: numbers, one-hot categories, days for dates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from resources.snippets.known_format.column import REST
from resources.snippets.load_result import FixableError, SettingFix
from resources.snippets.samples import DataError
from resources.snippets.table.column import Column
from resources.snippets.table.dates import date_words, days_in
from resources.snippets.table.free_text import MAX_ONE_HOT
from resources.snippets.table.notation import is_mark, is_missing, number_in
from resources.snippets.table.scan import ColumnScan
from resources.snippets.table.text_table import Table

Columns = tuple[tuple[str, tuple[str, ...]], ...]
"""Feature columns, each with its categories: none for a column of numbers."""


@dataclass
class Values:
    """``numbers``: float64, nan where there is none; empty for a category. ``odd``: texts among numbers, by row.

    ``gap``: whether each value is missing.
    """

    gap: np.ndarray
    numbers: np.ndarray
    odd: dict[int, str] = field(default_factory=dict)


def read_values(table: Table, column: Column, scan: ColumnScan | None) -> Values:
    """The values of a column. ``scan``: its scan, where it was scanned already."""
    if scan is not None and scan.plain is not None and column.kind == "number":
        return Values(np.isnan(scan.plain), scan.plain)
    cells = table.cells(column.at)
    if column.kind == "category":
        empty = {cell for cell in set(cells) if is_missing(cell)}
        return Values(np.array([cell in empty for cell in cells]), np.empty(0))
    number_of_text: dict[str, float] = {}
    odd: set[str] = set()
    for text in set(cells):
        value = (
            days_in(text, column.order) if column.kind == "date" else number_in(text, column.style)
        )
        number_of_text[text] = np.nan if value is None else value
        if value is None and not column.lenient and not (is_missing(text) or is_mark(text)):
            odd.add(text)
    numbers = np.array([number_of_text[cell] for cell in cells])
    odd_by_row = {row: cell.strip() for row, cell in enumerate(cells) if cell in odd} if odd else {}
    gap = np.isnan(numbers)
    gap[list(odd_by_row)] = False
    return Values(gap, numbers, odd_by_row)


def rows_to_keep(
    table: Table,
    values: dict[int, Values],
    features_at: list[int],
    target_at: int | None,
    missing: str,
) -> tuple[np.ndarray, dict[str, int]]:
    """The rows to keep, and the number of missing values of each column."""
    columns_at = features_at if target_at is None else [*features_at, target_at]
    lacking = {at: count for at in columns_at if (count := int(values[at].gap.sum()))}
    counts = {table.names[at]: count for at, count in lacking.items()}
    if missing == "refuse" and lacking:
        raise _refused_gap(table, values, lacking, target_at)
    lost = np.zeros(len(table), dtype=bool)
    for at in lacking:
        if missing == "drop" or at == target_at:
            lost |= values[at].gap
    remaining = np.flatnonzero(~lost)
    if not len(remaining):
        raise DataError(
            f"{table.path}: every row lacks a value, so none is left.",
            "Leave the empty columns out: set their roles to ignore.",
        )
    return remaining, counts


def _refused_gap(
    table: Table, values: dict[int, Values], lacking: dict[int, int], target_at: int | None
) -> FixableError:
    """The error for the first missing value. ``lacking``: the number of missing values of each column."""
    row, at = min((int(values[at].gap.argmax()), at) for at in lacking)
    total = sum(lacking.values())
    hint = (
        "Fill it in, or set missing to drop (leave such rows out) or mean (put the mean of the column, or its most "
        "frequent category)."
    )
    mark = table.text_in_file(row, at)
    if mark and not values[at].numbers.size:
        hint += f" If {mark!r} is a category of its own, set the role of {table.names[at]!r} to category."
    others = {each: count for each, count in lacking.items() if each != target_at}
    most = max(others, key=lambda each: others[each], default=None)
    if most is not None and 3 * others[most] > len(table):
        gaps = f"{others[most]:,} of {len(table):,} values"
        hint += f" Or set the role of {table.names[most]!r} to ignore: it lacks {gaps}."
    label = "Put the mean or the most frequent category in their place"
    remedy = SettingFix("missing", "mean", label)
    if at == target_at or 2 * total < len(table):
        remedy = SettingFix("missing", "drop", "Leave out the rows that lack a value")
    message = f"{table.where(row, at)}: the value is missing ({total} in all)"
    return FixableError(message + (f"; {mark!r} counts as missing." if mark else "."), hint, remedy)


def feature_array(
    table: Table,
    columns: Sequence[Column],
    feature_columns: Columns,
    values: dict[int, Values],
    rows: np.ndarray,
    origins: Mapping[int, int | None],
    roles: Mapping[str, str] | None = None,
) -> np.ndarray:
    """The features of those rows, float32: numbers as they are, a category one-hot, nan where missing.

    ``roles``: those in the project, for the remedy of an error.
    """
    widths = [max(1, len(categories)) for _, categories in feature_columns]
    array = np.empty((len(rows), sum(widths)), dtype=np.float32)
    place, starts = 0, []
    for column, width, (_, categories) in zip(columns, widths, feature_columns, strict=True):
        column_values = values[column.at]
        if column.kind == "category":
            array[:, place : place + width] = one_hot(table, column, categories, rows)
        else:
            if column_values.odd:
                refuse_odd(table, column, column_values.odd, rows, roles)
            start = (origins.get(column.at) or 0) if column.kind == "date" else 0
            numbers = column_values.numbers[rows]
            with np.errstate(over="ignore"):  # infinite values are refused below
                array[:, place] = numbers - start if start else numbers
        starts.append(place)
        place += width
    infinite = np.isinf(array).any(axis=0)
    if infinite.any():
        column = columns[starts.index(int(infinite.argmax()))]
        small(table, column.at, values[column.at].numbers, rows)
    return array


def categories_of(cells: Sequence[str], *, most: int = MAX_ONE_HOT) -> tuple[str, ...]:
    """The different texts in order; of more than ``most`` the most frequent, and then all others as one."""
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell] = counts.get(cell, 0) + 1
    if len(counts) <= most:
        return tuple(sort_texts(counts))
    frequent = sorted(counts, key=lambda text: (-counts[text], text))[: most - 1]
    return (*sort_texts(frequent), REST)


def sort_texts(texts: Collection[str]) -> list[str]:
    """The texts in the order of their numbers, or in alphabetical order if one is not a number."""
    values = {text: number_in(text, "point") for text in texts}
    if all(value is not None for value in values.values()):
        return sorted(texts, key=lambda text: (values[text] or 0.0, text))
    return sorted(texts)


def one_hot(
    table: Table, column: Column, categories: tuple[str, ...], rows: np.ndarray
) -> np.ndarray:
    """A category in one-hot form, (rows, categories); nan where the cell is empty."""
    code = {text: number for number, text in enumerate(categories)}
    rest = code.get(REST, -1)
    cells = stripped_cells(table, column.at, rows)
    codes = np.array([code.get(cell, rest) for cell in cells], dtype=np.int64)
    gap = np.array([is_missing(cell) for cell in cells], dtype=bool)
    wrong = np.flatnonzero((codes < 0) & ~gap)
    if len(wrong):
        raise _unknown_category(table, int(rows[wrong[0]]), column.at, cells[wrong[0]], categories)
    array: np.ndarray = np.eye(len(categories), dtype=np.float32)[codes]
    array[gap] = np.nan
    return array


def stripped_cells(table: Table, at: int, rows: np.ndarray) -> list[str]:
    """The cells of some rows without spaces around them."""
    cells = table.cells(at)
    return [cells[row].strip() for row in rows.tolist()]


def small(table: Table, at: int, numbers: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The numbers of some rows as float32; refuses an infinite one."""
    with np.errstate(over="ignore"):
        array: np.ndarray = numbers[rows].astype(np.float32)
    infinite = np.isinf(array)
    if infinite.any():
        row = int(rows[infinite.argmax()])
        hint = "Numbers must be finite and below 3.4e38."
        raise DataError(f"{table.where(row, at)}: {numbers[row]:g} is too large.", hint)
    return array


def refuse_odd(
    table: Table,
    column: Column,
    odd: dict[int, str],
    rows: np.ndarray,
    roles: Mapping[str, str] | None = None,
) -> None:
    """Refuse a text among numbers, or among dates, in the rows that are kept.

    ``roles``: those in the project, for the remedy, which is another role; ``None`` for the target.
    """
    remaining = set(rows.tolist()) if odd else set()
    row = next((row for row in odd if row in remaining), None)
    if row is None:
        return
    where, others = table.where(row, column.at), len(rows) - sum(each in remaining for each in odd)
    remedy = None
    if roles is not None:
        all_roles = tuple({**roles, column.name: column.kind}.items())
        remedy = SettingFix("roles", all_roles, f"Read such texts in {column.name} as missing")
    if column.kind == "date":
        raise FixableError(
            f"{where}: {odd[row]!r} is not {date_words(column.order)}, as {others:,} others are.",
            "Correct it or clear the cell. Or change the setting dates. Or set the role to date, which "
            "reads such texts as missing.",
            remedy,
        )
    style = " with a decimal comma" if column.style == "comma" else ""
    hint = (
        "Correct it or clear the cell; if the column holds classes, set task to classification."
        if roles is None
        else ODD
    )
    what = f"{odd[row]!r} is not a number{style}, as {others:,} others are."
    raise FixableError(f"{where}: {what}", hint, remedy)


ODD = (
    "Correct it or leave the cell empty; or set the role of the column: number reads such texts as missing values, "
    "category reads every text as one, ignore leaves the column out."
)


def _unknown_category(
    table: Table, row: int, at: int, text: str, categories: tuple[str, ...]
) -> DataError:
    names = ", ".join(categories[:20]) + (
        f" and {len(categories) - 20:,} more" if len(categories) > 20 else ""
    )
    return DataError(
        f"{table.where(row, at)}: {text!r} is not one of the categories.",
        f"The network knows {names}.",
    )
