"""The folders that are classes, their images, and what else is in the folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resources.snippets.image.files import (
    all_files,
    enumeration,
    file_counts,
    image_files,
    is_image,
    is_system_file,
    is_system_folder,
)
from resources.snippets.load_result import FixableError, Guess, SettingFix
from resources.snippets.samples import DataError

PARTS = ("train", "training", "val", "valid", "validation", "dev", "test", "testing")
"""Names of folders with parts of a data set, that of the training part first."""
EACH_WITH_ITS_NAME = "Put the images of each class into a folder with the class's name."


@dataclass(frozen=True)
class Listing:
    """The images of a folder by class, before any of them is opened.

    ``files``: each with its class number. ``left_out``: what is not read, and why.
    """

    path: Path
    classes: tuple[str, ...]
    files: tuple[tuple[Path, int], ...]
    left_out: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


def subfolders(path: str | Path) -> list[Path]:
    """The folders in ``path`` that are not hidden, in order of their names."""
    try:
        inside = sorted(Path(path).iterdir(), key=lambda item: item.name)
    except NotADirectoryError:
        is_packed = Path(path).suffix.lower() in (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
        raise DataError(
            f"{path} is {'a packed file' if is_packed else 'a file'}, not a folder.",
            "Unpack it, and choose the folder that was in it."
            if is_packed
            else "Choose the folder in which each class has a folder of images.",
        ) from None
    except OSError as error:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path} cannot be read: {error.strerror or error}.", hint) from error
    return [item for item in inside if item.is_dir() and not item.name.startswith(".")]


def list_classes(path: str | Path) -> list[Path]:
    """The folders in ``path`` with images, one for each class, in order of their names."""
    folders = subfolders(path)
    if not folders:
        raise DataError(f"{path} has no folder in it.", EACH_WITH_ITS_NAME)
    classes = [each for each in folders if not is_system_folder(each.name) and _has_images(each)]
    if not classes:
        others = [name for folder in folders for name in image_files(folder)[1]]
        others_text = f", but {file_counts(others)}" if others else ""
        hint = "Save them as PNG or JPEG, with that ending. " if others else ""
        raise DataError(
            f"{path}: none of its {len(folders)} folders holds an image{others_text}.",
            f"{hint}{EACH_WITH_ITS_NAME}",
        )
    for folder in classes:
        if not folder.name.isprintable():  # such as a name in another encoding
            raise DataError(
                f"{path}: the folder {folder.name!r} cannot name a class.",
                "Rename it: its name is not text, or holds control characters.",
            )
    _refuse_parts(path, classes)
    return classes


def _refuse_parts(path: str | Path, folders: list[Path]) -> None:
    """Refuse folders that are parts of a data set, or all of it, with the folders of classes inside."""
    parts_by_name = [each for each in folders if _is_part(each)]
    parts = sorted(parts_by_name, key=lambda part: PARTS.index(part.name.strip().lower()))
    if len(folders) == 1:
        parts = folders
    inside = {part: {each.name for each in subfolders(part) if _has_images(each)} for part in parts}
    filled = [part for part in parts if len(inside[part]) > 1]
    shared = set.intersection(*inside.values()) if len(parts) > 1 else set()
    if not shared and not (filled and len(parts) == len(folders)):
        return
    best = next(iter(filled), parts[0])
    which = enumeration([part.name for part in parts])
    reason = (
        f"hold the same folders {enumeration(sorted(shared))}: {which} look like parts of a data set, not classes"
        if shared
        else f"hold{'' if len(parts) > 1 else 's'} the folders {enumeration(sorted(inside[best]))}, "
        "which look like classes"
    )
    raise FixableError(
        f"{path}: {which} {reason}.",
        f"Set path to {best}.",
        SettingFix("path", str(best), f"Choose {best.name}"),
    )


def _is_part(folder: Path) -> bool:
    return folder.name.strip().lower() in PARTS


def list_folder(path: str | Path) -> Listing:
    """The images of each class, in order of class and name."""
    classes = list_classes(path)
    files, left_out = [], []
    for label, folder in enumerate(classes):
        images, others = image_files(folder)
        files += [(file, label) for file in images]
        if others:
            left_out.append(f"in {folder.name} {file_counts(others)}")
    names = {folder.name for folder in classes}
    empty = [each.name for each in subfolders(path) if each.name not in names]
    if empty:
        kind = "folder without images" if len(empty) == 1 else "folders without images"
        left_out.append(f"{len(empty)} {kind} ({enumeration(empty)})")
    beside = sorted(
        item.name
        for item in Path(path).iterdir()
        if not is_system_file(item.name) and item.is_file()
    )
    if beside:
        left_out.append(f"{file_counts(beside)} beside the folders of the classes")
    return Listing(
        Path(path),
        tuple(folder.name for folder in classes),
        tuple(files),
        tuple(left_out),
        tuple(_layout_guesses(classes)),
    )


def _layout_guesses(classes: list[Path]) -> Iterator[Guess]:
    if len(classes) > 1 and all(map(_is_part, classes)):
        names = enumeration([folder.name for folder in classes])
        yield Guess(
            f"The folders {names} were read as classes, and are named like parts of a data set.",
            EACH_WITH_ITS_NAME,
            "path",
        )
        return
    inside = [{each.name for each in subfolders(folder)} for folder in classes]
    is_same = len(classes) > 1 and len(inside[0]) > 1 and all(each == inside[0] for each in inside)
    if is_same and not any(_images_in(folder) for folder in classes):
        yield Guess(
            f"The folders {enumeration([folder.name for folder in classes])} were read as classes, and each holds the "
            f"same folders: {enumeration(sorted(inside[0]))}.",
            "If those are the classes, put the images of each into one folder.",
            "path",
        )


def _images_in(folder: Path) -> bool:
    return any(is_image(item.name) for item in folder.iterdir())


def _has_images(folder: Path) -> bool:
    """Whether a folder contains an image, at any depth."""
    return any(is_image(name) for _, names in all_files(folder) for name in names)
