"""A line of units below the names of the columns: kg, cm."""

from collections.abc import Sequence

from resources.snippets.table.notation import is_mark, is_missing, is_unit, looks_like_number

LEAST_ROWS_BELOW = 3  # rows of numbers below texts that are not known units
MAX_WIDE = 2000  # columns of a table that can have such a line
MAX_SHOWN_UNITS = 5


def units_line(rows: Sequence[Sequence[str]]) -> list[str]:
    """The cells of the first row, if it is such a line: it has a text or nothing above every column of numbers."""
    if len(rows) < 2 or len(rows[0]) > MAX_WIDE:
        return []
    cells, below = [cell.strip() for cell in rows[0]], rows[1:]
    if sum(map(len, cells)) > len(cells) and set("".join(cells)) <= set("-=:+"):
        return cells  # a rule, as below the names of Markdown's tables
    columns = [[row[at] for row in below] for at in range(len(cells))]
    numbers = [at for at, column in enumerate(columns) if _are_numbers(column)]
    texts = [cells[at] for at in numbers if not (is_missing(cells[at]) or is_mark(cells[at]))]
    others = [
        (cell, column)
        for at, (cell, column) in enumerate(zip(cells, columns, strict=True))
        if at not in numbers
    ]
    is_a_row = any(map(looks_like_number, texts)) or any(
        cell and cell in map(str.strip, column) for cell, column in others
    )
    if not texts or is_a_row:
        return []
    is_sure = all(map(is_unit, texts)) or (len(texts) > 1 and len(below) >= LEAST_ROWS_BELOW)
    return cells if is_sure else []


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether all filled cells are numbers, and some are filled."""
    filled = [cell for cell in cells if not (is_missing(cell) or is_mark(cell))]
    return bool(filled) and all(map(looks_like_number, filled))


def units_text(line: int, cells: Sequence[str]) -> str:
    """A text about the line."""
    texts = [cell for cell in cells if cell]
    more = f" and {len(texts) - MAX_SHOWN_UNITS:,} more" if len(texts) > MAX_SHOWN_UNITS else ""
    units = ", ".join(text[:20] for text in texts[:MAX_SHOWN_UNITS])
    return f"line {line}, which holds units or notes, not values ({units}{more})"
