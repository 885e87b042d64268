"""The index of known runs, in the user's data folder, wherever their projects are.

It can be lost: a damaged index is replaced by a new one, and deleted runs are removed when it is next read.
"""

import contextlib
import os
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct, field

from engine.places import user_data_dir
from engine.project import durable
from engine.project.existence import is_taken_away
from engine.project.lock import Lock

_MOST = 1000  # runs; the oldest are dropped first
_CAP = 16 << 20
_WAIT_S = 2.0


class _Index(Struct):
    """``adopted``: by project (its file, or its key while it has none), its runs that are elsewhere."""

    runs: list[str] = field(default_factory=list)
    adopted: dict[str, list[str]] = field(default_factory=dict)


def remember(run: Path) -> bool:
    """Add a run to the index; false when the index cannot be written, which is not a reason to stop training."""
    name = _name(run)

    def add(index: _Index) -> None:
        index.runs = [*(each for each in index.runs if each != name), name]

    return _change(add)


def known_runs() -> list[Path]:
    """The runs of the index, oldest first; a run whose disk is absent stays in it."""
    runs = _read().runs
    present = [run for run in runs if not _is_deleted(Path(run))]
    if present != runs:
        _change(lambda _: None)
    return [Path(run) for run in present]


def adopt(project: Path | str, runs: Iterable[Path], before: str = "") -> bool:
    """Record that these runs belong to a project, by its file or the key of an unsaved one.

    ``before``: the key that the project had while it was unsaved, with its runs. False when the index cannot
    be written.
    """
    names = [_name(run) for run in runs]

    def add(index: _Index) -> None:
        former = index.adopted.pop(before, ())
        current = index.adopted.get(index_key(project), ())
        index.adopted[index_key(project)] = list(dict.fromkeys([*former, *current, *names]))

    return _change(add)


def adoptions() -> dict[str, list[Path]]:
    """By project, as `index_key` names it, the runs that are elsewhere."""
    return {project: [Path(run) for run in runs] for project, runs in _read().adopted.items()}


def index_key(project: Path | str) -> str:
    """The key of a project in the index: its file, or the key of an unsaved one."""
    return project if isinstance(project, str) else _name(project)


def _name(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links that a person set on purpose


def _change(change: Callable[[_Index], None]) -> bool:
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        lock = Lock.take(_file().with_suffix(".lock"), wait_s=_WAIT_S)
        if lock is None:
            return False
        with lock:
            index = _read()
            change(index)
            durable.replace(_file(), msgspec.json.encode(_for_file(index)) + b"\n")
        return True
    return False


def _for_file(index: _Index) -> dict[str, object]:
    """The index for the file, without deleted runs, and limited in size."""
    existing = {run for run in chain(index.runs, *index.adopted.values()) if not _is_deleted(Path(run))}
    adopted = {project: [run for run in runs if run in existing] for project, runs in index.adopted.items()}
    not_empty = {project: runs for project, runs in adopted.items() if runs}
    return {
        "version": 1,
        "runs": [run for run in index.runs if run in existing][-_MOST:],
        "adopted": dict([*not_empty.items()][-_MOST:]),
    }


def _file() -> Path:
    return user_data_dir() / "runs.json"


def _read() -> _Index:
    try:
        with _file().open("rb") as file:
            raw = msgspec.json.decode(file.read(_CAP))
    except (OSError, msgspec.DecodeError, UnicodeError, RecursionError):
        return _Index()
    if not isinstance(raw, dict):
        return _Index()
    adopted = raw.get("adopted")
    pairs = adopted.items() if isinstance(adopted, dict) else ()
    return _Index(_texts(raw.get("runs")), {str(project): _texts(runs) for project, runs in pairs})


def _texts(raw: object) -> list[str]:
    return [each for each in raw if isinstance(each, str)] if isinstance(raw, list) else []


def _is_deleted(run: Path) -> bool:
    """Whether the run was removed, rather than the disk that holds it."""
    try:
        return is_taken_away(run)
    except ValueError:  # a path that no system could have
        return True
