"""The target of a table: class numbers with their names, or numbers to predict."""

from collections.abc import Mapping

import numpy as np

from resources.snippets.samples import DataError
from resources.snippets.table.column import Column
from resources.snippets.table.dates import ORDER_NAMES, TIME, date_text
from resources.snippets.table.notation import number_in
from resources.snippets.table.scan import are_codes
from resources.snippets.table.text_table import Table
from resources.snippets.table.values import Values, refuse_odd, small, sort_texts, stripped_cells

FEW_CLASSES = 20


def target_name(path: str, target: str, roles: Mapping[str, str]) -> str:
    """The name of the column to predict, by the parameter or by its role."""
    names = [name for name, role in roles.items() if role == "target"]
    if len(names) > 1 or (target and names and names != [target]):
        several = names if len(names) > 1 else [target, *names]
        both = " and ".join(map(repr, several[:2]))
        more = f", and {len(several) - 2:,} more" if len(several) > 2 else ""
        raise DataError(
            f"{path}: {both} are both to be the target{more}.", "Give one column the role target."
        )
    if not target and not names:
        raise DataError(f"{path}: no column is the target.", "Name the column to predict.")
    if roles.get(target) == "ignore":
        raise DataError(
            f"{path}: column {target!r} is the target and ignored.", "Take away its role."
        )
    return target or names[0]


def target_role(name: str, roles: Mapping[str, str], task: str) -> str:
    """The role by which the target's cells are read; the task takes precedence over its role."""
    if task == "classification":
        return "category"
    role = roles.get(name, "")
    return "" if role == "target" or (role == "category" and task == "regression") else role


def target_column(column: Column, task: str) -> Column:
    """How the target is read: in a regression as numbers, whatever its cells look like."""
    if task == "regression" and column.kind == "category":
        return Column(column.at, column.name, "number")
    return column


def first_day(values: Values, rows: np.ndarray) -> int:
    """The first day among the dates of those rows."""
    days = values.numbers[rows]
    dates = days[~np.isnan(days)]
    return int(dates.min()) if len(dates) else 1


def target_origin(column: Column, values: Values, rows: np.ndarray) -> int | None:
    """Count the dates of the target from the first one, and return that; ``None`` where it has no dates."""
    if column.order == TIME:
        column.measure = "h"
    if column.order not in ORDER_NAMES:
        return None
    first = first_day(values, rows)
    values.numbers = values.numbers - first
    column.measure = column.note = f"days since {date_text(first)}"
    return first


def target_fields(
    table: Table, column: Column, values: Values, rows: np.ndarray, task: str
) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """The field ``label`` with the names of its classes, or the field ``target``."""
    if column.kind == "category":
        label, names = _by_text(stripped_cells(table, column.at, rows))
        return {"label": label}, {"label": names}
    refuse_odd(table, column, values.odd, rows)
    numbers = values.numbers
    if (
        task == "regression"
        or column.lenient
        or column.kind == "date"
        or not _are_few(numbers[rows])
    ):
        return {"target": small(table, column.at, numbers, rows)[:, None]}, {}
    small(table, column.at, numbers, rows)  # refuses infinite ones
    cells = stripped_cells(table, column.at, rows)
    label, names = (
        _by_text(cells) if are_codes(table, column.at) else _by_number(numbers[rows], cells, column)
    )
    return {"label": label}, {"label": names}


def _are_few(numbers: np.ndarray) -> bool:
    values = np.unique(numbers)
    whole = bool(np.all(values == np.floor(values)))
    return whole and len(values) <= FEW_CLASSES and 2 * len(values) <= len(numbers)


def _by_text(cells: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """A class for each different text."""
    names = tuple(sort_texts(set(cells)))
    number = {name: place for place, name in enumerate(names)}
    return np.array([number[cell] for cell in cells], dtype=np.int64), names


def _by_number(
    numbers: np.ndarray, cells: list[str], column: Column
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A class for each different number; its name is its text in the file if that is always the same."""
    values, label = np.unique(numbers, return_inverse=True)
    text_of = {number_in(text, column.style): text for text in set(cells)}
    alike = len(set(cells)) == len(values)
    names = tuple(text_of[value] if alike else f"{value:.17g}" for value in values.tolist())
    return label.astype(np.int64), names
