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
    """The rows of the sheet from number ``first`` on; of the first sheet with rows where none has the name."""
    book = open_workbook(path, import_module("openpyxl"))
    try:
        for each in [name] if name in book.sheetnames else book.sheetnames:
            if rows := sheet_rows(book[each]):
                return iter([row for row in rows if row[0] >= first])
    finally:
        book.close()
    return iter([])


def open_workbook(path: str, openpyxl: Any, *, results: bool = True) -> Any:  # noqa: ANN401 (openpyxl has no types)
    """The workbook, whatever its name ends in. ``results``: the results of formulas, not the formulas themselves."""
    try:
        content = BytesIO(Path(path).read_bytes())  # openpyxl checks the ending of a path
        return openpyxl.load_workbook(content, read_only=True, data_only=results)
    except Exception as error:
        raise DataError(
            f"{path} cannot be read as an Excel workbook: {error}.",
            "Save it again, without a password.",
        ) from error


def sheet_rows(sheet: object) -> list[Cells]:
    """The rows that are not empty, with their numbers, each as wide as the widest."""
    rows = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]
        cells = [sheet_text(value) for value in values]
        if any(cells):
            rows.append((number, cells))
    width = max((_used_cells(cells) for _, cells in rows), default=0)
    return [(number, (cells + [""] * width)[:width]) for number, cells in rows]


def _used_cells(cells: list[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def sheet_text(value: object) -> str:
    """The text of a cell's value in CSV."""
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
