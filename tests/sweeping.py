"""Removal of a folder to which a program still writes."""

import shutil
from pathlib import Path


def sweep(folder: Path) -> None:
    """Remove a folder as a file manager does, including what is written meanwhile."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
