"""Which folders are classes, which files in them are images, and what else is there."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from resources.snippets.image.file import ENDINGS
from resources.snippets.rows import Guess, MendableError
from resources.snippets.samples import DataError

FOREIGN = ("$recycle.bin", "@eadir", "__macosx", "__pycache__", "lost+found", "thumbs")
"""Folders that systems and programs leave behind, in small letters."""
FOREIGN_FILES = ("desktop.ini", "thumbs.db")
PARTS = ("train", "training", "val", "valid", "validation", "dev", "test", "testing")
"""Folders that are called so hold parts of a data set, the first the one to learn from."""
MOST_SHOWN = 5  # files that a message lists
EACH_WITH_ITS_NAME = "Put the images of each class into a folder with the class's name."


@dataclass(frozen=True)
class Listing:
    """The images of a folder by class, before one of them is opened.

    ``files``: each with its class number. ``left_out``: what is not read, and why.
    """

    path: Path
    classes: tuple[str, ...]
    files: tuple[tuple[Path, int], ...]
    left_out: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


def subfolders(path: str | Path) -> list[Path]:
    """The folders in ``path`` that are no hidden ones, in order of their names."""
    try:
        inside = sorted(Path(path).iterdir(), key=lambda item: item.name)
    except NotADirectoryError:
        is_packed = Path(path).suffix.lower() in (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
        raise DataError(
            f"{path}: is {'a packed file' if is_packed else 'a file'}, not a folder.",
            "Unpack it, and choose the folder that was in it."
            if is_packed
            else "Choose the folder in which each class has a folder of images.",
        ) from None
    except OSError as wrong:
        hint = "Check the path; a relative one in a project starts from the project file's folder."
        raise DataError(f"{path}: cannot be read: {wrong.strerror or wrong}.", hint) from wrong
    return [item for item in inside if item.is_dir() and not item.name.startswith(".")]


def list_classes(path: str | Path) -> list[Path]:
    """The folders in ``path`` that hold images, one a class, in order of their names."""
    folders = subfolders(path)
    if not folders:
        raise DataError(f"{path}: has no folder in it.", EACH_WITH_ITS_NAME)
    classes = [each for each in folders if not _is_foreign(each.name) and _has_images(each)]
    if not classes:
        others = [name for folder in folders for name in _walk(folder)[1]]
        held = f", but {_by_ending(others)}" if others else ""
        hint = "Save them as PNG or JPEG, with that ending. " if others else ""
        raise DataError(
            f"{path}: none of its {len(folders)} folders holds an image{held}.",
            f"{hint}{EACH_WITH_ITS_NAME}",
        )
    for folder in classes:
        if (
            not folder.name.isprintable()
        ):  # a half character, from a name in another encoding, is not
            raise DataError(
                f"{path}: the folder {folder.name!r} cannot name a class.",
                "Rename it: its name is no text, or holds control characters.",
            )
    _refuse_parts(path, classes)
    return classes


def _refuse_parts(path: str | Path, folders: list[Path]) -> None:
    """Refuse folders that are parts of a data set, or hold all of it, with the classes inside."""
    named = [each for each in folders if _is_part(each)]
    parts = sorted(named, key=lambda part: PARTS.index(part.name.strip().lower()))
    if len(folders) == 1:
        parts = folders
    inside = {part: {each.name for each in subfolders(part) if _has_images(each)} for part in parts}
    filled = [part for part in parts if len(inside[part]) > 1]
    shared = set.intersection(*inside.values()) if len(parts) > 1 else set()
    if not shared and not (filled and len(parts) == len(folders)):
        return
    best = next(iter(filled), parts[0])
    which = listed([part.name for part in parts])
    said = (
        f"hold the same folders {listed(sorted(shared))}: {which} look like parts of a data set, not classes"
        if shared
        else f"hold{'' if len(parts) > 1 else 's'} the folders {listed(sorted(inside[best]))}, which look like classes"
    )
    raise MendableError(
        f"{path}: {which} {said}.",
        f"Set path to {best}.",
        Guess("", "", "path", str(best), f"Choose {best.name}"),
    )


def _is_part(folder: Path) -> bool:
    return folder.name.strip().lower() in PARTS


def listed(texts: Sequence[str]) -> str:
    """The first few texts, and how many there are beside them."""
    known = [text if text.isprintable() else ascii(text) for text in texts[: MOST_SHOWN + 1]]
    if len(texts) > MOST_SHOWN:
        return f"{', '.join(known[:MOST_SHOWN])} and {len(texts) - MOST_SHOWN:,} more"
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))


def list_folder(path: str | Path) -> Listing:
    """The images of each class, in order of class and name."""
    classes = list_classes(path)
    files, left_out = [], []
    for label, folder in enumerate(classes):
        images, others = _walk(folder)
        files += [(file, label) for file in images]
        if others:
            left_out.append(f"in {folder.name} {_by_ending(others)}")
    names = {folder.name for folder in classes}
    empty = [each.name for each in subfolders(path) if each.name not in names]
    if empty:
        kind = "folder without images" if len(empty) == 1 else "folders without images"
        left_out.append(f"{len(empty)} {kind} ({listed(empty)})")
    beside = sorted(
        item.name for item in Path(path).iterdir() if _is_told(item.name) and item.is_file()
    )
    if beside:
        left_out.append(f"{_by_ending(beside)} beside the folders of the classes")
    return Listing(
        Path(path),
        tuple(folder.name for folder in classes),
        tuple(files),
        tuple(left_out),
        tuple(_layout_guesses(classes)),
    )


def _layout_guesses(classes: list[Path]) -> Iterator[Guess]:
    if len(classes) > 1 and all(map(_is_part, classes)):
        names = listed([folder.name for folder in classes])
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
            f"The folders {listed([folder.name for folder in classes])} were read as classes, and each holds the "
            f"same folders: {listed(sorted(inside[0]))}.",
            "If those are the classes, put the images of each into one folder.",
            "path",
        )


def _by_ending(names: Iterable[str]) -> str:
    """How many files of which endings."""
    counts = Counter(Path(name).suffix.lower() or "no ending" for name in names)
    total = sum(counts.values())
    endings = listed([ending for ending, _ in counts.most_common()])
    return f"{total:,} {'file' if total == 1 else 'files'} ({endings})"


def is_image(name: str) -> bool:
    """Whether a file's name is one of an image."""
    return not name.startswith(".") and Path(name).suffix.lower() in ENDINGS


