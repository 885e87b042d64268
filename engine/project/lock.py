"""Locks that the system releases when their process ends, also after a crash."""

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_FAR = 1 << 30  # Windows locks a byte, which nobody may then read: lock one that is never written
_PAUSE_S = 0.02


class Lock:
    """An exclusive lock on a file by this process, until it is released or the process ends.

    The file itself stays: if it were removed, two processes could lock two files of the same name.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @classmethod
    def take(cls, path: Path, wait_s: float = 0.5) -> Self | None:
        """The lock, or ``None`` when another process keeps it for ``wait_s`` (`is_held` takes it for a moment, too).

        Raises: ``OSError`` when the file cannot be created.
        """
        fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        deadline = time.monotonic() + wait_s
        try:
            while not _lock(fd, shared=False):
                if time.monotonic() > deadline:
                    os.close(fd)
                    return None
                time.sleep(_PAUSE_S)
        except BaseException:
            os.close(fd)
            raise
        return cls(fd)

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            _unlock(fd)
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether a running process holds the lock; a file that is missing or cannot be opened is not locked."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # opening a pipe would block
    except OSError:
        return False
    try:
        if not _lock(fd, shared=True):
            return True
        _unlock(fd)
        return False
    finally:
        os.close(fd)


if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int, *, shared: bool) -> bool:
        del shared  # Windows has no shared lock here; two simultaneous checks see each other for an instant
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(fd: int) -> None:
        os.lseek(fd, _FAR, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(fd: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)
