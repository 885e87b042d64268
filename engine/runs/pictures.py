"""The pictures of samples in a run folder: of a limited number of epochs, evenly spaced."""

import re
from pathlib import Path

from engine.project.existence import is_folder

MAX_KEPT = 64
_NAME = re.compile(r"epoch-(\d{1,9})\.png")


def picture_name(epoch: int) -> str:
    """The file of an epoch, which counts from 1."""
    return f"epoch-{epoch}.png"


def kept_epochs(last: int) -> set[int]:
    """The epochs whose pictures are kept after the ``last`` one: all at first, then every second, every fourth ..."""
    stride = 1
    while last // stride > MAX_KEPT:
        stride *= 2
    return {*range(stride, last + 1, stride), last}


def pictures_to_delete(folder: Path, last: int) -> list[Path]:
    """The pictures in a folder to delete after the ``last`` epoch, including those of later epochs."""
    if not is_folder(folder):
        return []
    epochs = kept_epochs(last) if last else set[int]()
    matches = ((path, _NAME.fullmatch(path.name)) for path in folder.iterdir())
    return [path for path, name in matches if name and int(name[1]) not in epochs]
