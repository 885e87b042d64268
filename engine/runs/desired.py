"""The request to a run: ``desired.json``, written by the window or the command line, read by the trainer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from engine.errors import RunProblem
from engine.project import disk_errors, durable
from engine.project.regular_file import content

DesiredState = Literal["run", "pause", "stop"]
_CAP = 1 << 20  # bytes; a request is a few words


@dataclass(frozen=True, slots=True)
class Desired:
    """A request. ``xray``: the paths of nodes whose activations and gradients are recorded."""

    state: DesiredState = "run"
    xray: tuple[str, ...] = ()
    version: int = 1


def read_desired(path: Path) -> Desired:
    """The request in a file; without a file, ``run``.

    Raises: ``RunProblem`` when it cannot be read.
    """
    try:
        return msgspec.json.decode(content(path, _CAP), type=Desired)
    except FileNotFoundError:
        return Desired()
    except (OSError, msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise RunProblem(f"{path} cannot be read: {error}.", hint="Delete it to let the run continue.") from None


def write_desired(path: Path, desired: Desired) -> None:
    """Write a request. Raises: ``FileProblem``."""
    try:
        durable.replace(path, msgspec.json.encode(desired) + b"\n")
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error


class Watch:
    """Reads the request again only when its file has changed, so that it can be checked after every step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_stamp: tuple[int, ...] | None = None
        self._desired = Desired()

    def look(self) -> Desired:
        """The current request; while the file cannot be parsed, the last valid one."""
        stamp = self._stamp()
        if stamp != self._last_stamp:
            try:
                self._desired = read_desired(self._path)
            except RunProblem:
                return self._desired  # read it again the next time: another program may be writing it
            self._last_stamp = stamp
        return self._desired

    def _stamp(self) -> tuple[int, ...]:
        try:
            status = self._path.stat()
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino
