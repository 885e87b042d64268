"""The images in a folder, and what else is in it."""

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
"""The endings of images; how a file is decoded depends on its content alone."""
SYSTEM_FOLDERS = ("$recycle.bin", "@eadir", "__macosx", "__pycache__", "lost+found", "thumbs")
"""Folders that systems and programs leave behind, in lower case."""
SYSTEM_FILES = ("desktop.ini", "thumbs.db")
MAX_SHOWN = 5  # files that a message lists


def image_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The images in a folder, at any depth, in order, and the names of its other files."""
    images, others = [], []
    for at, names in all_files(folder):
        images += [Path(at, name) for name in names if is_image(name)]
        others += [name for name in names if not (is_image(name) or is_system_file(name))]
    return sorted(images, key=lambda file: file.relative_to(folder).as_posix()), others


def all_files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each folder inside with its files; links to folders are not followed, as they may be circular."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_system_folder(name)]
        yield at, names


def list_images(folder: Path) -> list[Path]:
    """The images in a folder; there must be at least one."""
    images, _ = image_files(folder)
    if not images:
        hint = f"Add some ({', '.join(ENDINGS)}), or delete the folder."
        raise DataError(f"{folder} holds no image.", hint)
    return images


def is_image(name: str) -> bool:
    """Whether the name of a file is that of an image."""
    return not name.startswith(".") and Path(name).suffix.lower() in ENDINGS


def is_system_folder(name: str) -> bool:
    """Whether a folder belongs to the system or a program."""
    return name.startswith(".") or name.lower() in SYSTEM_FOLDERS


def is_system_file(name: str) -> bool:
    """Whether a file belongs to the system or a program."""
    return name.startswith(".") or name.lower() in SYSTEM_FILES


def file_counts(names: Iterable[str]) -> str:
    """The number of files and their endings, in words."""
    counts = Counter(Path(name).suffix.lower() or "no ending" for name in names)
    total = sum(counts.values())
    endings = enumeration([ending for ending, _ in counts.most_common()])
    return f"{total:,} {'file' if total == 1 else 'files'} ({endings})"


def enumeration(texts: Sequence[str]) -> str:
    """The first few texts, and the number of others."""
    printable = [text if text.isprintable() else ascii(text) for text in texts[: MAX_SHOWN + 1]]
    if len(texts) > MAX_SHOWN:
        return f"{', '.join(printable[:MAX_SHOWN])} and {len(texts) - MAX_SHOWN:,} more"
    return " and ".join(filter(None, (", ".join(printable[:-1]), printable[-1])))
