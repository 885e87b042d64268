"""The threshold between two classes that a user chose for a run: ``threshold.json``, kept in its folder."""

from pathlib import Path

import msgspec

from engine.errors import FileProblem, RunProblem
from engine.project import disk_errors, durable
from engine.project.existence import is_folder
from engine.project.regular_file import content

FILE = "threshold.json"
VERSION = 1
EVEN = 0.5  # what is used without a file
_CAP = 4 << 10  # bytes
_HINT = "Delete the file, or set the threshold again: torchloom evaluate RUN --threshold 0.5."


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    threshold: float


def read_threshold(run: Path) -> float | None:
    """The probability of the second class above which it is predicted; ``None`` where none was chosen.

    Raises: ``RunProblem`` when the file is damaged or of a newer version: answers would silently be others.
    """
    path = run / FILE
    try:
        raw = content(path, _CAP + 1)
        if len(raw) > _CAP:
            raise _damaged(path, f"is larger than {_CAP >> 10} KiB")
        stored = msgspec.json.decode(raw, type=_Stored)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _damaged(path, f"cannot be read: {error.strerror or error}") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _damaged(path, f"is damaged: {' '.join(str(error).split())}") from None
    if stored.version != VERSION:
        raise _damaged(path, f"has version {stored.version}, and this Torchloom reads {VERSION}")
    if not 0 <= stored.threshold <= 1:
        raise _damaged(path, f"holds {stored.threshold:g}, which is not from 0 to 1")
    return stored.threshold


def write_threshold(run: Path, threshold: float) -> None:
    """Keep a threshold with a run; 0.5 deletes the file.

    Raises: ``FileProblem`` when there is no such run, or the disk fails.
    """
    path = run / FILE
    if not is_folder(run):
        raise FileProblem(f"There is no run in {run} any more.")
    try:
        if threshold == EVEN:
            path.unlink(missing_ok=True)
        else:
            durable.replace(path, msgspec.json.encode(_Stored(VERSION, threshold)) + b"\n")
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error


def _damaged(path: Path, what: str) -> RunProblem:
    return RunProblem(f"{path} {what}.", hint=_HINT, code="R043")
