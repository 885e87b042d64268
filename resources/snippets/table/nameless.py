"""Columns that the line of names leaves without a name."""

import re
from collections.abc import Collection

from resources.snippets.load_result import Guess
from resources.snippets.table.text_table import Table

UNNAMED = re.compile(r"Unnamed: \d+")  # what pandas calls them when it reads such a file


def name_columns(table: Table, names_in_project: Collection[str]) -> None:
    """Leave out nameless columns that are empty, or number or name the rows (pandas and R write them); name others."""
    places, names = [], []
    names_in_use = set(table.names)
    for at, name in enumerate(table.names):
        if name in names_in_project or (name and not UNNAMED.fullmatch(name)):
            places.append(at)
            names.append(name)
            continue
        cells = [cell.strip() for cell in table.cells(at)]
        which = f"column {at + 1}{f' ({name})' if name else ' without a name'}"
        if not any(cells):
            table.left_out.append(f"{which}, which is empty")
        elif numbers_rows(cells):
            table.left_out.append(f"{which}, which numbers the rows")
        elif at == 0 and len(set(cells)) == len(cells) and len(cells) > 1:
            table.left_out.append(f"{which}, which names the rows")
        else:
            places.append(at)
            names.append(name or _free(f"column_{at + 1}", names_in_use))
            table.guesses += [] if name else [_guess(table.path, at, names[-1])]
    table.keep(places, names)


def numbers_rows(cells: list[str]) -> bool:
    """Whether the cells count up by one, as the numbers of rows do."""
    try:
        first = int(cells[0])
    except ValueError:
        return False
    return cells == [str(number) for number in range(first, first + len(cells))]


def _free(name: str, names_in_use: set[str]) -> str:
    while name in names_in_use:
        name += "_"
    return name


def _guess(path: str, at: int, name: str) -> Guess:
    return Guess(
        f"{path}: column {at + 1} has no name; it is read as a column called {name}.",
        f"Give it a name in the file; or set its role to ignore to leave {name} out.",
    )
