"""Reading a growing ``events.jsonl``: only new and whole lines, with a check for a file that was cut back."""

import io
import os
from pathlib import Path
from typing import NamedTuple

from engine.project.existence import is_there
from engine.project.regular_file import mode_of
from engine.runs.events import Event, decode_lines

_CHUNK = 8 << 20
_END = 256 << 10  # bytes: a trainer writes a pause or an end last
_BEGINNING = 64 << 10
_MARK = 96  # bytes before the offset to compare: the end of a line, with its unique time


class NewEvents(NamedTuple):
    """The events since the last call. ``again``: the file was cut back or replaced, so all earlier ones are void."""

    events: list[Event]
    again: bool = False


class Tail:
    """A reader of a file which another process appends to, and which a resumed run cuts back.

    ``offset``: the byte to begin at, and after each call the end of what was read.
    """

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.path = path
        self.offset = offset
        self._mark: bytes | None = None

    def read(self, limit: int = _CHUNK) -> NewEvents:
        """The new events, about ``limit`` bytes at most; a partial last line is read when it is complete.

        Raises: ``OSError``; a missing file has no events.
        """
        try:
            mode_of(self.path)  # opening a pipe would block
            file = self.path.open("rb")
        except FileNotFoundError:
            return NewEvents([], again=self._restart())
        with file:
            again = self._is_another_past(file) and self._restart()
            lines = _whole_lines(file, self.offset, limit)
            self.offset += len(lines)
            self._mark = _before(file, self.offset)
        return NewEvents(decode_lines(lines), again)

    def _is_another_past(self, file: io.BufferedReader) -> bool:
        if self._mark is None:
            return file.seek(0, io.SEEK_END) < self.offset
        return _before(file, self.offset) != self._mark

    def _restart(self) -> bool:
        moved = self.offset > 0
        self.offset, self._mark = 0, b""
        return moved


def read_events(path: Path) -> list[Event]:
    """All events of a file. Raises: ``OSError``; a missing file has none."""
    tail, events = Tail(path), list[Event]()
    while new := tail.read().events:
        events += new
    return events


def last_lines(path: Path) -> tuple[bytes, list[bytes]]:
    """The first line of the events, and the last whole ones. Raises: ``OSError``; a missing file has none."""
    if not is_there(path):
        return b"", []
    mode_of(path)
    with path.open("rb") as file:
        first = file.readline(_BEGINNING)
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - _END)
        file.seek(start)
        lines = file.read().split(b"\n")
    return first, lines[1 if start else 0 : -1]


def _before(file: io.BufferedReader, offset: int) -> bytes:
    start = max(0, offset - _MARK)
    file.seek(start)
    return file.read(offset - start)


def _whole_lines(file: io.BufferedReader, offset: int, limit: int) -> bytes:
    file.seek(offset)
    data = file.read(limit)
    while b"\n" not in data and (more := file.read(limit)):  # a line longer than the limit
        data += more
    return data[: data.rfind(b"\n") + 1]
