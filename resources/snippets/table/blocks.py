"""Rows of cells turned into columns, each a few long texts, so that a table takes little more memory than its file."""

from collections.abc import Iterable, Iterator

import numpy as np

from resources.snippets.load_result import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.cells import COMMENTS, Cells
from resources.snippets.table.heading import Heading
from resources.snippets.table.notation import looks_like_number

BLOCK_CELLS = 1_000_000  # that are single texts in memory at a time
Ragged = tuple[int, str, str]
"""A line without one cell for each column, what is wrong with it, and what to do."""
BREAK = "\0"  # between the cells of a column: never in text


def read_columns(
    path: str, rows: Iterable[Cells], heading: Heading, ragged: list[Ragged] | None = None
) -> tuple[list[list[str]], np.ndarray]:
    """The columns, and the line of each row. Empty rows are skipped, and so are notes at the end.

    A row of another width is refused, or added to ``ragged``, if that is given.
    """
    width = heading.before + len(heading.cells)
    columns: list[list[str]] = [[] for _ in range(width)]
    lines: list[int] = []
    block: list[list[str]] = []
    most = max(1, BLOCK_CELLS // width)
    below: list[int] = []  # lines of one text, which may be notes below the table
    for line, cells in _without_comments(rows, width, heading):
        if ragged is None and width > 2 and len(cells) == 1 and not looks_like_number(cells[0]):
            below.append(line)
            continue
        if below:
            reason, hint = _width_problem(1, heading)
            raise DataError(f"{path}, line {below[0]}: {reason}", hint)
        if len(cells) != width:
            if len(cells) < width or any(map(str.strip, cells[width:])):
                reason, hint = _width_problem(len(cells), heading)
                if ragged is None:
                    raise DataError(f"{path}, line {line}: {reason}", hint)
                ragged.append((line, reason, hint))
                continue
            del cells[width:]  # commas at the end of each line
        lines.append(line)
        block.append(cells)
        if len(block) >= most:
            _store(path, columns, block, lines)
            block = []
    _store(path, columns, block, lines)
    if below:
        heading.notes = True
        heading.guesses.append(_notes(path, below))
    return columns, np.array(lines, dtype=np.int64)


def _without_comments(rows: Iterable[Cells], width: int, heading: Heading) -> Iterator[Cells]:
    """The rows without empty ones, comments and repeated names; the lines of the last two go into the heading."""
    for line, cells in rows:
        if len(cells) != width and cells[0].strip().startswith(COMMENTS):
            heading.comments.append(line)
        elif heading.line and cells == heading.cells and all(map(str.strip, cells)):
            heading.repeats.append(line)
        elif width == 1 or any(map(str.strip, cells)):
            yield line, cells


def _notes(path: str, below: list[int]) -> Guess:
    several = (
        f"lines {below[0]} to {below[-1]} hold" if len(below) > 1 else f"line {below[0]} holds"
    )
    what = "one text each" if len(below) > 1 else "one text"
    return Guess(
        f"{path}: {several} {what} below the table, and {'are' if len(below) > 1 else 'is'} left out.",
        "Delete from the file what is not a row; if it is a row, values are missing in it.",
    )


def _store(path: str, columns: list[list[str]], block: list[list[str]], lines: list[int]) -> None:
    for stored, cells in zip(columns, zip(*block, strict=True), strict=False):
        text = BREAK.join(cells)
        if text.count(BREAK) != len(cells) - 1:
            row = next(at for at, cell in enumerate(cells) if BREAK in cell)
            refuse_zero_bytes(path, lines[len(lines) - len(block) + row], BREAK)
        stored.append(text)


def refuse_zero_bytes(path: str, line: int, text: str) -> None:
    """Refuse zero bytes, which text never has; UTF-16 without its mark is full of them."""
    if BREAK in text:
        raise DataError(
            f"{path}, line {line} holds a zero byte, so it is not text of this encoding.",
            "Set encoding to utf-16-le or utf-16-be if it is UTF-16; or save the file with the encoding UTF-8.",
        )


def _width_problem(count: int, heading: Heading) -> tuple[str, str]:
    values = "1 value" if count == 1 else f"{count} values"
    names_text = "1 column" if len(heading.cells) == 1 else f"{len(heading.cells)} columns"
    expected = (
        f"line {heading.line} names {names_text}"
        if heading.line
        else f"line {heading.begins} has {len(heading.cells)}"
    )
    hint = "Every line needs one value for each column; quote a value that contains the separator."
    return f"{values}, but {expected}.", hint
