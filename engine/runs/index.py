"""The index of known runs, in the user's data folder: where runs lie, wherever their projects are.

It helps, and can be lost: a broken index is started anew, and runs that were deleted leave it when it is next read.
"""

import contextlib
import os
from pathlib import Path

import msgspec

from engine.places import user_data_dir
from engine.project import durable
from engine.project.lock import Lock

_MOST = 1000  # runs remembered; the oldest are forgotten first
_CAP = 16 << 20
_WAIT_S = 2.0


def remember(run: Path) -> bool:
    """Add a run to the index; false when the index cannot be written, for which no training should stop."""
    return _change(add=os.path.abspath(run))  # noqa: PTH100 - resolve() would follow links that a person set on purpose


def known() -> list[Path]:
    """The runs of the index, oldest first; one whose disk is not there at the moment stays in it."""
    runs = _read()
    kept = [run for run in runs if not _is_deleted(Path(run))]
    if kept != runs:
        _change(add=None)
    return [Path(run) for run in kept]


def _change(*, add: str | None) -> bool:
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        lock = Lock.take(_file().with_suffix(".lock"), wait_s=_WAIT_S)
        if lock is None:
            return False
        with lock:
            runs = [run for run in _read() if run != add and not _is_deleted(Path(run))] + ([add] if add else [])
            durable.replace(_file(), msgspec.json.encode({"version": 1, "runs": runs[-_MOST:]}) + b"\n")
        return True
    return False


def _file() -> Path:
    return user_data_dir() / "runs.json"


def _read() -> list[str]:
    try:
        with _file().open("rb") as file:
            raw = msgspec.json.decode(file.read(_CAP))
    except (OSError, msgspec.DecodeError, UnicodeError, RecursionError):
        return []
    runs = raw.get("runs") if isinstance(raw, dict) else None
    return [run for run in runs if isinstance(run, str)] if isinstance(runs, list) else []


def _is_deleted(run: Path) -> bool:
    """Whether a person took the run away, rather than the disk it lies on."""
    try:
        return run.parent.is_dir() and not run.exists()
    except (OSError, ValueError):  # a path that no system could have
        return True
