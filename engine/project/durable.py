"""The writer of all durable data: whole files, whole lines and whole folders.

When a call returns, the bytes are on the disk. When it raises, the old content is still there, complete.
"""

import contextlib
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.project.disk_errors import Protected
from engine.project.regular_file import NotAFile, mode_of

_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows would turn \n into \r\n
_SHARING = (5, 32)  # Windows: access denied, sharing violation; a scanner or indexer has the file open for a moment
_PATIENCE_S = 1.0
_BLOCK = 1 << 16


def replace(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Replace the content of ``path`` by ``data``, or by its pieces one after the other, which need not fit in memory.

    After a crash at any moment the old or the new content is there.

    A symbolic link keeps its target, and an existing file keeps its permissions. A path that is not a file, or may not
    be written to, is not replaced, although the folder would allow it.

    Raises: ``OSError``; the old content is then unchanged, and no temporary file is left.
    """
    target = Path(os.path.realpath(path))
    _refuse_protected(target)
    temporary = _sibling(target)
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            for piece in (data,) if isinstance(data, bytes) else data:
                _write(fd, piece)
            _keep_mode(fd, target)
            _sync(fd)
        finally:
            os.close(fd)
        _patiently(lambda: temporary.replace(target))
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def append(path: Path, lines: bytes) -> None:
    """Add whole lines to a file, which may be new.

    Raises: ``OSError``; the file then has its old end.
    """
    with Appender(path) as appender:
        appender.write(lines)
        appender.sync()


def cut(path: Path, offset: int) -> None:
    """Cut a file off at ``offset``, if it is longer.

    Raises: ``OSError``.
    """
    fd = os.open(path, os.O_RDWR | _BINARY)
    try:
        if os.fstat(fd).st_size > offset:
            os.ftruncate(fd, offset)
            _sync(fd)
    finally:
        os.close(fd)


class Appender:
    """A file that is open to append whole lines; a partial last line, left by a crash, is cut off when it opens.

    ``write`` passes the lines to the system, which keeps them even if this process is killed; ``sync`` writes them to
    the disk, where they survive a power cut. ``offset`` is the file's length in bytes.
    """

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, 0o666)
        try:
            self.offset = _whole_lines(self._fd)
            os.ftruncate(self._fd, self.offset)
            os.lseek(self._fd, self.offset, os.SEEK_SET)
            if is_new:
                _sync_folder(path.parent)
        except BaseException:
            os.close(self._fd)
            raise

    def write(self, lines: bytes) -> None:
        """Add whole lines, each with its line feed. Raises: ``OSError``; the file then has its old end."""
        if lines and not lines.endswith(b"\n"):
            raise ValueError("a line without its end")
        try:
            _write(self._fd, lines)
        except OSError:
            with contextlib.suppress(OSError):  # a partial line must not be joined to the next one
                os.ftruncate(self._fd, self.offset)
                os.lseek(self._fd, self.offset, os.SEEK_SET)
            raise
        self.offset += len(lines)

    def sync(self) -> None:
        """Write everything to the disk. Raises: ``OSError``."""
        _sync(self._fd)

    def fileno(self) -> int:
        """The file descriptor, for the interpreter's fault handler."""
        return self._fd

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def new_folder(places: Path | Iterable[Path], fill: Callable[[Path], None]) -> Path:
    """Create a folder that appears by one rename, complete and on the disk.

    ``places``: possible paths in one parent; the first that is free, or an empty folder, is used and returned.
    ``fill`` is called with the temporary folder.

    Raises: ``OSError`` (``FileExistsError`` when no place is free); nothing is left behind.
    """
    candidates = [places] if isinstance(places, Path) else list(places)
    parent = candidates[0].parent
    _make_parents(parent)
    temporary = _sibling(candidates[0])
    temporary.mkdir()
    try:
        fill(temporary)
        _sync_tree(temporary)
        place = _first_free(temporary, candidates)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _sync_folder(parent)
    return place


def clear_after(pid: int, folder: Path) -> None:
    """Remove the temporary files and folders that a dead process left in a folder."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{_prefix(pid)}*.tmp"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def put(path: Path, data: bytes) -> None:
    """Write a file in a folder that `new_folder` is filling, which syncs it before the folder appears.

    Raises: ``OSError``.
    """
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)
    try:
        _write(fd, data)
    finally:
        os.close(fd)


def _refuse_protected(target: Path) -> None:
    try:
        mode = mode_of(target)
    except NotAFile:
        raise
    except OSError:  # the file does not exist, or the write will report the problem more clearly
        return
    if not mode & 0o222 or not os.access(target, os.W_OK):  # the first also holds for an administrator
        raise Protected(target)


def _sibling(path: Path) -> Path:
    return path.with_name(f"{_prefix(os.getpid())}{os.urandom(6).hex()}.tmp")


def _prefix(pid: int) -> str:
    return f".torchloom-{pid:x}-"


def _write(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # the system may write only a part
        rest = rest[os.write(fd, rest) :]


def _sync(fd: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        with contextlib.suppress(OSError):  # not every disk supports it; fsync is then the best
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            return
    os.fsync(fd)


def _sync_folder(path: Path) -> None:
    if os.name == "nt":  # Windows writes a folder's entries without a call
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks cannot sync folders
            raise
    finally:
        os.close(fd)


def _sync_tree(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            fd = os.open(Path(place) / name, os.O_RDWR | _BINARY)  # Windows syncs only what is open for writing
            try:
                _sync(fd)
            finally:
                os.close(fd)
        _sync_folder(Path(place))


def _make_parents(folder: Path) -> None:
    if not folder.is_dir():
        _make_parents(folder.parent)
        with contextlib.suppress(FileExistsError):  # another process made it meanwhile
            folder.mkdir()
        _sync_folder(folder.parent)


def _keep_mode(fd: int, target: Path) -> None:
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # a new file, or a disk without permissions
            os.fchmod(fd, target.stat().st_mode & 0o7777)


def _first_free(temporary: Path, places: list[Path]) -> Path:
    free = next((place for place in places if _moved(temporary, place)), None)
    if free is None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(places[-1]))
    return free


def _moved(temporary: Path, place: Path) -> bool:
    """Rename the folder to ``place`` if that is free or an empty folder; returns whether it was."""
    try:
        if os.name == "nt" and place.is_dir():  # on Windows a rename cannot replace even an empty folder
            place.rmdir()
        _patiently(lambda: temporary.rename(place))
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR) and place.exists():
            return False
        raise
    return True


def _patiently(action: Callable[[], object]) -> None:
    """Try again for a second while Windows reports that another program has the file open."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            action()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _whole_lines(fd: int) -> int:
    """The length of the file without a partial last line."""
    end = os.fstat(fd).st_size
    while end > 0:
        start = max(0, end - _BLOCK)
        os.lseek(fd, start, os.SEEK_SET)
        newline = os.read(fd, end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
