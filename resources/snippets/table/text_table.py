"""A table of texts in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from resources.snippets.load_result import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.blocks import BREAK

ONE_COLUMN = (
    "No separator was found in the lines: put commas, semicolons, tabs or vertical bars between the cells. Spaces "
    "do as well where every line has equally many cells; a text with a space in it is then quoted."
)


@dataclass
class Table:
    """The table of a file: each column as its cells in a few long texts.

    ``lines``: the line of each row, from 1. ``heading``: the line that names the columns, 0 where none does. ``first``:
    the cells of the first row, where none does. ``before``: columns without a name at the left. ``notes``: lines of a
    single text follow the table. ``units``: the cells of a line of units below the names; ``unit_cells``: those of the
    remaining columns. ``comments``, ``repeats``: whether comments, or the names again, are among the rows.
    ``left_out``: what was not read, each with the reason. ``emptied_cells``: by column and row, the texts of cells
    that were emptied because they mean a missing value.
    """

    path: str
    names: list[str]
    columns: list[list[str]]
    lines: np.ndarray
    heading: int
    first: list[str]
    separator: str = ","
    encoding: str = "utf-8"
    sheet: str = ""
    before: int = 0
    notes: bool = False
    units: tuple[str, ...] = ()
    unit_cells: list[str] = field(default_factory=list)
    comments: bool = False
    repeats: bool = False
    guesses: list[Guess] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    emptied_cells: dict[int, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index()

    def index(self) -> None:
        """ColumnScan up names by their places from now on."""
        self._places = {name: at for at, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.lines)

    def cells(self, at: int) -> list[str]:
        """The cells of a column as they are in the file."""
        return self.text(at).split(BREAK) if len(self) else []

    def text(self, at: int) -> str:
        """The cells of a column as one text, a zero byte between them."""
        blocks = self.columns[at]
        if len(blocks) > 1:  # of a long table
            blocks[:] = [BREAK.join(blocks)]
        return blocks[0]

    def empty(self, at: int, marks: Collection[str]) -> None:
        """Empty the cells of a column with one of these texts, which are in lower case."""
        cells = self.cells(at)
        emptied = {
            row: cell.strip() for row, cell in enumerate(cells) if cell.strip().lower() in marks
        }
        if emptied:
            self.emptied_cells[at] = emptied
            self.columns[at] = [
                BREAK.join("" if row in emptied else cell for row, cell in enumerate(cells))
            ]

    def text_in_file(self, row: int, at: int) -> str:
        """The text of a missing value's cell in the file."""
        return self.emptied_cells.get(at, {}).get(row, "") or self.cells(at)[row].strip()

    def drop_first(self) -> None:
        """Leave out the first row."""
        self.lines = self.lines[1:]
        self.columns = [[self.text(at).partition(BREAK)[2]] for at in range(len(self.columns))]

    def line_of(self, at: int, text: str) -> int:
        """The line of the first row whose cell is that text."""
        return int(
            self.lines[next(row for row, cell in enumerate(self.cells(at)) if cell.strip() == text)]
        )

    def keep(self, places: list[int], names: list[str]) -> None:
        """Keep only these columns, under these names."""
        self.names, self.columns = names, [self.columns[at] for at in places]
        self.first = [self.first[at] for at in places] if self.first else []
        self.unit_cells = [self.unit_cells[at] for at in places] if self.unit_cells else []
        self.index()

    def has(self, name: str) -> bool:
        """Whether `column` finds one."""
        return name in self._places or (not self.heading and self.first.count(name) == 1)

    def column(self, name: str) -> int:
        """The index of the column of that name; without a line of names, of a cell with that text in the first row."""
        if name in self._places:
            return self._places[name]
        if not self.heading and self.first.count(name) == 1:
            return self.first.index(name)
        raise self._no_column(name)

    def _no_column(self, name: str) -> DataError:
        names = ", ".join(self.names[:12]) + (", ..." if len(self.names) > 12 else "")
        lower = {known_name.lower(): known_name for known_name in self.names}
        close = get_close_matches(name.lower(), lower, n=1) if len(lower) < 10_000 else []
        if not self.heading:
            return DataError(
                f"{self.path}, line {self.lines[0]} is read as a row, so no line names the columns, which are called "
                f"{names}; there is no column {name!r}.",
                "Choose one of these; or write a line with a name for each column above the rows.",
            )
        hint = f"Choose one of them; line {self.heading} of the file must name the columns."
        if close:
            hint = f"Did you mean {lower[close[0]]!r}?"
        elif len(self.names) == 1:
            hint = ONE_COLUMN
        return DataError(
            f"{self.path}, line {self.heading}: there is no column {name!r}; the columns are {names}.",
            hint,
        )

    def where(self, row: int, at: int) -> str:
        """File, line and column, for a message."""
        return f"{self.path}, line {self.lines[row]}, column {self.names[at]!r}"
