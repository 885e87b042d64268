"""Which files of a folder are images, and what else is in it."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from resources.snippets.samples import DataError

ENDINGS = (
    ".apng", ".avif", ".bmp", ".bw", ".dds", ".dib", ".gif", ".ico", ".j2k", ".jfif",
    ".jp2", ".jpe", ".jpeg", ".jpg", ".jpx", ".pbm", ".pcx", ".pfm", ".pgm", ".png",
    ".pnm", ".ppm", ".psd", ".qoi", ".rgb", ".sgi", ".tga", ".tif", ".tiff", ".webp",
)  # fmt: skip
"""Of the files that are read; what is in a file counts, not which of these it has."""
FOREIGN = ("$recycle.bin", "@eadir", "__macosx", "__pycache__", "lost+found", "thumbs")
"""Folders that systems and programs leave behind, in small letters."""
FOREIGN_FILES = ("desktop.ini", "thumbs.db")
MOST_SHOWN = 5  # files that a message lists


def image_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The images in a folder, however deep, in order, and the names of its other files."""
    images, others = [], []
    for at, names in all_files(folder):
        images += [Path(at, name) for name in names if is_image(name)]
        others += [name for name in names if not (is_image(name) or is_foreign_file(name))]
    return sorted(images, key=lambda file: file.relative_to(folder).as_posix()), others


def all_files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each folder below with its files; a link to a folder is not followed, so a circle of links ends."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_foreign(name)]
        yield at, names


def list_images(folder: Path) -> list[Path]:
    """The images in a folder, of which there must be one."""
    found, _ = image_files(folder)
    if not found:
        hint = f"Add some ({', '.join(ENDINGS)}), or delete the folder."
        raise DataError(f"{folder}: holds no image.", hint)
    return found


def is_image(name: str) -> bool:
    """Whether a file is called like an image."""
    return not name.startswith(".") and Path(name).suffix.lower() in ENDINGS


def is_foreign(name: str) -> bool:
    """Whether a folder belongs to the system or a program."""
    return name.startswith(".") or name.lower() in FOREIGN


def is_foreign_file(name: str) -> bool:
    """Whether a file belongs to the system or a program."""
    return name.startswith(".") or name.lower() in FOREIGN_FILES


def by_ending(names: Iterable[str]) -> str:
    """How many files of which endings, in words."""
    counts = Counter(Path(name).suffix.lower() or "no ending" for name in names)
    total = sum(counts.values())
    endings = listed([ending for ending, _ in counts.most_common()])
    return f"{total:,} {'file' if total == 1 else 'files'} ({endings})"


def listed(texts: Sequence[str]) -> str:
    """The first few texts, and how many there are beside them."""
    known = [text if text.isprintable() else ascii(text) for text in texts[: MOST_SHOWN + 1]]
    if len(texts) > MOST_SHOWN:
        return f"{', '.join(known[:MOST_SHOWN])} and {len(texts) - MOST_SHOWN:,} more"
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))
