"""Removes a folder into which a program still writes."""

import shutil
from pathlib import Path


def sweep(folder: Path) -> None:
    """As a file manager does: what is written meanwhile, where it has been already, goes too."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
