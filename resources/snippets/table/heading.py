"""Where the table begins in a file, and the names of its columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from resources.snippets.load_result import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.cells import COMMENTS, MAX_CELLS, Cells, sample_rows, usual_width
from resources.snippets.table.notation import has_fraction, is_missing, looks_like_number
from resources.snippets.table.units_line import units_line

LEAST_NAMED_ROWS = 3  # of a table with one name less than columns: with fewer it may be a mistake


@dataclass
class Heading:
    """The layout of a table, recognized from its first rows.

    ``line``: the line that names the columns, 0 where none does. ``begins``: the line of the first row. ``cells``:
    those of the line of names, else of the first row. ``before``: columns at the left without a name, as R writes them.
    ``behind``: empty columns at the right of each row. ``notes``: lines of a single text follow the table. ``units``:
    the cells of a line of units below the names. ``comments``: the lines of comments among the rows. ``repeats``: the
    lines that repeat the names, as in concatenated files.
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
        """The number of cells in a row."""
        return self.before + len(self.cells) + self.behind


def find_heading(
    path: str, rows: Sequence[Cells], header: str, names: Collection[str], *, searched: bool
) -> Heading:
    """The heading in the first rows of a file.

    ``header``: ``yes``, ``no`` or ``auto``. ``names``: columns that the project names; a line with one of them has
    names. ``searched``: whether there may be lines above the table.
    """
    start = _first_of_table(rows) if searched else 0
    before, behind = _nameless_sides(rows, start)
    at = start - 1 if before or behind else start
    if at == start > 0:
        _refuse_fewer_names(path, rows[start - 1], rows[start], names)
    line, cells = rows[at]
    heading = Heading(
        line, rows[at + 1][0] if at + 1 < len(rows) else line + 1, cells, before, behind
    )
    body = [each for _, each in rows[at + 1 :] if len(each) == heading.width]
    is_row = header == "no"
    if header == "auto" and not before and (why := _why_a_row(cells, body)):
        is_row = not {cell.strip() for cell in cells} & set(names)
        heading.guesses.append(_heading_guess(path, line, why, is_row=is_row))
    if at:
        heading.guesses.append(_skip_guess(path, [each for each, _ in rows[:at]], line))
    if is_row:
        heading.line, heading.begins = 0, line
    return heading


def leave_out_units(heading: Heading, rows: Sequence[Cells]) -> None:
    """Let the table begin below a line of units, if the first row is one. ``rows``: the first rows of the file."""
    below = [each for each in rows if each[0] >= heading.begins and len(each[1]) == heading.width]
    if not heading.line or len(below) < 2 or below[0][0] != heading.begins:
        return
    if units := units_line([cells for _, cells in below]):
        heading.units, heading.units_line, heading.begins = units, heading.begins, below[1][0]


def _refuse_fewer_names(path: str, above: Cells, row: Cells, names: Collection[str]) -> None:
    """Refuse rows of another width than the line above them, if that has a name that the project uses."""
    if names and {cell.strip() for cell in above[1]} & set(names):
        raise DataError(
            f"{path}, line {row[0]}: {len(row[1])} values, but line {above[0]} names {len(above[1])} columns.",
            "Every line needs one value for each column; quote a value that contains the separator, such as a number "
            "with a decimal comma, or separate the cells with semicolons.",
        )


def _first_of_table(rows: Sequence[Cells]) -> int:
    """The first row of the usual width that is not a title beside empty cells."""
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


def _nameless_sides(rows: Sequence[Cells], start: int) -> tuple[int, int]:
    """The number of columns without a name at the left and at the right, when the line above is one cell shorter."""
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
    """The reason why a first line is a row rather than names; nothing where it may be names."""
    cells = cells[:MAX_CELLS]
    filled = [at for at, cell in enumerate(cells) if not is_missing(cell)]
    numbers = [at for at in filled if looks_like_number(cells[at])]
    if not filled:
        return ""
    if len(numbers) == len(filled):
        return "" if _are_default_names(filled, cells) else "holds only numbers"
    values_below = [{row[at].strip() for row in body if at < len(row)} for at in range(len(cells))]
    over = [
        at
        for at in numbers
        if values_below[at]
        and all(looks_like_number(cell) or is_missing(cell) for cell in values_below[at])
    ]
    again = [at for at in filled if at not in numbers and cells[at].strip() in values_below[at]]
    if over and (again or any(has_fraction(cells[at]) for at in over)):
        return "holds numbers above numbers"
    if len(again) == len(filled) > 1:
        return "holds only what the rows below hold as well"
    return ""


def _are_default_names(filled: Sequence[int], cells: Sequence[str]) -> bool:
    """Whether the cells are the names that pandas gives to nameless columns: 0, 1, 2 and so on."""
    texts = [cells[at].strip() for at in filled]
    return len(filled) > 2 and any(
        texts == [str(number) for number in range(first, first + len(filled))] for first in (0, 1)
    )


def _heading_guess(path: str, line: int, why: str, *, is_row: bool) -> Guess:
    meaning = "a row" if is_row else "names, since the project names one of them so"
    end = "." if is_row else ". Is it a row?"
    names_text = ", and the columns are called column_1, column_2 and so on" if is_row else ""
    return Guess(
        f"{path}, line {line} {why}, so the file may have no line of names; it is read as {meaning}{names_text}{end}",
        "Write a line with a name for each column above it; or set header to no if it is a row, to yes if it is names.",
        "header",
        "no",
        f"Read line {line} as a row",
    )


def _skip_guess(path: str, lines: Sequence[int], begins: int) -> Guess:
    several = f"lines {lines[0]} to {lines[-1]} are" if len(lines) > 1 else f"line {lines[0]} is"
    return Guess(
        f"{path}: {several} left out, since the table seems to begin in line {begins}.",
        "Set skip to the number of lines above the table.",
        "skip",
        begins - 1,
        f"Skip {begins - 1} line{'s' if begins > 2 else ''}",
    )


def below_comments(lines: Sequence[str], separator: str, first: int) -> tuple[int, list[str]]:
    """The number of comments at the beginning of a file, and the cells of the last where that names the columns.

    numpy writes names in this way: ``# width,height``, above a table of numbers.
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
    are_names = (
        len(names) == len(row)
        and not any(map(looks_like_number, names))
        and any(map(looks_like_number, row))
    )
    return count, names if are_names else []


def checked_names(path: str, heading: Heading) -> list[str]:
    """The names of the columns, empty where the line of names has none; refuses a name that is there twice."""
    if not heading.line:
        return [f"column_{place}" for place in range(1, len(heading.cells) + 1)]
    names = [cell.strip() for cell in heading.cells]
    if not any(names):
        raise DataError(
            f"{path} is empty.", "One line must name the columns, the others hold the rows."
        )
    first: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if name and first.setdefault(name, place) != place:
            raise DataError(
                f"{path}, line {heading.line}: columns {first[name]} and {place} are both named {name[:60]!r}.",
                "Give each column its own name.",
            )
    return names
