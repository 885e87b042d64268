"""Rows of cells turned into columns, each a few long texts: a table of any size takes about as much as its file."""

from collections.abc import Iterable

import numpy as np

from resources.snippets.rows import DataError
from resources.snippets.table.cells import Cells
from resources.snippets.table.heading import Heading

BLOCK_CELLS = 1_000_000  # that are held as single texts at a time
Ragged = tuple[int, str, str]
"""A line that has not one cell for each column, what is wrong with it, and what to do."""
BREAK = "\0"  # between the cells of a column: no text has it


def gathered(
    path: str, rows: Iterable[Cells], heading: Heading, ragged: list[Ragged] | None = None
) -> tuple[list[list[str]], np.ndarray]:
    """The columns, and the line of each row. One of empty cells alone is skipped.

    A row of another width is refused, or added to ``ragged``, if that is given.
    """
    width = heading.before + len(heading.cells)
    columns: list[list[str]] = [[] for _ in range(width)]
    lines: list[int] = []
    block: list[list[str]] = []
    most = max(1, BLOCK_CELLS // width)
    for line, cells in rows:
        if len(cells) != width:
            if len(cells) < width or any(map(str.strip, cells[width:])):
                reason, hint = _ragged(len(cells), heading)
                if ragged is None:
                    raise DataError(f"{path}, line {line}: {reason}", hint)
                ragged.append((line, reason, hint))
                continue
            del cells[width:]  # commas at the end of each line
        if width > 1 and not any(cells):
            continue
        lines.append(line)
        block.append(cells)
        if len(block) >= most:
            _store(path, columns, block, lines)
            block = []
    _store(path, columns, block, lines)
    return columns, np.array(lines, dtype=np.int64)


def _store(path: str, columns: list[list[str]], block: list[list[str]], lines: list[int]) -> None:
    for stored, cells in zip(columns, zip(*block, strict=True), strict=False):
        text = BREAK.join(cells)
        if text.count(BREAK) != len(cells) - 1:
            row = next(at for at, cell in enumerate(cells) if BREAK in cell)
            refuse_zero_bytes(path, lines[len(lines) - len(block) + row], BREAK)
        stored.append(text)


def refuse_zero_bytes(path: str, line: int, text: str) -> None:
    """What text never has; UTF-16 without its mark is full of them."""
    if BREAK in text:
        raise DataError(
            f"{path}, line {line}: holds a zero byte, so it is no text.",
            "Save the file as text with the encoding UTF-8.",
        )


def _ragged(found: int, heading: Heading) -> tuple[str, str]:
    values = "1 value" if found == 1 else f"{found} values"
    named = "1 column" if len(heading.cells) == 1 else f"{len(heading.cells)} columns"
    told = (
        f"line {heading.line} names {named}"
        if heading.line
        else f"line {heading.begins} has {len(heading.cells)}"
    )
    hint = "Every line needs one value for each column; quote a value that contains the separator."
    return f"{values}, but {told}.", hint
