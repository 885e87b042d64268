"""The target of a table: class numbers with their names, or numbers to predict."""

from collections.abc import Mapping

import numpy as np

from resources.snippets.samples import DataError
from resources.snippets.table.column import Column
from resources.snippets.table.dates import ORDER_NAMES, TIME, date_text
from resources.snippets.table.look import are_codes
from resources.snippets.table.model import Table
from resources.snippets.table.notation import number_in
from resources.snippets.table.values import Values, ordered, refuse_odd, small, stripped

FEW_CLASSES = 20


def chosen_target(path: str, target: str, roles: Mapping[str, str]) -> str:
    """The column to predict, named by the parameter or by its role."""
    named = [name for name, role in roles.items() if role == "target"]
    if len(named) > 1 or (target and named and named != [target]):
        several = named if len(named) > 1 else [target, *named]
        both = " and ".join(map(repr, several[:2]))
        more = f", and {len(several) - 2:,} more" if len(several) > 2 else ""
        raise DataError(
            f"{path}: {both} are both to be the target{more}.", "Give one column the role target."
        )
    if not target and not named:
        raise DataError(f"{path}: no column is the target.", "Name the column to predict.")
    if roles.get(target) == "ignore":
        raise DataError(
            f"{path}: column {target!r} is the target and ignored.", "Take away its role."
        )
    return target or named[0]


def answer_role(name: str, roles: Mapping[str, str], task: str) -> str:
    """The role that decides how the target's cells are read; the task counts more than a role."""
    if task == "classification":
        return "category"
    given = roles.get(name, "")
    return "" if given == "target" or (given == "category" and task == "regression") else given


def answer_column(column: Column, task: str) -> Column:
    """How the target is read; a number to predict is one, whatever its cells say."""
    if task == "regression" and column.kind == "category":
        return Column(column.at, column.name, "number")
    return column


def first_day(values: Values, rows: np.ndarray) -> int:
    """The day from which the dates of those rows are counted."""
    days = values.numbers[rows]
    known = days[~np.isnan(days)]
    return int(known.min()) if len(known) else 1


def answer_origin(column: Column, values: Values, rows: np.ndarray) -> int | None:
    """The day from which the dates of the target are counted, from now on; ``None`` where it holds none."""
    if column.order == TIME:
        column.measure = "h"
    if column.order not in ORDER_NAMES:
        return None
    first = first_day(values, rows)
    values.numbers = values.numbers - first
    column.measure = column.note = f"days since {date_text(first)}"
    return first


def answer_fields(
    table: Table, column: Column, values: Values, rows: np.ndarray, task: str
) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """The field ``label`` with the names of its classes, or the field ``target``."""
    if column.kind == "category":
        label, names = _written(stripped(table, column.at, rows))
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
    cells = stripped(table, column.at, rows)
    label, names = (
        _written(cells) if are_codes(table, column.at) else _numbered(numbers[rows], cells, column)
    )
    return {"label": label}, {"label": names}


def _are_few(numbers: np.ndarray) -> bool:
    values = np.unique(numbers)
    whole = bool(np.all(values == np.floor(values)))
    return whole and len(values) <= FEW_CLASSES and 2 * len(values) <= len(numbers)


def _written(cells: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """A class for each different text."""
    names = tuple(ordered(set(cells)))
    number = {name: place for place, name in enumerate(names)}
    return np.array([number[cell] for cell in cells], dtype=np.int64), names


def _numbered(
    numbers: np.ndarray, cells: list[str], column: Column
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A class for each different number, called as it is written where it is always written alike."""
    found, label = np.unique(numbers, return_inverse=True)
    written = {number_in(text, column.style): text for text in set(cells)}
    alike = len(set(cells)) == len(found)
    names = tuple(written[value] if alike else f"{value:.17g}" for value in found.tolist())
    return label.astype(np.int64), names
