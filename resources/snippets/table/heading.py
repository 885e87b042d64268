"""Where the table begins in a file, and what its columns are called."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from resources.snippets.rows import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.cells import COMMENTS, MOST_CELLS, Cells, sample_rows, usual_width
from resources.snippets.table.notation import has_fraction, is_missing, looks_like_number
from resources.snippets.table.units_line import units_line

LEAST_NAMED_ROWS = 3  # of a table with one name less than columns: fewer may be a slip


@dataclass
class Heading:
    """The shape of a table, found out from its first rows.

    ``line``: the line that names the columns, 0 where none does. ``begins``: the line of the first row. ``cells``: of
    the line of names, else of the first row. ``before``: columns that the line of names leaves out at the left (R
    writes row names so). ``behind``: empty ones that each row has too many at the right. ``notes``: lines of one text
    follow the table. ``units``: the cells of a line below the names that is no row. ``comments``: lines of
    comments among the rows. ``repeats``: those that hold the names once more, as in files that were put together.
    """

    line: int
    begins: int
    cells: list[str]
    before: int = 0
    behind: int = 0
    notes: bool = False
    units: list[str] = field(default_factory=list)
    units_line: int = 0
    comments: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return self.before + len(self.cells) + self.behind


def find_heading(
    path: str, rows: Sequence[Cells], header: str, wanted: Collection[str], *, searched: bool
) -> Heading:
    """Look for it in the first rows of a file.

    ``header``: ``yes``, ``no`` or ``auto``. ``wanted``: columns that the project names: a line that holds one of them
    is taken for names. ``searched``: whether lines above the table are looked for.
    """
    start = _first_of_table(rows) if searched else 0
    before, behind = _beside(rows, start)
    at = start - 1 if before or behind else start
    if at == start > 0:
        _refuse_fewer_names(path, rows[start - 1], rows[start], wanted)
    line, cells = rows[at]
    found = Heading(
        line, rows[at + 1][0] if at + 1 < len(rows) else line + 1, cells, before, behind
    )
    body = [each for _, each in rows[at + 1 :] if len(each) == found.width]
    is_row = header == "no"
    if header == "auto" and not before and (why := _why_a_row(cells, body)):
        is_row = not {cell.strip() for cell in cells} & set(wanted)
        found.guesses.append(_guessed(path, line, why, is_row=is_row))
    if at:
        found.guesses.append(_above(path, [each for each, _ in rows[:at]], line))
    if is_row:
        found.line, found.begins = 0, line
    return found


def leave_out_units(heading: Heading, rows: Sequence[Cells]) -> None:
    """Begin below a line of units, if the first row is one. ``rows``: the first of the file."""
    below = [each for each in rows if each[0] >= heading.begins and len(each[1]) == heading.width]
    if not heading.line or len(below) < 2 or below[0][0] != heading.begins:
        return
    if units := units_line([cells for _, cells in below]):
        heading.units, heading.units_line, heading.begins = units, heading.begins, below[1][0]


def _refuse_fewer_names(path: str, above: Cells, row: Cells, wanted: Collection[str]) -> None:
    """Refuse rows of another width than the line above them, if that holds a name that the project knows."""
    if wanted and {cell.strip() for cell in above[1]} & set(wanted):
        raise DataError(
            f"{path}, line {row[0]}: {len(row[1])} values, but line {above[0]} names {len(above[1])} columns.",
            "Every line needs one value for each column; quote a value that contains the separator, such as a number "
            "with a decimal comma, or separate the cells with semicolons.",
        )


def _first_of_table(rows: Sequence[Cells]) -> int:
    """The first row that is as wide as most, and not a title in front of empty cells."""
    width = usual_width(rows)
    start = next(at for at, (_, cells) in enumerate(rows) if len(cells) == width)
    while (
        width > 2
        and start + 1 < len(rows)
        and _is_title(rows[start][1])
        and len(rows[start + 1][1]) == width
    ):
        if not all(map(str.strip, rows[start + 1][1][:2])):
            break
        start += 1
    return start


def _is_title(cells: Sequence[str]) -> bool:
    return (
        bool(cells[0].strip())
        and not any(map(str.strip, cells[1:]))
        and not looks_like_number(cells[0])
    )


def _beside(rows: Sequence[Cells], start: int) -> tuple[int, int]:
    """How many columns the line above leaves out at the left and at the right, when it is one shorter than the rows."""
    body = [cells for _, cells in rows[start:]]
    width = len(body[0])
    if not start or width < 2 or len(rows[start - 1][1]) != width - 1:
        return 0, 0
    if all(not cells[-1].strip() for cells in body):
        return 0, 1
    first = {cells[0] for cells in body}
    even = all(len(cells) == width for cells in body)
    return (1, 0) if even and width > 2 and len(first) == len(body) >= LEAST_NAMED_ROWS else (0, 0)


def _why_a_row(cells: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Why a first line is one more row, not the names; nothing where it may well be names."""
    cells = cells[:MOST_CELLS]
    given = [at for at, cell in enumerate(cells) if not is_missing(cell)]
    numbers = [at for at in given if looks_like_number(cells[at])]
    if not given:
        return ""
    if len(numbers) == len(given):
        return "" if _are_counted(given, cells) else "holds only numbers"
    seen = [{row[at].strip() for row in body if at < len(row)} for at in range(len(cells))]
    over = [
        at
        for at in numbers
        if seen[at] and all(looks_like_number(cell) or is_missing(cell) for cell in seen[at])
    ]
    again = [at for at in given if at not in numbers and cells[at].strip() in seen[at]]
    if over and (again or any(has_fraction(cells[at]) for at in over)):
        return "holds numbers above numbers"
    if len(again) == len(given) > 1:
        return "holds only what the rows below hold as well"
    return ""


