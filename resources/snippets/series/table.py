"""A table of values over time as a data set: windows, and what follows each."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from resources.snippets.files.rows import Row, table_rows
from resources.snippets.load_result import LoadedSamples
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError
from resources.snippets.series.windows import series_values, windows_of

UNEVEN = 1.01  # times the shortest step: a longer one is a gap


def load_series(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    path: str | Path,
    time: str = "",
    columns: Sequence[str] = (),
    targets: Sequence[str] = (),
    window: int = 24,
    horizon: int = 1,
    stride: int = 1,
    missing: str = "refuse",
) -> LoadedSamples:
    """``series`` float32 (samples, window, channels), and ``future`` float32 (samples, horizon, targets).

    ``time``: the column of the times, by which the rows must be in order. ``columns``: the channels; all others when
    none is named. ``targets``: those to predict; all channels when none is named. ``window``: rows that the network
    sees. ``horizon``: rows that it predicts. ``stride``: rows from one window to the next. ``missing``: ``refuse``
    gaps, or repeat the ``previous`` value.
    """
    rows = list(table_rows(path, [*([time] if time else []), *columns, *targets]))
    if len(rows) < window + horizon:
        raise DataError(
            f"{path} has {len(rows):,} rows, and a window of {window:,} with {horizon:,} behind it needs "
            f"{window + horizon:,}.",
            "Choose a smaller window or horizon.",
        )
    names = list(columns) or [name for name in rows[0].cells if name != time]
    names += [name for name in targets if name not in names]
    count = 1 + (len(rows) - window - horizon) // stride
    _check_window_memory(path, count * (window + horizon) * len(names) * 8)
    how = {
        "columns": tuple(names),
        "targets": tuple(names.index(name) for name in (targets or names)),
        "window": window,
        "horizon": horizon,
        "stride": stride,
        "missing": missing,
    }
    values = series_values(path, rows, names, missing)
    return LoadedSamples(
        windows_of(values, how),
        places=[f"{rows[at * stride].place} on" for at in range(count)],
        scaled=_steps_text(path, rows, time),
        gap=-(-horizon // stride) - 1,
        decisions=how,
        form={"how": how},
    )


def _check_window_memory(path: str | Path, need: int) -> None:
    if need > memory_left():
        raise DataError(
            f"{path}: the windows need {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            "Choose a larger stride or a smaller window.",
        )


def _steps_text(path: str | Path, rows: Sequence[Row], column: str) -> tuple[str, ...]:
    """A text about steps of unequal length; refuses times that are not in order."""
    if not column:
        return ()
    times = np.array([_time(path, row, column) for row in rows])
    steps = np.diff(times)
    back = np.flatnonzero(steps <= 0)
    if len(back):
        row = rows[int(back[0]) + 1]
        message = f"{path}, {row.place}: {column} is {row.cells[column].strip()}, which is not after the row before."
        raise DataError(message, "Sort the rows by time, and keep one for each time.")
    shortest = float(steps.min()) if len(steps) else 0.0
    gaps = int((steps > shortest * UNEVEN).sum())
    text = f"{gaps:,} of {len(steps):,} steps of {column} are longer than the shortest, and count as one"
    return (text,) if gaps else ()


def _time(path: str | Path, row: Row, column: str) -> float:
    """A time as a number: itself, or the seconds of a date."""
    cell = row.cells[column].strip()
    try:
        return float(cell)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        message = f"{path}, {row.place}: {column} holds {cell!r}, no number and no date such as 2024-05-31."
        raise DataError(message, "Leave time empty where the rows are in order.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
