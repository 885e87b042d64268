"""The rows of an Excel workbook, as the texts that a CSV file of it would hold."""

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from types import ModuleType

from resources.snippets.known_format.sheet import open_workbook, sheet_rows
from resources.snippets.load_result import Guess
from resources.snippets.samples import DataError
from resources.snippets.table.cells import Cells


def workbook_rows(
    path: str, sheet: str = "", usual: str = ""
) -> tuple[str, list[Cells], list[Guess]]:
    """The name of a sheet, its rows with their numbers, and guesses; without ``sheet`` the first with a table.

    ``usual``: the sheet to read instead, if there is such a sheet.
    """
    openpyxl = _openpyxl(path)
    book = open_workbook(path, openpyxl)
    try:
        names = [each.title for each in book.worksheets]
        sheet = sheet or (usual if usual in names else "")
        if sheet and sheet not in names:
            raise DataError(
                f"{path} has no sheet {sheet!r}; its sheets are {', '.join(names)}.",
                "Set sheet to one of them.",
            )
        rows_by_sheet = {
            name: rows for name in ([sheet] if sheet else names) if (rows := sheet_rows(book[name]))
        }
    finally:
        book.close()
    if not rows_by_sheet:
        raise DataError(
            f"{path} is empty.", "One line must name the columns, the others hold the rows."
        )
    wide = (name for name, rows in rows_by_sheet.items() if len(rows) > 1 and len(rows[0][1]) > 1)
    # A title and notes are often on a sheet of their own.
    name = next(wide, next(iter(rows_by_sheet)))
    guesses = [] if sheet or len(names) == 1 else [_sheet_guess(path, name, names)]
    return (
        name,
        rows_by_sheet[name],
        [*guesses, *_formula_guesses(path, openpyxl, name, rows_by_sheet[name])],
    )


def _formula_guesses(
    path: str, openpyxl: ModuleType, name: str, rows: list[Cells]
) -> Iterator[Guess]:
    """A guess where a column is empty because the results of its formulas are not in the file."""
    body = [cells for _, cells in rows[1:]]
    empty = [at for at, column in enumerate(zip(*body, strict=True)) if not any(column)]
    if not empty:
        return
    book = open_workbook(path, openpyxl, results=False)
    try:
        some = list(islice(book[name].iter_rows(values_only=True), rows[-1][0]))[-1]
    finally:
        book.close()
    for at in empty:
        if at < len(some) and str(some[at]).startswith("="):
            yield Guess(
                f"{path}: the cells of column {at + 1} ({rows[0][1][at] or 'no name'}) are formulas without results, "
                "so they are read as empty.",
                "Open the workbook in Excel or LibreOffice and save it: that works out the formulas.",
            )


def _openpyxl(path: str) -> ModuleType:
    try:
        return import_module("openpyxl")
    except ImportError:
        raise DataError(
            f"{path} is an Excel workbook, and the package that reads them is not installed.",
            "Install it: pip install openpyxl. Or save the table in Excel as 'CSV UTF-8'.",
        ) from None


def _sheet_guess(path: str, name: str, names: list[str]) -> Guess:
    others = ", ".join(each for each in names if each != name)
    return Guess(
        f"{path}: sheet {name!r} was read; the workbook also has {others}.",
        "Set sheet to the one that holds the table.",
        "sheet",
        name,
        f"Read the sheet {name}",
    )
