"""Runs as CSV for a spreadsheet, with unabridged values."""

import csv
import io
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from gui.runs.known_runs.inventory import RunEntry
from gui.runs.table.columns import Column


def as_csv(runs: Iterable[RunEntry], columns: Sequence[Column]) -> str:
    """A line of titles and one line per run; numbers with all digits, empty fields without a value."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    for run in runs:
        values = (column.raw(run) for column in columns)
        writer.writerow(["" if value is None else value for value in values])
    return text.getvalue()


def copy(text: str) -> None:
    """Put CSV on the clipboard, also as plain text."""
    data = QMimeData()
    data.setText(text)
    data.setData("text/csv", text.encode())
    QApplication.clipboard().setMimeData(data)
