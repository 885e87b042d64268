"""A sheet of an Excel workbook, as the texts that a CSV file of it would hold."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from resources.snippets.samples import DataError
from resources.snippets.table.cells import Cells


def read_sheet(path: str, name: str, first: int) -> Iterator[Cells]:
    """The rows of the sheet from that number on; of the first that has any, where none has the name."""
    book = opened_book(path, import_module("openpyxl"))
    try:
        for each in [name] if name in book.sheetnames else book.sheetnames:
            if rows := sheet_rows(book[each]):
                return iter([row for row in rows if row[0] >= first])
    finally:
        book.close()
    return iter([])


def opened_book(path: str, openpyxl: Any, *, results: bool = True) -> Any:  # noqa: ANN401 (openpyxl has no types)
    """The workbook, whatever the file is called. ``results``: of formulas, not the formulas themselves."""
    try:
        content = BytesIO(Path(path).read_bytes())  # by a path, openpyxl goes by the ending
        return openpyxl.load_workbook(content, read_only=True, data_only=results)
    except Exception as wrong:
        raise DataError(
            f"{path}: cannot be read as an Excel workbook: {wrong}.",
            "Save it again, without a password.",
        ) from wrong


def sheet_rows(sheet: object) -> list[Cells]:
    """The rows that are not empty, with their numbers, each as wide as the widest."""
    found = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]
        cells = [sheet_text(value) for value in values]
        if any(cells):
            found.append((number, cells))
    width = max((_used_cells(cells) for _, cells in found), default=0)
    return [(number, (cells + [""] * width)[:width]) for number, cells in found]


def _used_cells(cells: list[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def sheet_text(value: object) -> str:
    """A cell's value as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return _duration(value) if isinstance(value, timedelta) else value.isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).replace("\0", "")


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
