"""The rows of an Excel workbook, as the texts that a CSV file of it would hold."""

from datetime import date, datetime, time
from importlib import import_module
from types import ModuleType

from resources.snippets.rows import DataError, Guess
from resources.snippets.table.cells import Cells


def workbook_rows(path: str, sheet: str = "") -> tuple[list[Cells], list[Guess]]:
    """Every row of a sheet with its number, and what was guessed; when no sheet is named, the first that has any."""
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
            rows = _rows(book[name])
            if rows:
                return rows, [] if sheet or len(names) == 1 else [_sheet_guess(path, name, names)]
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


def _rows(sheet: object) -> list[Cells]:
    found = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]
        cells = [_text(value) for value in values]
        if any(cells):
            found.append((number, cells))
    width = max((_used(cells) for _, cells in found), default=0)
    return [(number, (cells + [""] * width)[:width]) for number, cells in found]


def _used(cells: list[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _text(value: object) -> str:
    """A cell's value as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).replace("\0", "")


def _sheet_guess(path: str, name: str, names: list[str]) -> Guess:
    others = ", ".join(each for each in names if each != name)
    return Guess(
        f"{path}: the sheet {name!r} of {len(names)} is read; the others are {others}.",
        "Set sheet to the one that holds the table.",
        "sheet",
        name,
        f"Read the sheet {name}",
    )
