"""The cells of one column as numbers, by how the column is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from resources.snippets.table.dates import ORDER_NAMES
from resources.snippets.table.notation import is_mark, is_missing, plain_float

MOST_KNOWN = 20  # categories that are named
REST = "(all others)"
"""The category of what is none of the others, where the rarest are put together."""

Written = Mapping[str, Any]
"""How a column is written; what is left out is as Python writes numbers."""
Wrong = tuple[str, str]
"""What is wrong with a cell, and what to do."""
Days = Callable[[str, str], float | None]


class Part(NamedTuple):
    """Some cells of a column. ``gap``: those that are missing. ``wrong``: those that cannot be used, by row."""

    values: np.ndarray
    gap: np.ndarray
    wrong: dict[int, Wrong]


def read_column(cells: Sequence[str], column: Written, days: Days | None = None) -> Part:
    """The values, float32 (rows, columns): a category is a column of zeros and a one for each text."""
    texts = [cell.strip() for cell in cells]
    names, known = column["name"], column.get("categories", column.get("classes"))
    if known is not None and not column.get("numbered"):
        part = _coded(texts, names, known)
        if "classes" in column:
            return part
        ones: np.ndarray = np.eye(len(known), dtype=np.float32)[part.values.ravel().astype(int)]
        ones[part.gap] = np.nan
        return Part(ones, part.gap, part.wrong)
    numbers, odd = _numbers(texts, column, days)
    gap = np.isnan(numbers)
    gap[list(odd)] = False
    wrong = {row: wrong_text(column, texts[row]) for row in odd}
    if known is not None:
        values = {number_in_form(name, column): place for place, name in enumerate(known)}
        codes = [values.get(number, -1) for number in numbers.tolist()]
        wrong |= {
            row: wrong_category(names, texts[row], known)
            for row, code in enumerate(codes)
            if code < 0 and not gap[row]
        }
        return Part(np.array(codes)[:, None], gap, wrong)
    with np.errstate(over="ignore"):
        large = np.isinf(numbers.astype(np.float32))
        wrong |= {row: wrong_size(names, numbers[row]) for row in np.flatnonzero(large).tolist()}
        if "since" in column:
            numbers -= date.fromisoformat(column["since"]).toordinal()
        return Part(numbers.astype(np.float32)[:, None], gap, wrong)


def _coded(texts: list[str], name: str, known: Sequence[str]) -> Part:
    """The number of each text among those known, -1 where there is none."""
    numbers = {text: number for number, text in enumerate(known)}
    rest = numbers.get(REST, -1)
    empty = {text for text in set(texts) if is_missing(text)}
    codes = [-1 if text in empty else numbers.get(text, rest) for text in texts]
    wrong = {
        row: wrong_category(name, text, known)
        for row, text in enumerate(texts)
        if codes[row] < 0 and text not in empty
    }
    return Part(np.array(codes)[:, None], np.array([text in empty for text in texts]), wrong)


def _numbers(texts: list[str], column: Written, days: Days | None) -> tuple[np.ndarray, list[int]]:
    """The numbers, nan where there is none, and the rows of texts that should not be there."""
    if "date" not in column and "decimal" not in column:
        try:
            return np.array(list(map(plain_float, texts))), []
        except ValueError:
            pass
    known: dict[str, float] = {}
    odd = set()
    for text in set(texts):
        is_date = days is not None and "date" in column
        value = days(text, column["date"]) if days and is_date else number_in_form(text, column)
        known[text] = np.nan if value is None else value
        if value is None and not (column.get("lenient") or is_missing(text) or is_mark(text)):
            odd.add(text)
    return np.array([known[text] for text in texts]), [
        row for row, text in enumerate(texts) if text in odd
    ]


def number_in_form(text: str, column: Written) -> float | None:
    """The number of a text, without what is written beside it; ``None`` where it is not written so."""
    point, marks = column.get("decimal", "."), re.escape(column.get("thousands", ""))
    if point == ".":
        try:
            return plain_float(text)
        except ValueError:
            pass
    if "decimal" not in column:
        return None
    beside = "|".join(map(re.escape, sorted(column.get("beside", ()), key=len, reverse=True)))
    unit, gap = f"(?:{beside})?" if beside else "", "[ \u00a0\u202f\u2009]?"
    whole = f"[1-9][0-9]{{0,2}}(?:[{marks}][0-9]{{2,3}})*[{marks}][0-9]{{3}}" if marks else "[0-9]+"
    digits = f"(?:{whole}|[0-9]+)(?:[{point}][0-9]*)?(?:[eE][-+]?[0-9]+)?|[{point}][0-9]+(?:[eE][-+]?[0-9]+)?"
    signs = ("[(]?", "[-+\u2212\u2013]?", "[-\u2212]?", "[)]?", "-?")
    opened, sign, inner, closed, behind = (f"({each})" for each in signs)
    found = re.fullmatch(
        f"{opened}{gap}{sign}{gap}{unit}{gap}{inner}({digits}){gap}{unit}{gap}{closed}{behind}",
        text.strip("'") if "'" in column.get("thousands", "") else text,
    )
    if not found or bool(found[1]) != bool(found[5]):
        return None
    signed = "".join((found[1], found[2], found[3], found[6]))
    if len(signed) > 1:
        return None
    bare = re.sub(f"[{marks}]", "", found[4]) if marks else found[4]
    value = float(bare.replace(",", "."))
    return -value if signed not in ("", "+") else value


def wrong_text(column: Written, text: str) -> Wrong:
    """A text among numbers or dates."""
    if "date" in column:
        order = ORDER_NAMES[column["date"]]
        return (
            f"column {column['name']!r}: {text!r} is not a date in the order {order}.",
            "Correct it.",
        )
    style = " with a decimal comma" if column.get("decimal") == "," else ""
    return (
        f"column {column['name']!r}: {text!r} is not a number{style}.",
        "The network learned from numbers there: correct it.",
    )


def wrong_category(name: str, text: str, known: Sequence[str]) -> Wrong:
    """A text that is none of those known."""
    more = f" and {len(known) - MOST_KNOWN:,} more" if len(known) > MOST_KNOWN else ""
    return (
        f"column {name!r}: {text!r} is not one of the categories.",
        f"The network knows {', '.join(known[:MOST_KNOWN])}{more}.",
    )


def wrong_size(name: str, number: float) -> Wrong:
    """A number that a network cannot take."""
    return f"column {name!r}: {number:g} is too large.", "Numbers must be below 3.4e38."


def missing_value(name: str) -> Wrong:
    """A cell that is empty."""
    return (
        f"column {name!r}: the value is missing.",
        "Fill it in: the network learned from rows without gaps.",
    )
