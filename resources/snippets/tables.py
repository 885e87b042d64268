"""A CSV file as a data set: features and a label or a target."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from resources.snippets.csv_file import Table, read_table
from resources.snippets.rows import DataError, Rows

MOST_CATEGORIES = 64
FEW_CLASSES = 20
NO_NUMBER = "Write a number with a decimal point, leave the cell empty, or leave the column out of the features."

Columns = tuple[tuple[str, tuple[str, ...]], ...]
"""Feature columns, each with its categories: none for a column of numbers."""


def load_csv(
    path: str | Path,
    target: str,
    features: Sequence[str] = (),
    task: str = "auto",
    missing: str = "refuse",
) -> Rows:
    """``features`` float32 (rows, columns), and ``label`` int64 (rows,) or ``target`` float32 (rows, 1).

    ``features``: the columns to learn from, all others than ``target`` when empty. A column without a single number is
    a category: it becomes one column of zeros and ones a category, in alphabetical order.
    ``task``: ``classification``, ``regression``, or ``auto``: text, or at most 20 different whole numbers, are classes.
    ``missing``: ``refuse``; ``drop`` the row; or ``mean``, which leaves nan in the features, to be filled with the
    training rows' mean. A row whose target is missing is dropped unless refused.
    """
    table = read_table(path)
    answer = table.column(target)
    chosen = [table.column(name) for name in features] or [
        at for at in range(len(table.names)) if at != answer
    ]
    _check_chosen(table, chosen, answer)
    rows, gaps = _complete_rows(table, chosen, answer, missing)
    columns = _columns(table, chosen, rows)
    fields = {"features": encode(table, columns, rows)}
    classes: dict[str, tuple[str, ...]] = {}
    if _is_classes(table, answer, rows, task):
        fields["label"], classes["label"] = _label(table, answer, rows)
    else:
        fields["target"] = _numbers(table, answer, rows)[:, None]
    places = [f"line {line}" for line in table.lines[rows].tolist()]
    return Rows(fields, classes, places, columns, gaps, dropped=len(table.lines) - len(rows))


def load_csv_features(path: str | Path, columns: Columns, missing: str = "refuse") -> Rows:
    """Only ``features``, in the columns and categories a network was trained on; other columns are ignored."""
    table = read_table(path)
    chosen = [table.column(name) for name, _ in columns]
    rows, gaps = _complete_rows(table, chosen, None, missing)
    places = [f"line {line}" for line in table.lines[rows].tolist()]
    dropped = len(table.lines) - len(rows)
    return Rows({"features": encode(table, columns, rows)}, {}, places, columns, gaps, dropped)


def _check_chosen(table: Table, chosen: list[int], answer: int) -> None:
    name = table.names[answer]
    if answer in chosen:
        raise DataError(
            f"{table.path}: column {name!r} is the target and a feature.",
            "Take it out of the features.",
        )
    if not chosen:
        raise DataError(
            f"{table.path}: {name!r} is its only column.", "Add a column to learn from."
        )
    repeated = next((at for place, at in enumerate(chosen) if at in chosen[:place]), None)
    if repeated is not None:
        raise DataError(
            f"{table.path}: feature {table.names[repeated]!r} is listed twice.", "List it once."
        )


def _complete_rows(
    table: Table, chosen: list[int], answer: int | None, missing: str
) -> tuple[np.ndarray, dict[str, int]]:
    """The rows to keep, and how many values each column lacks."""
    every = np.arange(len(table.lines))
    needed = chosen if answer is None else [*chosen, answer]
    gaps = {at: table.missing(at, every) for at in needed}
    counts = {table.names[at]: int(gap.sum()) for at, gap in gaps.items() if gap.any()}
    if missing == "refuse" and counts:
        row, at = min((int(gap.argmax()), at) for at, gap in gaps.items() if gap.any())
        hint = "Fill it in, or set missing to drop (leave such rows out) or mean (use the column's mean)."
        raise DataError(
            f"{table.where(row, at)}: the value is missing ({sum(counts.values())} in all).", hint
        )
    fatal = needed if missing == "drop" else needed[len(chosen) :]
    kept = every[~np.any([gaps[at] for at in fatal], axis=0)] if fatal else every
    if not len(kept):
        raise DataError(
            f"{table.path}: every row lacks a value, so none is left.",
            "Leave the empty columns out.",
        )
    return kept, counts


def _columns(table: Table, chosen: list[int], rows: np.ndarray) -> Columns:
    return tuple((table.names[at], _categories(table, at, rows)) for at in chosen)


def _categories(table: Table, at: int, rows: np.ndarray) -> tuple[str, ...]:
    """The different texts of a column that holds no number, in order; none for a column of numbers."""
    found = _different_texts(table, at, rows)
    if len(found) > max(MOST_CATEGORIES, len(rows) // 2):
        raise _no_categories(table, at, found)
    if not found or not np.isnan(table.numbers[rows, at]).all():
        return ()
    if len(found) > MOST_CATEGORIES:
        raise _no_categories(table, at, found)
    return tuple(sorted(found))


def _different_texts(table: Table, at: int, rows: np.ndarray) -> set[str]:
    texts = table.texts[at]
    return {texts[row] for row in rows.tolist() if row in texts} if texts else set()


def _no_categories(table: Table, at: int, found: set[str]) -> DataError:
    """Why a column of many different texts is refused: it is free text, or numbers written as none."""
    told = f"{table.path}: column {table.names[at]!r} holds {len(found)} different texts"
    if not any(char.isalpha() for text in found for char in text):
        return DataError(f"{told} that are no numbers, such as {min(found)!r}.", NO_NUMBER)
    return DataError(
        f"{told}, and free text cannot be read as numbers: a column of texts is read as categories, of which there "
        f"are at most {MOST_CATEGORIES}.",
        "No kind of data set reads free text. Leave the column out of the features; or give each word a whole number, "
        "save the texts as rows of equal length in an .npz file, and read that as Npz, into an Embedding.",
    )


def encode(table: Table, columns: Columns, rows: np.ndarray) -> np.ndarray:
    """The features of those rows, float32: numbers as they are, a category as zeros and a one, nan where missing."""
    parts = []
    for name, categories in columns:
        at = table.column(name)
        if not categories:
            parts.append(_numbers(table, at, rows)[:, None])
            continue
        texts = table.texts[at]
        code = {text: number for number, text in enumerate(categories)}
        codes = [code.get(texts.get(row, ""), -1) for row in rows.tolist()]
        chosen = np.eye(len(categories), dtype=np.float32)[codes]
        gap = table.missing(at, rows)
        _refuse_unknown(table, at, rows[(np.array(codes) < 0) & ~gap], categories)
        chosen[gap] = np.nan
        parts.append(chosen)
    return np.concatenate(parts, axis=1)


def _refuse_unknown(table: Table, at: int, rows: np.ndarray, categories: tuple[str, ...]) -> None:
    for row in rows.tolist():
        found = table.texts[at].get(row, f"{table.numbers[row, at]:g}")
        hint = f"The network knows {', '.join(categories)}."
        raise DataError(f"{table.where(row, at)}: {found!r} is not one of the categories.", hint)


def _numbers(table: Table, at: int, rows: np.ndarray) -> np.ndarray:
    """One column as float32; text or an infinite number in it is refused."""
    texts = table.texts[at]
    for row in rows.tolist() if texts else ():
        if row in texts:
            raise DataError(f"{table.where(row, at)}: {texts[row]!r} is not a number.", NO_NUMBER)
    with np.errstate(over="ignore"):
        numbers: np.ndarray = table.numbers[rows, at].astype(np.float32)
    infinite = np.flatnonzero(np.isinf(numbers))
    if len(infinite):
        row = int(rows[infinite[0]])
        hint = "Numbers must be finite and below 3.4e38."
        raise DataError(f"{table.where(row, at)}: {table.numbers[row, at]:g} is too large.", hint)
    return numbers


def _is_classes(table: Table, at: int, rows: np.ndarray, task: str) -> bool:
    if task != "auto":
        return task == "classification"
    values = np.unique(table.numbers[rows, at])
    whole = bool(np.all(values == np.floor(values)))
    few = len(values) <= FEW_CLASSES and 2 * len(values) <= len(rows)
    return bool(table.texts[at]) or (whole and few)


def _label(table: Table, at: int, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers and names: numbers in their order, else texts in theirs."""
    texts = table.texts[at]
    if not texts:
        _numbers(table, at, rows)  # refuses infinite ones
        values, label = np.unique(table.numbers[rows, at], return_inverse=True)
        return label.astype(np.int64), tuple(f"{value:.17g}" for value in values.tolist())
    written = [texts.get(row, f"{table.numbers[row, at]:g}") for row in rows.tolist()]
    names = tuple(sorted(set(written)))
    number = {name: place for place, name in enumerate(names)}
    return np.array([number[text] for text in written], dtype=np.int64), names
