"""Finds the process that holds the lock of a run, for trainings that this window did not start."""

import contextlib
import os
import re
from pathlib import Path

_LOCKS = Path("/proc/locks")
_LINE = re.compile(r"\d+: FLOCK +ADVISORY +WRITE (\d+) [0-9a-f]+:[0-9a-f]+:(\d+) ")


def holder(lock: Path) -> int | None:
    """The ID of the process that holds a lock; ``None`` if there is none or the system does not say."""
    try:
        inode = lock.stat().st_ino
        lines = _LOCKS.read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    pids = (int(match[1]) for match in _LINE.finditer(lines) if int(match[2]) == inode)
    return next((pid for pid in pids if pid != os.getpid() and _has_open(pid, lock)), None)


def _has_open(pid: int, path: Path) -> bool:
    """Whether a process has this file open: a file on another disk may have the same inode number."""
    with contextlib.suppress(OSError):
        target = os.path.realpath(path)
        return any(os.path.realpath(each) == target for each in Path(f"/proc/{pid}/fd").iterdir())
    return False
