"""Texts of a category that mean a missing value, or that differ only in capital letters and spaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resources.snippets.load_result import Guess
from resources.snippets.table.findings import Findings, quoted_columns
from resources.snippets.table.notation import is_mark

if TYPE_CHECKING:
    from resources.snippets.table.column import Column
    from resources.snippets.table.scan import ColumnScan
    from resources.snippets.table.text_table import Table

WORDS = frozenset({"None", "missing", "unknown", "not available", "no data"})
"""Marks that are often a category: they stay one, with a guess. Python writes None for nothing."""
NAMES = frozenset({"none", "nil", "nd", "*"})
"""Marks that are a category where there are other categories: stripes none, state ND."""
LEAST_OTHERS = 2  # texts beside a mark: of x and - alone, the mark means *not x*
MAX_SHARE = 0.5  # of the cells: a more frequent mark is a usual value


class Spelling:
    """Finds the texts of categories that mean a missing value, and empties their cells."""

    def __init__(self, table: Table, findings: Findings, marks: Sequence[str]) -> None:
        """``given``: texts that mean a missing value in every column."""
        self._table, self._findings = table, findings
        self._project_marks, self._as_written = (
            tuple(text.strip().lower() for text in marks),
            tuple(marks),
        )
        self._missing_marks: dict[str, list[str]] = {}
        self._category_marks: set[str] = set()

    def empty_marks(self, at: int) -> None:
        """Empty the cells of a column that hold a mark which the project names."""
        if self._project_marks:
            self._table.empty(at, self._project_marks)

    def marks_of(self, column: Column, scan: ColumnScan, *, is_free: bool) -> tuple[str, ...]:
        """The marks of a column, in lower case. ``is_free``: the column does not have the role category."""
        marks = [text for text in scan.counts if is_mark(text) and not _is_name(text)]
        marks = marks if column.kind == "category" else []
        others = [text for text in scan.counts if text not in marks]
        missing = [text for text in marks if is_free and self._is_missing(text, others, scan)]
        self._category_marks |= set(marks) - set(missing)
        if not is_free:
            return ()
        if column.kind != "category":
            return self._project_marks
        if categories := [text for text in marks if text not in missing and _is_doubtful(others)]:
            what = (
                "is a category of its own"
                if len(categories) == 1
                else "are categories of their own"
            )
            self._findings.add(
                "kept", column.name, f"holds {_quoted_texts(categories)}, which {what}"
            )
        if alike := _similar_texts(others):
            differ = "which differ only in capital letters or spaces and are different categories"
            self._findings.add("alike", column.name, f"holds {_quoted_texts(alike)}, {differ}")
        if missing:
            self._missing_marks[column.name] = missing
            lower_case = {text.lower() for text in missing}
            self._table.empty(column.at, lower_case)
            return tuple(sorted({*self._project_marks, *lower_case}))
        return self._project_marks

    @staticmethod
    def _is_missing(mark: str, others: Sequence[str], scan: ColumnScan) -> bool:
        share = scan.counts[mark] / sum(scan.counts.values())
        return (
            mark not in WORDS
            and mark.lower() not in WORDS
            and len(others) >= LEAST_OTHERS
            and share <= MAX_SHARE
            and _is_doubtful(others)
        )

    def guesses(self) -> list[Guess]:
        """One guess for all columns in which a mark was read as a missing value."""
        if not self._missing_marks:
            return []
        marks = list(
            dict.fromkeys(text for texts in self._missing_marks.values() for text in texts)
        )
        names = list(self._missing_marks)
        hold = (
            f"column {names[0]!r} holds"
            if len(names) == 1
            else f"columns {quoted_columns(names)} hold"
        )
        role = "its role" if len(names) == 1 else "their roles"
        is_clear = not self._category_marks & set(marks)  # else it is a category in another column
        return [
            Guess(
                f"{self._table.path}: {hold} {_quoted_texts(marks)}, read as missing values.",
                f"If that is right, name such texts in marks; to keep them as categories, set {role} to category.",
                "marks",
                (*self._as_written, *marks) if is_clear else None,
                f"Read {_quoted_texts(marks)} as missing",
            )
        ]


def _is_name(mark: str) -> bool:
    return mark not in WORDS and mark.lower() in NAMES


def _is_doubtful(others: Sequence[str]) -> bool:
    """Whether a mark among these texts may mean a missing value: among + and ++ it does not."""
    return any(character.isalnum() for text in others for character in text)


def _similar_texts(texts: Sequence[str]) -> list[str]:
    """The first two texts that differ only in capital letters and spaces."""
    first: dict[str, str] = {}
    for text in sorted(texts):
        key = " ".join(text.casefold().split())
        if first.setdefault(key, text) != text:
            return [first[key], text]
    return []


def _quoted_texts(texts: Sequence[str]) -> str:
    quoted = [repr(text[:40]) for text in texts[:5]]
    more = [f"{len(texts) - 5:,} more"] if len(texts) > 5 else []
    return " and ".join(filter(None, (", ".join([*quoted, *more][:-1]), [*quoted, *more][-1])))
