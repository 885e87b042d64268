"""The files of samples in a folder, by their endings."""

import os
from collections.abc import Collection
from pathlib import Path

from resources.snippets.image.files import is_system_file, is_system_folder
from resources.snippets.samples import DataError


def files_below(folder: Path, endings: Collection[str]) -> tuple[list[Path], list[str]]:
    """The files with these endings, at any depth, in order, and the names of the other files."""
    files, others = list[str](), list[str]()
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_system_folder(name)]
        for name in names:
            if not is_system_file(name):
                is_one = Path(name).suffix.lower() in endings
                (files if is_one else others).append(str(Path(at, name)) if is_one else name)
    return sorted(map(Path, files), key=lambda file: file.relative_to(folder).as_posix()), others


def new_files(path: str | Path, endings: Collection[str]) -> list[Path]:
    """One file, or those of a folder with these endings; there must be at least one."""
    place = Path(path)
    if not place.is_dir():
        return [place]
    files, _ = files_below(place, endings)
    if not files:
        message = f"{path} has no file that ends in {', '.join(endings)}."
        raise DataError(message, "Name a file, or a folder with such files.")
    return files
