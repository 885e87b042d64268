"""The rows of an Excel workbook, as the texts that a CSV file of it would hold."""

from importlib import import_module
from types import ModuleType

from resources.snippets.plain_sheet import sheet_rows
from resources.snippets.rows import DataError, Guess
from resources.snippets.table.cells import Cells


def workbook_rows(path: str, sheet: str = "") -> tuple[str, list[Cells], list[Guess]]:
    """A sheet, its rows with their numbers, and what was guessed; when none is named, the first that has any rows."""
    openpyxl = _openpyxl(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as wrong:
        raise DataError(
            f"{path}: cannot be read as an Excel workbook: {wrong}.",
            "Save it again, without a password.",
        ) from wrong
    try:
        names = [each.title for each in book.worksheets]
        if sheet and sheet not in names:
            raise DataError(
                f"{path}: has no sheet {sheet!r}; its sheets are {', '.join(names)}.",
                "Set sheet to one of them.",
            )
        for name in [sheet] if sheet else names:
            rows = sheet_rows(book[name])
            if rows:
                return (
                    name,
                    rows,
                    [] if sheet or len(names) == 1 else [_sheet_guess(path, name, names)],
                )
    finally:
        book.close()
    raise DataError(
        f"{path}: is empty.", "One line must name the columns, the others hold the rows."
    )


def _openpyxl(path: str) -> ModuleType:
    try:
        return import_module("openpyxl")
    except ImportError:
        raise DataError(
            f"{path}: is an Excel workbook, and the package that reads them is not installed.",
            "Install it: pip install openpyxl. Or save the table in Excel as 'CSV UTF-8'.",
        ) from None


def _sheet_guess(path: str, name: str, names: list[str]) -> Guess:
    others = ", ".join(each for each in names if each != name)
    return Guess(
        f"{path}: the sheet {name!r} of {len(names)} is read; the others are {others}.",
        "Set sheet to the one that holds the table.",
        "sheet",
        name,
        f"Read the sheet {name}",
    )