def _is_told(name: str) -> bool:
    """Whether a file that is not read is worth a word."""
    return not name.startswith(".") and name.lower() not in FOREIGN_FILES


def _is_foreign(name: str) -> bool:
    return name.startswith(".") or name.lower() in FOREIGN


def _images_in(folder: Path) -> bool:
    return any(is_image(item.name) for item in folder.iterdir())


def _has_images(folder: Path) -> bool:
    """Whether a folder holds an image, however deep."""
    return any(is_image(name) for _, names in _all_files(folder) for name in names)


def _all_files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each folder below with its files; a link to a folder is not followed, so a circle of links ends."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _is_foreign(name)]
        yield at, names


def _walk(folder: Path) -> tuple[list[Path], list[str]]:
    """The image files of a class, in order, and the names of the other files."""
    images, others = [], []
    for at, names in _all_files(folder):
        images += [Path(at, name) for name in names if is_image(name)]
        others += [name for name in names if _is_told(name) and not is_image(name)]
    return sorted(images, key=lambda file: file.relative_to(folder).as_posix()), others


def other_files(folder: Path) -> list[str]:
    """How many files in a folder are no images, in words; empty if there are none."""
    others = _walk(folder)[1]
    return [_by_ending(others)] if others else []


def list_images(folder: Path) -> list[Path]:
    """The image files in a folder, in order."""
    found = _walk(folder)[0]
    if not found:
        raise DataError(
            f"{folder}: holds no image.", f"Add some ({', '.join(ENDINGS)}), or delete the folder."
        )
    return found
