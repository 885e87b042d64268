"""The cells of one column as numbers, by the notation of the column."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from resources.snippets.table.dates import ORDER_NAMES
from resources.snippets.table.notation import MISSING

REST = "(all others)"  # the category of all other texts

Form = Mapping[str, Any]  # the notation of a table, or of one of its columns
Problem = tuple[str, str]  # what is wrong with a cell, and what to do
Readers = Mapping[str, Callable[..., Any]]  # functions by the entry of a form that needs them


class Part(NamedTuple):
    """Some cells of a column as numbers. ``gap``: whether each is missing; ``wrong``: the problems of others."""

    values: np.ndarray
    gap: np.ndarray
    wrong: dict[int, Problem]


def read_column(cells: Sequence[str], column: Form, readers: Readers) -> Part:
    """The values as float32 (rows, columns): a category is one-hot, with a column for each text."""
    texts, value_of = [cell.strip() for cell in cells], parser(column, readers)
    empty = {text for text in set(texts) if text.lower() in (*MISSING, *column.get("marks", ()))}
    value_of_text = {text: None if text in empty else value_of(text) for text in set(texts)}
    odd = {text for text, value in value_of_text.items() if value is None} - empty
    odd = set() if column.get("lenient") else odd
    values = np.array([value_of_text[text] for text in texts], dtype=np.float64)  # nan for None
    gap, name = np.isnan(values) & np.array([text not in odd for text in texts]), column["name"]
    wrong = {row: text_problem(column, text) for row, text in enumerate(texts) if text in odd}
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    for row in np.flatnonzero(np.isinf(single)).tolist():
        what = f"column {name!r}: {values[row]:g} is too large."
        wrong[row] = what, "Numbers must be below 3.4e38."
    if "categories" not in column:
        return Part(single[:, None], gap, wrong)
    ones: np.ndarray = np.eye(len(column["categories"]), dtype=np.float32)[
        np.nan_to_num(values).astype(int)
    ]
    ones[np.isnan(values)] = np.nan
    return Part(ones, gap, wrong)


def parser(column: Form, readers: Readers) -> Callable[[str], float | None]:
    """The function that reads a cell of the column: as a number, the number of a category, or ``None``."""
    kind = next((each for each in readers if each in column), "")

    def number(text: str) -> float | None:
        try:
            return readers[kind](text, column) if kind else float(text.replace("_", "?"))
        except ValueError:
            return None

    texts = column.get("categories", column.get("classes"))
    if texts is None:
        return number
    if column.get("numbered"):
        numbers = {number(text): code for code, text in enumerate(texts)}
        return lambda text: numbers.get(number(text))
    codes = {text: code for code, text in enumerate(texts)}
    return lambda text: codes.get(text, codes.get(REST))


def text_problem(column: Form, text: str) -> Problem:
    """The problem of a text that cannot be read."""
    what, hint = "a number", "The network learned from numbers there: correct it."
    if texts := column.get("categories", column.get("classes")):
        more = f" and {len(texts) - 20:,} more" if len(texts) > 20 else ""
        what, hint = "one of the categories", f"The network knows {', '.join(texts[:20])}{more}."
    elif "date" in column:
        what, hint = f"a date in the order {ORDER_NAMES[column['date']]}", "Correct it."
    elif "time" in column:
        what, hint = "a time such as 12:30", "Correct it."
    elif column.get("decimal") == ",":
        what = "a number with a decimal comma"
    return f"column {column['name']!r}: {text!r} is not {what}.", hint
