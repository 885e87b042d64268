"""Disk errors as messages with a remedy."""

import errno
from pathlib import Path

from engine.errors import FileProblem
from engine.project.regular_file import NotAFile


class Protected(PermissionError):
    """A file that this user may not write to."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EACCES, "it is write-protected", str(path))


def problem(doing: str, path: Path, error: OSError) -> FileProblem:
    """The message of an error: ``problem("save", path, error)`` names the file, the cause and the remedy."""
    why, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
    if isinstance(error, NotAFile | Protected):
        why, hint = error.strerror or "", _ANOTHER if isinstance(error, NotAFile) else _UNLOCK
    elif doing == "read" and hint == _DENIED[1]:
        hint = "Allow reading it, or choose another one."
    return FileProblem(f"Cannot {doing} {path}: {why}.", hint=hint)


_FULL = ("the disk is full", "Free some space and try again; what was there before is unchanged.")
_DENIED = ("permission denied", "Choose a place that you may write to, or change the permissions.")
_ANOTHER = "Choose a file, or a new name."
_UNLOCK = "Choose another name, or allow writing to it."
_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: ("the disk quota is used up", _FULL[1]),
    errno.EFBIG: ("the file would be larger than this disk allows", _FULL[1]),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: ("the disk is read-only", "Choose another place."),
    errno.EIO: ("the disk reports an error", "Save to another disk soon."),
    errno.ENOENT: ("there is no such file or folder", "Check the path."),
    errno.ENOTDIR: ("part of the path is a file, not a folder", "Check the path."),
    errno.EISDIR: ("it is a folder, not a file", "Name a file."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter one."),
}
