"""Windows of a series, and the values that follow each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from resources.snippets.files.rows import Row, table_rows
from resources.snippets.samples import DataError, Samples

GAPS = ("", "na", "n/a", "nan", "null", "none", "-", "?")
"""Cells that mean a missing value, in lower case."""


def read_known_series(path: str, *, how: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """``series`` and ``future``, float32; see `windows_of`. ``how``: also ``columns`` and ``missing``."""
    columns = list(how["columns"])
    rows = list(table_rows(path, columns))
    return windows_of(series_values(path, rows, columns, how["missing"]), how)


def windows_of(values: np.ndarray, how: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """``series`` (samples, window, channels), and ``future`` (samples, horizon, targets), the rows behind each window.

    ``values``: (rows, channels). ``how``: ``window`` and ``horizon`` in rows, ``stride`` from one window to the next,
    and ``targets``, the places of the predicted columns.
    """
    window, horizon, stride = how["window"], how["horizon"], how["stride"]
    spans = np.lib.stride_tricks.sliding_window_view(values, window + horizon, axis=0)[::stride]
    spans = spans.transpose(0, 2, 1)  # samples, rows, channels
    return {
        "series": np.ascontiguousarray(spans[:, :window]),
        "future": np.ascontiguousarray(spans[:, window:, list(how["targets"])]),
    }


def series_values(
    path: str | Path, rows: Sequence[Row], columns: Sequence[str], missing: str
) -> np.ndarray:
    """The numbers of the columns, float32 (rows, columns). ``missing``: refuse gaps, or repeat the previous value."""
    values = np.empty((len(rows), len(columns)), dtype=np.float32)
    for at, row in enumerate(rows):
        for channel, column in enumerate(columns):
            cell = row.cells[column].strip()
            if cell.lower() in GAPS and missing == "previous" and at:
                values[at, channel] = values[at - 1, channel]
                continue
            values[at, channel] = _number(path, row, column, cell)
    return values


def _number(path: str | Path, row: Row, column: str, cell: str) -> float:
    try:
        number = float(np.float32(cell if "," not in cell else cell.replace(",", ".")))
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        what = "is empty" if cell.lower() in GAPS else f"holds {cell!r}, which is no number"
        hint = (
            "Fill it in, or set missing to previous."
            if cell.lower() in GAPS
            else "Take the column out of columns."
        )
        raise DataError(f"{path}, {row.place}: {column} {what}.", hint)
    return number


def read_new_series(path: str | Path, how: Mapping[str, Any]) -> Samples:
    """The last window of a table, from which what follows is predicted, as ``series``."""
    columns = list(how["columns"])
    rows = list(table_rows(path, columns))
    window = how["window"]
    if len(rows) < window:
        message = f"{path} has {len(rows):,} rows, and the network takes the last {window:,}."
        raise DataError(message, "Give it a longer table.")
    values = series_values(path, rows, columns, how["missing"])
    return Samples({"series": values[None, -window:]}, places=[f"after {rows[-1].place}"])
