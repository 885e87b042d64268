"""Writes what happens: events and losses, appended together, so that a checkpoint can say how far they reach."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import EngineError, RunProblem
from engine.project import disk_errors, durable
from engine.runs.events import Event, encode
from engine.runs.folder import RunFolder


@dataclass(frozen=True, slots=True)
class Offsets:
    """How many bytes of a run's growing files belong to a checkpoint."""

    events: int = 0
    losses: int = 0


class Recorder:
    """The open ``events.jsonl`` and ``losses.txt`` of a run. ``began``: when the run first started, in Unix time."""

    def __init__(self, folder: RunFolder, emit: Callable[[Event], None], began: float) -> None:
        self._emit = emit
        self._zero = time.monotonic() - max(0.0, time.time() - began)
        self._folder = folder.path
        try:
            self._events = durable.Appender(folder.events)
            try:
                self._losses = durable.Appender(folder.losses)
            except BaseException:
                self._events.close()
                raise
        except OSError as error:
            raise self._problem(error) from error

    def event(self, event: Event) -> None:
        """Append an event, then tell it. Raises: `EngineError` when the disk does not take it."""
        stamped = replace(event, t_s=round(time.monotonic() - self._zero, 3))
        try:
            self._events.write(encode(stamped).encode() + b"\n")
        except OSError as error:
            raise self._problem(error) from error
        self._emit(stamped)

    def losses(self, values: Sequence[float]) -> None:
        """Append one line a step."""
        lines = "".join(f"{value.hex()}\n" for value in values).encode()
        try:
            self._losses.write(lines)
        except OSError as error:
            raise self._problem(error) from error

    def settle(self) -> Offsets:
        """Put everything on the disk; how far it reaches."""
        try:
            self._events.sync()
            self._losses.sync()
        except OSError as error:
            raise self._problem(error) from error
        return Offsets(self._events.offset, self._losses.offset)

    def close(self) -> None:
        """Let go of the files."""
        self._events.close()
        self._losses.close()

    def _problem(self, error: OSError) -> EngineError:
        return disk_errors.problem("write", self._folder, error)


def cut_back(folder: RunFolder, offsets: Offsets) -> None:
    """Drop what was recorded after a checkpoint. Raises: `EngineError`."""
    cuts = ((folder.events, offsets.events), (folder.losses, offsets.losses))
    for path, offset in cuts:
        _refuse_changed(path, offset)
    for path, offset in cuts:
        try:
            durable.cut(path, offset)
        except OSError as error:
            raise disk_errors.problem("cut back", path, error) from error


def _refuse_changed(path: Path, offset: int) -> None:
    """A checkpoint's offset is the end of a line: where none ends there, cutting would destroy what is not ours."""
    size, last = 0, b""
    try:
        if path.exists():
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, offset - 1))
                last = file.read(1)
    except OSError as error:
        raise disk_errors.problem("read", path, error) from error
    hint = "Something else has changed it; export what the run holds, or train anew."
    if size < offset:
        raise RunProblem(f"{path} holds {size} bytes, its checkpoint knows of {offset}.", hint=hint, code="R041")
    if offset and last != b"\n":
        raise RunProblem(
            f"{path} has no line that ends at byte {offset}, as its checkpoint says.", hint=hint, code="R041"
        )
