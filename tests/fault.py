"""Disks that fail on purpose, at each single call: full, broken, the process killed, the power cut.

``for case in sweep(prepare, action): ...`` runs ``action(root)`` again and again; each time the next I/O call below
``root`` meets the fault. The power cut leaves the worst that a disk may: nothing that was not synced, and no name that
was created or changed since its folder was synced.
"""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from pathlib import Path
from typing import IO, Any, Self

import pytest

from engine.errors import EngineError

REAL = {name: getattr(os, name) for name in (
    "open", "write", "fsync", "ftruncate", "fchmod", "close", "replace", "rename", "mkdir", "unlink", "rmdir",
) if hasattr(os, name)}  # fmt: skip


class Crash(BaseException):
    """The process has died: no exception handler runs any more."""


class Fault(Enum):
    FULL = "no space, for half a write"
    FULL_FOR_GOOD = "no space from here on"
    BROKEN = "one call fails"
    KILL = "the process is killed"
    POWER_CUT = "the process is killed, and what was not synced is gone"


@contextmanager
def shut(folder: Path) -> Iterator[None]:
    """A folder that cannot be read; removing its permissions would not keep out an administrator."""
    look, open_, read = os.stat, os.open, io.open

    def refuse(path: object) -> None:
        if isinstance(path, str | os.PathLike) and Path(path).is_relative_to(folder) and Path(path) != folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    def stat(path: Any, **more: Any) -> os.stat_result:
        refuse(path)
        return look(path, **more)

    def open_descriptor(path: Any, *more: Any, **kwargs: Any) -> int:
        refuse(path)
        return open_(path, *more, **kwargs)

    def open_file(path: Any, *more: Any, **kwargs: Any) -> IO[Any]:
        refuse(path)
        return read(path, *more, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "stat", stat)
        patch.setattr(os, "open", open_descriptor)
        patch.setattr(io, "open", open_file)
        yield


@dataclass
class Case:
    """One run of the action. ``error`` is what it raised; ``fired`` is false when it had fewer calls than ``at``."""

    root: Path
    fault: Fault
    at: int
    fired: bool
    error: BaseException | None


def sweep(
    prepare: Callable[[], Path], action: Callable[[Path], object], faults: tuple[Fault, ...] = tuple(Fault)
) -> Iterator[Case]:
    """Every fault at every call; the last case of each fault has none (or the power cut just after the action)."""
    for fault in faults:
        for at in count(1):
            root = prepare()
            with Disk(root, fault, at) as disk:
                error = _outcome(action, root)
            yield Case(root, fault, at, disk.fired, error)
            if not disk.fired:
                break


def _outcome(action: Callable[[Path], object], root: Path) -> BaseException | None:
    try:
        action(root)
    except (OSError, EngineError, Crash) as error:
        return error
    return None


