"""Whether files exist; where that cannot be checked, in an unreadable folder or on a failing disk, they do not.

Before Python 3.14 the methods of `Path` raise in that case.
"""

import os
from pathlib import Path


def is_there(path: Path) -> bool:
    """Whether the path exists."""
    return os.path.exists(path)  # noqa: PTH110 (it never raises)


def is_file(path: Path) -> bool:
    """Whether the path is a file."""
    return os.path.isfile(path)  # noqa: PTH113 (same reason)


def is_folder(path: Path) -> bool:
    """Whether the path is a folder."""
    return os.path.isdir(path)  # noqa: PTH112 (same reason)


def nearest_folder(path: Path) -> Path:
    """The folder itself, or else the closest one above it that exists."""
    return next((each for each in (path, *path.parents) if is_folder(each)), Path.home())


def is_taken_away(path: Path) -> bool:
    """Whether the path is missing from a folder that exists, rather than from a disk that is absent."""
    try:
        path.stat()
    except FileNotFoundError:
        return is_folder(path.parent)
    except OSError:  # it may not be read, or its disk fails
        pass
    return False
