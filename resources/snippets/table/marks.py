"""Texts of a category that mean a missing value, or that differ only in capital letters and spaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resources.snippets.rows import Guess
from resources.snippets.table.findings import Findings, listed_columns
from resources.snippets.table.notation import is_mark

if TYPE_CHECKING:
    from resources.snippets.table.column import Column
    from resources.snippets.table.look import Look
    from resources.snippets.table.model import Table

WORDS = frozenset({"None", "missing", "unknown", "not available", "no data"})
"""Marks that are as often a category of their own: they stay one, and it is said. Python writes None for nothing."""
NAMES = frozenset({"none", "nil", "nd", "*"})
"""Marks that are a category of their own wherever others are: stripes none, state ND."""
LEAST_OTHERS = 2  # texts beside a mark: of x and - alone, the mark is the opposite of the other
MOST_SHARE = 0.5  # of the cells: a mark that more have is what is usual there


class Spelling:
    """Decides over the texts of each category, and empties the cells that mean a missing value."""

    def __init__(self, table: Table, findings: Findings, given: Sequence[str]) -> None:
        """``given``: texts that mean a missing value in every column."""
        self._table, self._findings = table, findings
        self._given, self._as_written = tuple(text.strip().lower() for text in given), tuple(given)
        self._marked: dict[str, list[str]] = {}
        self._kept: set[str] = set()

    def empty_given(self, at: int) -> None:
        """Empty the cells of a column that hold a mark which the project names."""
        if self._given:
            self._table.empty(at, self._given)

    def marks_of(self, column: Column, look: Look, *, is_free: bool) -> tuple[str, ...]:
        """The marks of a column, in small letters. ``is_free``: no role says that each text is a category."""
        marks = [text for text in look.counts if is_mark(text) and not _is_name(text)]
        marks = marks if column.kind == "category" else []
        others = [text for text in look.counts if text not in marks]
        missing = [text for text in marks if is_free and self._is_missing(text, others, look)]
        self._kept |= set(marks) - set(missing)
        if not is_free:
            return ()
        if column.kind != "category":
            return self._given
        if kept := [text for text in marks if text not in missing and _is_doubtful(others)]:
            held = "is a category of its own" if len(kept) == 1 else "are categories of their own"
            self._findings.add("kept", column.name, f"holds {_quoted_texts(kept)}, which {held}")
        if alike := _alike(others):
            differ = "which differ only in capital letters or spaces and are different categories"
            self._findings.add("alike", column.name, f"holds {_quoted_texts(alike)}, {differ}")
        if missing:
            self._marked[column.name] = missing
            found = {text.lower() for text in missing}
            self._table.empty(column.at, found)
            return tuple(sorted({*self._given, *found}))
        return self._given

    @staticmethod
    def _is_missing(mark: str, others: Sequence[str], look: Look) -> bool:
        share = look.counts[mark] / sum(look.counts.values())
        return (
            mark not in WORDS
            and mark.lower() not in WORDS
            and len(others) >= LEAST_OTHERS
            and share <= MOST_SHARE
            and _is_doubtful(others)
        )

    def guesses(self) -> list[Guess]:
        """One guess for all columns in which a mark was read as a missing value."""
        if not self._marked:
            return []
        marks = list(dict.fromkeys(text for texts in self._marked.values() for text in texts))
        names = list(self._marked)
        hold = (
            f"column {names[0]!r} holds"
            if len(names) == 1
            else f"columns {listed_columns(names)} hold"
        )
        role = "its role" if len(names) == 1 else "their roles"
        is_clear = not self._kept & set(marks)  # else it is a category in another column
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


def _alike(texts: Sequence[str]) -> list[str]:
    """The first texts that are alike but for capital letters and spaces."""
    first: dict[str, str] = {}
    for text in sorted(texts):
        key = " ".join(text.casefold().split())
        if first.setdefault(key, text) != text:
            return [first[key], text]
    return []


def _quoted_texts(texts: Sequence[str]) -> str:
    shown = [repr(text[:40]) for text in texts[:5]]
    more = [f"{len(texts) - 5:,} more"] if len(texts) > 5 else []
    return " and ".join(filter(None, (", ".join([*shown, *more][:-1]), [*shown, *more][-1])))
