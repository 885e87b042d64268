"""Lines of text split into cells: the separator, and the line in which each row begins."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from resources.snippets.known_format.lines import tabs_to_spaces
from resources.snippets.samples import DataError
from resources.snippets.table.notation import looks_like_number

SEPARATORS = ",;\t|"
SPACES = " "  # as a separator: runs of spaces and tabs
MAX_CELLS = 200  # of a line that are examined
COMMENTS = ("#", "%", "//")
LONGEST_CELL = 2**24  # characters; a longer one is probably a quotation mark that is not closed
DECLARED = re.compile(r'"?sep=(.)"?[,;\t|]*\s*', re.IGNORECASE)

Cells = tuple[int, list[str]]
"""The line in which a row begins, from 1, and its cells."""


def declared_separator(line: str) -> str:
    """The separator in a first line such as ``sep=;``, which Excel understands; nothing for any other line."""
    match = DECLARED.fullmatch(line)
    return match.group(1) if match else ""


def is_comment(line: str) -> bool:
    """Whether a line begins as comments do."""
    return line.lstrip().startswith(COMMENTS)


def split_lines(path: str, lines: Iterable[str], separator: str, first: int) -> Iterator[Cells]:
    """The rows of lines, the first of which has the number ``first``; blank lines are skipped."""
    lines = tabs_to_spaces(lines) if separator == SPACES else lines
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=separator != "\t")
    line = first  # a quoted field may span lines: a row is named by its first
    csv.field_size_limit(LONGEST_CELL)
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + first
    except csv.Error as error:
        hint = "Look for a quotation mark that is not closed, or that is inside a quoted text and not doubled."
        raise DataError(
            f"{path}, line {reader.line_num + first - 1}: not a CSV file: {error}.", hint
        ) from error


def sample_rows(lines: Sequence[str], separator: str, first: int) -> list[Cells]:
    """The same for the first lines of a file, up to an error, which `split_lines` reports."""
    even = tabs_to_spaces(lines) if separator == SPACES else lines
    reader = csv.reader(even, delimiter=separator, skipinitialspace=separator != "\t")
    rows, line = list[Cells](), first
    csv.field_size_limit(LONGEST_CELL)
    try:
        for cells in reader:
            if cells:
                rows.append((line, cells))
            line = reader.line_num + first
    except csv.Error:
        pass
    return rows


def usual_width(rows: Sequence[Cells]) -> int:
    """The number of cells that most rows have; of equally frequent ones the first."""
    counts: dict[int, int] = {}
    for _, cells in rows:
        counts[len(cells)] = counts.get(len(cells), 0) + 1
    return max(counts, key=lambda width: counts[width], default=0)


Evenness = tuple[float, float, bool, int]
"""The share of lines of the usual width, the share of numbers in a line, whether the separator is usual, the width."""


def find_separator(lines: Sequence[str]) -> str:
    """The separator that splits the lines most evenly into several cells."""
    plain = [line for line in lines if line.strip() and not is_comment(line)] or list(lines)
    head = re.sub(r'"[^"]*"', "", plain[0]) if plain else ""
    usual = max(SEPARATORS, key=head.count)
    best = {each: _evenness(plain, each, is_usual=each == usual) for each in SEPARATORS}
    even = max(score[0] for score in best.values())
    separator = max(SEPARATORS, key=lambda each: best[each])
    if best[usual][0] == even and not _is_decimal_comma(best, usual):
        separator = usual
    return SPACES if _are_spaced(plain, separator, best[separator]) else separator


def _evenness(lines: Sequence[str], separator: str, *, is_usual: bool) -> Evenness:
    rows = sample_rows(lines, separator, 1)
    width = usual_width(rows)
    if width < 2:
        return 0.0, 0.0, is_usual, 0
    fitting = [cells for _, cells in rows if len(cells) == width]
    some = fitting[-1][:MAX_CELLS]
    return len(fitting) / len(rows), sum(map(looks_like_number, some)) / len(some), is_usual, width


def _is_decimal_comma(best: dict[str, Evenness], usual: str) -> bool:
    """Whether commas split as evenly as another separator only because each number has one."""
    return usual == "," and any(
        best[other][0] == best[","][0] and best[other][1] > best[","][1]
        for other in SEPARATORS
        if other != ","
    )


def _are_spaced(lines: Sequence[str], separator: str, best: Evenness) -> bool:
    """Whether spaces split the lines better than ``separator``: into equally many cells, with a column of numbers.

    The line of names may have one cell less than the others, as R writes it.
    """
    rows = [cells for _, cells in sample_rows(lines, SPACES, 1)]
    body = [cells[:MAX_CELLS] for cells in rows[1:]]
    if not body or len({len(cells) for cells in rows[1:]}) > 1 or len(rows[1]) < 2:
        return False
    is_short = len(rows[0]) == len(rows[1]) - 1 and len({cells[0] for cells in body}) == len(body)
    if not (is_short and not best[0]) and _evenness(lines, SPACES, is_usual=best[2]) <= best:
        return False
    if len(rows[0]) != len(rows[1]) and not is_short:
        return False
    if any(len(cell) > 1 and cell.endswith(separator) for cell in body[-1]):
        return False
    return any(all(map(looks_like_number, column)) for column in zip(*body, strict=False))
