"""Runs as CSV for a spreadsheet: whole values, not what the table has room for."""

import csv
import io
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from gui.runs.inventory.inventory import RunEntry
from gui.runs.table.columns import Column


def as_csv(runs: Iterable[RunEntry], columns: Sequence[Column]) -> str:
    """A line of titles and one line a run; numbers with all their digits, and empty where there is no value."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    for run in runs:
        values = (column.raw(run) for column in columns)
        writer.writerow(["" if value is None else value for value in values])
    return text.getvalue()


def copy(text: str) -> None:
    """Put a table on the clipboard, as text too."""
    data = QMimeData()
    data.setText(text)
    data.setData("text/csv", text.encode())
    QApplication.clipboard().setMimeData(data)