@dataclass
class Disk:
    """While it is open, the ``at``-th I/O call below ``root`` meets the fault."""

    root: Path
    fault: Fault
    at: int
    fired: bool = False
    calls: int = 0
    _names: dict[int, Path] = field(default_factory=dict)  # what the open descriptors were opened as
    _synced: dict[int, bytes] = field(default_factory=dict)  # content by inode, as the disk has it
    _pending: list[tuple[Path, Callable[[], object]]] = field(default_factory=list)  # folder, and how to undo

    def __enter__(self) -> Self:
        self._patch = pytest.MonkeyPatch()
        for name in REAL:
            self._patch.setattr(os, name, getattr(self, f"_{name}"))
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.undo()
        for fd in self._names:
            with suppress(OSError):
                os.close(fd)
        if self.fault is Fault.POWER_CUT:
            self._lose()

    def _meets(self, name: str, *, takes_space: bool = False) -> bool:
        """Whether the fault is at this call; raises it, unless half of the call is done first."""
        self.calls += 1
        if self.fired and self.fault in (Fault.KILL, Fault.POWER_CUT):
            raise Crash
        strikes = self.calls == self.at or (self.fired and self.fault is Fault.FULL_FOR_GOOD and takes_space)
        self.fired |= strikes
        if strikes and name not in ("write", "close"):
            raise self._error()
        return strikes

    def _error(self) -> BaseException:
        if self.fault in (Fault.KILL, Fault.POWER_CUT):
            return Crash()
        number = errno.EIO if self.fault is Fault.BROKEN else errno.ENOSPC
        return OSError(number, os.strerror(number))

    def _is_inside(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and Path(path).absolute().is_relative_to(self.root)

    def _open(self, path, flags, mode=0o777, *, dir_fd=None):
        if dir_fd is not None or not self._is_inside(path):
            return REAL["open"](path, flags, mode, dir_fd=dir_fd)
        self._meets("open", takes_space=bool(flags & os.O_CREAT))
        path = Path(path).absolute()
        is_new = not path.exists()
        fd = REAL["open"](path, flags, mode)
        self._names[fd] = path
        if path.is_file():
            inode = os.fstat(fd).st_ino
            if is_new:
                self._synced[inode] = b""
                self._pending.append((path.parent, lambda: path.unlink(missing_ok=True)))
            else:
                self._synced.setdefault(inode, path.read_bytes())
        return fd

    def _write(self, fd, data):
        if fd in self._names and self._meets("write", takes_space=True):
            REAL["write"](fd, bytes(data)[: len(data) // 2])
            raise self._error()
        return REAL["write"](fd, data)

    def _fsync(self, fd):
        if fd in self._names:
            path = self._names[fd]
            self._meets("fsync", takes_space=not path.is_dir())
            if path.is_dir():
                self._pending = [(folder, undo) for folder, undo in self._pending if folder != path]
            else:
                self._synced[os.fstat(fd).st_ino] = path.read_bytes()
            return  # only this simulated disk counts; syncing the real one would take time
        REAL["fsync"](fd)

    def _ftruncate(self, fd, length):
        if fd in self._names:
            self._meets("ftruncate")
        REAL["ftruncate"](fd, length)

    def _fchmod(self, fd, mode):
        if fd in self._names:
            self._meets("fchmod")
        REAL["fchmod"](fd, mode)

    def _close(self, fd):
        strikes = fd in self._names and self._meets("close")
        REAL["close"](fd)
        self._names.pop(fd, None)
        if strikes:
            raise self._error()

    def _replace(self, source, target):
        self._move("replace", source, target)

    def _rename(self, source, target):
        self._move("rename", source, target)

    def _move(self, name, source, target):
        if not self._is_inside(target):
            REAL[name](source, target)
            return
        self._meets(name)
        source, target = Path(source), Path(target)
        before = target.read_bytes() if target.is_file() else None
        REAL[name](source, target)

        def undo() -> None:
            target.rename(source)
            if before is not None:
                target.write_bytes(before)

        self._pending.append((target.parent, undo))

    def _mkdir(self, path, mode=0o777, *, dir_fd=None):
        if dir_fd is None and self._is_inside(path):
            self._meets("mkdir", takes_space=True)
        REAL["mkdir"](path, mode, dir_fd=dir_fd)

    def _unlink(self, path, *, dir_fd=None):
        if dir_fd is not None or self._is_inside(path):
            self._meets("unlink")
        REAL["unlink"](path, dir_fd=dir_fd)

    def _rmdir(self, path, *, dir_fd=None):
        if dir_fd is not None or self._is_inside(path):
            self._meets("rmdir")
        REAL["rmdir"](path, dir_fd=dir_fd)

    def _lose(self) -> None:
        for _, undo in reversed(self._pending):
            undo()
        for place, _, names in os.walk(self.root):
            for name in names:
                path = Path(place) / name
                synced = self._synced.get(path.stat().st_ino)
                if synced is not None:
                    path.write_bytes(synced)
