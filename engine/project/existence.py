"""What lies where, as far as it can be looked at: behind a shut door, or on a disk that fails, nothing does.

Before Python 3.14 the methods of `Path` raise there.
"""

import os
from pathlib import Path


def is_there(path: Path) -> bool:
    """Whether anything lies there."""
    return os.path.exists(path)  # noqa: PTH110 (it never raises)


def is_file(path: Path) -> bool:
    """Whether a file lies there."""
    return os.path.isfile(path)  # noqa: PTH113 (likewise)


def is_folder(path: Path) -> bool:
    """Whether a folder lies there."""
    return os.path.isdir(path)  # noqa: PTH112 (likewise)


def nearest_folder(path: Path) -> Path:
    """The folder itself, or else the closest one above it that is there."""
    return next((each for each in (path, *path.parents) if is_folder(each)), Path.home())


def is_taken_away(path: Path) -> bool:
    """Whether it is missing from a folder that is there, rather than gone with its disk."""
    try:
        path.stat()
    except FileNotFoundError:
        return is_folder(path.parent)
    except OSError:  # it may not be looked at, or its disk fails
        pass
    return False
