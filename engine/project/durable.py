"""The one writer of what must survive: whole files, whole lines and whole folders.

When a call returns, the bytes are on the disk. When it raises, what was there before is still there, whole.
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


def replace(path: Path, data: bytes) -> None:
    """Make ``data`` the whole content of ``path``; after a crash at any moment the old or the new content is there.

    A symbolic link keeps pointing where it did, and an existing file keeps its permissions. What is no file, or may not
    be written to, is left alone, though the folder would let it be replaced.

    Raises: ``OSError``; the old content is then untouched and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    _refuse_protected(target)
    temporary = _sibling(target)
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            _write(fd, data)
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
    """Add whole lines to a file, or start it with them.

    Raises: ``OSError``; the file then ends where it did.
    """
    with Appender(path) as appender:
        appender.write(lines)
        appender.sync()


def cut(path: Path, offset: int) -> None:
    """Drop what is beyond ``offset``, if anything is.

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
    """A file that is open to grow by whole lines; a torn last line, left by a crash, is cut off when it opens.

    ``write`` passes the lines to the system, which keeps them even if this process is killed; ``sync`` puts them on the
    disk, where a power cut cannot reach them. ``offset`` is the file's length in bytes.
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
        """Add whole lines, each with its line feed. Raises: ``OSError``; the file then ends where it did."""
        if lines and not lines.endswith(b"\n"):
            raise ValueError("a line without its end")
        try:
            _write(self._fd, lines)
        except OSError:
            with contextlib.suppress(OSError):  # a half line must not be glued to the next one
                os.ftruncate(self._fd, self.offset)
                os.lseek(self._fd, self.offset, os.SEEK_SET)
            raise
        self.offset += len(lines)

    def sync(self) -> None:
        """Put everything written on the disk. Raises: ``OSError``."""
        _sync(self._fd)

    def fileno(self) -> int:
        """The system's number of the open file, for the interpreter's last words."""
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
    """Make a folder that appears by one rename, already filled and on the disk.

    ``places``: where it may go, all in one parent; the first that is free, or an empty folder, is taken and returned.
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
        taken = _first_free(temporary, candidates)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _sync_folder(parent)
    return taken


def clear_after(pid: int, folder: Path) -> None:
    """Remove what a process that is dead had begun to make in a folder, and could not finish."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{_prefix(pid)}*.tmp"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def put(path: Path, data: bytes) -> None:
    """Write a file in a folder that `new_folder` is filling, which puts it on the disk before it can be seen.

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
    except OSError:  # nothing is there, or the write will report the problem more clearly
        return
    if not mode & 0o222 or not os.access(target, os.W_OK):  # an administrator respects the first, too
        raise Protected(target)


def _sibling(path: Path) -> Path:
    return path.with_name(f"{_prefix(os.getpid())}{os.urandom(6).hex()}.tmp")


def _prefix(pid: int) -> str:
    return f".torchloom-{pid:x}-"


def _write(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # the system may take less than it is given
        rest = rest[os.write(fd, rest) :]


def _sync(fd: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        with contextlib.suppress(OSError):  # not every disk supports it; there fsync is the best there is
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
        with contextlib.suppress(OSError):  # a new file, or a disk that knows no permissions
            os.fchmod(fd, target.stat().st_mode & 0o7777)


def _first_free(temporary: Path, places: list[Path]) -> Path:
    taken = next((place for place in places if _moved(temporary, place)), None)
    if taken is None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(places[-1]))
    return taken


def _moved(temporary: Path, place: Path) -> bool:
    """Whether the folder could be put at ``place``, which is free or an empty folder."""
    try:
        if os.name == "nt" and place.is_dir():  # there a rename cannot replace even an empty folder
            place.rmdir()
        _patiently(lambda: temporary.rename(place))
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR) and place.exists():
            return False
        raise
    return True


def _patiently(action: Callable[[], object]) -> None:
    """Try again for a second while Windows says that another program has the file open."""
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
    """The length of the file without a torn last line."""
    end = os.fstat(fd).st_size
    while end > 0:
        start = max(0, end - _BLOCK)
        os.lseek(fd, start, os.SEEK_SET)
        newline = os.read(fd, end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
