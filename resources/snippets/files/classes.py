"""A folder with one folder of files for each class."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from resources.snippets.files.below import files_below
from resources.snippets.image.files import enumeration, file_counts, is_system_folder
from resources.snippets.image.listing import subfolders
from resources.snippets.samples import DataError


@dataclass(frozen=True)
class ClassFiles:
    """The files of a folder by class. ``files``: each with its class number. ``left_out``: what is not read."""

    path: Path
    classes: tuple[str, ...]
    files: tuple[tuple[Path, int], ...]
    left_out: tuple[str, ...] = ()


def class_files(path: str | Path, endings: Collection[str]) -> ClassFiles:
    """The files with these endings of each class, in order of class and name."""
    folders = [each for each in subfolders(path) if not is_system_folder(each.name)]
    files_of = {each.name: files_below(each, endings) for each in folders}
    classes = tuple(name for name, (files, _) in files_of.items() if files)
    hint = (
        f"Put the files of each class ({', '.join(endings)}) into a folder with the class's name."
    )
    if not classes:
        raise DataError(f"{path} has no folder with such files.", hint)
    if bad := next((name for name in classes if not name.isprintable()), None):
        raise DataError(f"{path}: the folder {bad!r} cannot name a class.", "Rename it.")
    left_out = [
        f"in {name} {file_counts(others)}" for name, (_, others) in files_of.items() if others
    ]
    if empty := [name for name in files_of if name not in classes]:
        left_out.append(f"folders without such files ({enumeration(empty)})")
    files = [(file, label) for label, name in enumerate(classes) for file in files_of[name][0]]
    return ClassFiles(Path(path), classes, tuple(files), tuple(left_out))
