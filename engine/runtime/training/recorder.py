"""Appends events and losses to a run's files, so that a checkpoint can record their lengths."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from engine.errors import EngineError, RunProblem
from engine.project import disk_errors, durable
from engine.project.existence import is_there
from engine.project.regular_file import mode_of
from engine.runs.events import Event, encode
from engine.runs.folder import RunFolder
from engine.runtime.checkpoints.manifest import OffsetState

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Offsets:
    """How many bytes of a run's growing files belong to a checkpoint, and their hashes, where they are known."""

    events: int = 0
    losses: int = 0
    events_sha256: str = ""
    losses_sha256: str = ""

    @classmethod
    def of(cls, state: OffsetState) -> "Offsets":
        """The offsets that a checkpoint stores."""
        return cls(state["events"], state["losses"], state.get("events_sha256", ""), state.get("losses_sha256", ""))

    def state(self) -> OffsetState:
        """As a checkpoint stores them."""
        return {
            "events": self.events,
            "losses": self.losses,
            "events_sha256": self.events_sha256,
            "losses_sha256": self.losses_sha256,
        }


class _GrowingFile:
    """A file that grows by whole lines, with the hash of all that is in it."""

    def __init__(self, path: Path) -> None:
        self._file = durable.Appender(path)
        try:
            self._hash = _hash_of(path, self._file.offset)
        except BaseException:
            self._file.close()
            raise

    @property
    def reach(self) -> tuple[int, str]:
        """The size in bytes, and the SHA-256 of the content."""
        return self._file.offset, self._hash.hexdigest()

    def write(self, lines: bytes) -> None:
        self._file.write(lines)
        self._hash.update(lines)

    def sync(self) -> None:
        self._file.sync()

    def close(self) -> None:
        self._file.close()


class Recorder:
    """The open ``events.jsonl`` and ``losses.txt`` of a run. ``began``: when the run first started, in Unix time."""

    def __init__(self, folder: RunFolder, emit: Callable[[Event], None], began: float) -> None:
        self._emit = emit
        self._zero = time.monotonic() - max(0.0, time.time() - began)
        self._folder = folder.path
        try:
            self._events = _GrowingFile(folder.events)
            try:
                self._losses = _GrowingFile(folder.losses)
            except BaseException:
                self._events.close()
                raise
        except OSError as error:
            raise self._problem(error) from error

    def event(self, event: Event) -> None:
        """Append an event to its file, then emit it. Raises: `EngineError` when the disk refuses it."""
        stamped = replace(event, t_s=round(time.monotonic() - self._zero, 3))
        try:
            self._events.write(encode(stamped).encode() + b"\n")
        except OSError as error:
            raise self._problem(error) from error
        self._emit(stamped)

    def losses(self, values: Sequence[float]) -> None:
        """Append one line per step."""
        lines = "".join(f"{value.hex()}\n" for value in values).encode()
        try:
            self._losses.write(lines)
        except OSError as error:
            raise self._problem(error) from error

    def sync(self) -> Offsets:
        """Flush both files to disk; return their sizes and hashes."""
        try:
            self._events.sync()
            self._losses.sync()
        except OSError as error:
            raise self._problem(error) from error
        (events, events_hash), (losses, losses_hash) = self._events.reach, self._losses.reach
        return Offsets(events, losses, events_hash, losses_hash)

    def close(self) -> None:
        """Close the files."""
        self._events.close()
        self._losses.close()

    def _problem(self, error: OSError) -> EngineError:
        return disk_errors.problem("write", self._folder, error)


def cut_back(folder: RunFolder, offsets: Offsets) -> None:
    """Truncate both files to the lengths that a checkpoint records. Raises: `EngineError`."""
    for path, offset in ((folder.events, offsets.events), (folder.losses, offsets.losses)):
        try:
            durable.cut(path, offset)
        except OSError as error:
            raise disk_errors.problem("cut back", path, error) from error


def refuse_changed(folder: RunFolder, offsets: Offsets) -> None:
    """Refuse files that do not begin with the bytes that the checkpoint records. Raises: `EngineError`."""
    _refuse_changed(folder.events, offsets.events, offsets.events_sha256)
    _refuse_changed(folder.losses, offsets.losses, offsets.losses_sha256)


def _refuse_changed(path: Path, offset: int, digest: str) -> None:
    """Refuse a file unless a line ends at the recorded length: truncating it elsewhere would destroy other content."""
    size, last, actual = 0, b"", ""
    try:
        if is_there(path):
            mode_of(path)
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, offset - 1))
                last = file.read(1)
            actual = _hash_of(path, offset).hexdigest()
    except OSError as error:
        raise disk_errors.problem("read", path, error) from error
    wrong = ""
    if size < offset:
        wrong = f"holds {size} bytes, its checkpoint records {offset}"
    elif offset and last != b"\n":
        wrong = f"has no line that ends at byte {offset}, as its checkpoint says"
    elif digest and actual != digest:
        wrong = "does not begin with what its checkpoint records"
    if wrong:
        hint = "Something else has changed it; export what the run holds, or train again."
        raise RunProblem(f"{path} {wrong}.", hint=hint, code="R041")


def _hash_of(path: Path, size: int) -> "hashlib._Hash":
    """The hash of the first bytes of a file. Raises: ``OSError``."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(size, _BLOCK))):
            digest.update(block)
            size -= len(block)
    return digest
