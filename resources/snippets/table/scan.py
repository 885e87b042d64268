"""Counts of the ways in which the cells of one column can be read."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from resources.snippets.table.notation import (
    STYLES,
    Style,
    is_mark,
    is_missing,
    number_in,
    unit_of,
)
from resources.snippets.table.text_table import Table

CODES = re.compile(r"(?:^|\0)\s*[-+]?0[0-9]|[0-9]{16}")
"""Numbers that look like codes: 007, or with more digits than a floating-point number can have."""


@dataclass
class ColumnScan:
    """``plain``: the numbers of a column in which Python can read every cell as one, else ``None``.

    Otherwise ``counts``: how often each text occurs that is not empty; ``marks``: of these, the texts that mean a
    missing value among numbers. ``numbers``: the number of each text that is one, with a decimal point, and with a
    decimal comma. ``units``: the units beside numbers.
    """

    plain: np.ndarray | None = None
    gaps: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    numbers: dict[Style, dict[str, float]] = field(default_factory=dict)
    units: frozenset[str] = frozenset()

    @property
    def filled_count(self) -> int:
        """The number of cells without empty ones and marks."""
        return sum(self.counts.values()) - sum(self.marks.values())

    def share(self, style: Style) -> float:
        """The share of the filled cells with a number in that style."""
        return self.count_of(style) / self.filled_count if self.filled_count else 0.0

    def count_of(self, style: Style) -> int:
        """The number of cells with a number in that style."""
        return sum(self.counts[text] for text in self.numbers[style])

    def odd(self, style: Style) -> list[str]:
        """The texts that are not a number in that style, and not a mark either."""
        numbers = self.numbers[style]
        return [text for text in self.counts if text not in numbers and text not in self.marks]

    @property
    def ambiguous(self) -> str:
        """A text that is one number with a decimal point and another with a decimal comma, or nothing."""
        point, comma = (self.numbers[style] for style in STYLES)
        return next((text for text, value in point.items() if comma.get(text, value) != value), "")


def scan_column(table: Table, at: int) -> ColumnScan:
    """The scan of every cell of a column."""
    if "_" not in table.text(at):  # float reads 1_000 as a number
        try:
            return ColumnScan(np.array(list(map(float, table.cells(at)))))
        except ValueError:
            pass
    return scan_texts(table.cells(at))


def scan_texts(cells: list[str]) -> ColumnScan:
    """The scan of a column in which not every cell is a plain number."""
    counts = Counter(map(str.strip, cells))
    gaps = sum(counts.pop(text) for text in [text for text in counts if is_missing(text)])
    numbers: dict[Style, dict[str, float]] = {
        style: {text: value for text in counts if (value := number_in(text, style)) is not None}
        for style in STYLES
    }
    units = frozenset(unit_of(text) for text in numbers["point"].keys() | numbers["comma"].keys())
    marks = {text: count for text, count in counts.items() if is_mark(text)}
    return ColumnScan(None, gaps, dict(counts), marks, numbers, units)


def are_codes(table: Table, at: int) -> bool:
    """Whether numbers of the column look like codes."""
    return CODES.search(table.text(at)) is not None


def are_most(scan: ColumnScan, looks_right: Callable[[str], bool]) -> bool:
    """Whether ``looks_right`` holds for most of the filled cells, and for one of the first texts."""
    texts = [text for text in scan.counts if text not in scan.marks]
    if not texts or not any(map(looks_right, texts[:20])):
        return False
    count = sum(scan.counts[text] for text in texts if looks_right(text))
    return 2 * count >= scan.filled_count