def _are_counted(given: Sequence[int], cells: Sequence[str]) -> bool:
    """Whether numbers are what pandas calls columns without names: 0, 1, 2 and so on."""
    written = [cells[at].strip() for at in given]
    return len(given) > 2 and any(
        written == [str(number) for number in range(first, first + len(given))] for first in (0, 1)
    )


def _guessed(path: str, line: int, why: str, *, is_row: bool) -> Guess:
    taken = "a row" if is_row else "names, since the project names one of them so"
    end = "." if is_row else ". Is it a row?"
    called = ", and the columns are called column_1, column_2 and so on" if is_row else ""
    return Guess(
        f"{path}, line {line} {why}, so the file may have no line of names; it is read as {taken}{called}{end}",
        "Write a line with a name for each column above it; or set header to no if it is a row, to yes if it is names.",
        "header",
        "no",
        f"Read line {line} as a row",
    )


def _above(path: str, lines: Sequence[int], begins: int) -> Guess:
    several = f"lines {lines[0]} to {lines[-1]} are" if len(lines) > 1 else f"line {lines[0]} is"
    return Guess(
        f"{path}: {several} left out, since the table seems to begin in line {begins}.",
        "Set skip to how many lines stand above the table.",
        "skip",
        begins - 1,
        f"Skip {begins - 1} line{'s' if begins > 2 else ''}",
    )


def below_comments(lines: Sequence[str], separator: str, first: int) -> tuple[int, list[str]]:
    """How many comments a file begins with, and the cells of the last where that names the columns.

    numpy writes names so: ``# width,height``, above a table of numbers.
    """
    count = 0
    while count < len(lines) and (
        lines[count].lstrip().startswith(COMMENTS) or not lines[count].strip()
    ):
        count += 1
    if not 0 < count < len(lines):
        return 0, []
    bare = lines[count - 1].strip().lstrip("#%/ ")
    names = next(iter(sample_rows([bare], separator, first)), (0, []))[1]
    row = next(iter(sample_rows(lines[count : count + 1], separator, first)), (0, []))[1]
    named = (
        len(names) == len(row)
        and not any(map(looks_like_number, names))
        and any(map(looks_like_number, row))
    )
    return count, names if named else []


def checked_names(path: str, heading: Heading) -> list[str]:
    """The names of the columns, empty where the line of names has none; each may be there once."""
    if not heading.line:
        return [f"column_{place}" for place in range(1, len(heading.cells) + 1)]
    names = [cell.strip() for cell in heading.cells]
    if not any(names):
        raise DataError(
            f"{path}: is empty.", "One line must name the columns, the others hold the rows."
        )
    first: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if name and first.setdefault(name, place) != place:
            raise DataError(
                f"{path}, line {heading.line}: columns {first[name]} and {place} are both named {name[:60]!r}.",
                "Give each column its own name.",
            )
    return names
