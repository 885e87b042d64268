"""Places to write to, as they are proposed and shown."""

import os
from pathlib import Path

from engine.project.existence import is_there


def short(place: Path) -> str:
    """A place with ~ for the home folder, which `engine.places.from_home` takes back."""
    home = Path.home()
    return f"~{os.sep}{place.relative_to(home)}" if place.is_relative_to(home) else str(place)


def free(place: Path) -> Path:
    """A place where nothing is yet, numbered when need be."""
    number, found = 2, place
    while is_there(found) and not _is_empty(found):
        found = place.with_name(f"{place.stem}-{number}{place.suffix}")
        number += 1
    return found


def _is_empty(place: Path) -> bool:
    try:
        return not any(place.iterdir())
    except OSError:  # a file, or no folder of ours
        return False
