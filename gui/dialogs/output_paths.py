"""Paths to export to, as they are proposed and shown."""

import os
from pathlib import Path

from engine.project.existence import is_there


def with_tilde(path: Path) -> str:
    """A path with ~ for the home folder, which `engine.places.from_home` expands again."""
    home = Path.home()
    return f"~{os.sep}{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def unused_path(path: Path) -> Path:
    """The path, or one with a number where something is there already. An empty folder counts as unused."""
    number, candidate = 2, path
    while is_there(candidate) and not _is_empty_folder(candidate):
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return candidate


def _is_empty_folder(path: Path) -> bool:
    try:
        return not any(path.iterdir())
    except OSError:  # a file, or a folder that may not be read
        return False
