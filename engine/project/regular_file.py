"""Reading files of unknown type: only regular files are opened, since a pipe or device may never end."""

import errno
import stat
from pathlib import Path


class NotAFile(OSError):
    """A folder, a device or a pipe where a file should be."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(errno.EINVAL, f"it is a {what}, not a file", str(path))


def mode_of(path: Path) -> int:
    """The permissions of a file. Raises: ``OSError``, which may be a `NotAFile`."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise NotAFile(path, "folder" if stat.S_ISDIR(mode) else "pipe" if stat.S_ISFIFO(mode) else "device")
    return stat.S_IMODE(mode)


def content(path: Path, most: int = -1) -> bytes:
    """The first ``most`` bytes of a file, or all. Raises: ``OSError``, which may be a `NotAFile`."""
    mode_of(path)
    with path.open("rb") as file:
        return file.read(most)
