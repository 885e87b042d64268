"""Types of options for argparse: a value that is not legal ends the program with a sentence and exit code 2."""

import os
from argparse import ArgumentTypeError
from pathlib import Path

import torch

MAX_SEED = 2**53
MAX_COUNT = 10_000_000
MAX_LETTERS = 60  # of a value, in a message


def positive_number(text: str) -> int:
    """The type of a number of epochs or samples."""
    return whole_number(text, 1, MAX_COUNT)


def seed_number(text: str) -> int:
    """The type of a seed of random numbers."""
    return whole_number(text, 0, MAX_SEED)


def whole_number(text: str, low: int, high: int) -> int:
    """A whole number in this range."""
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"must be a whole number, got {short(text)!r}") from None
    if not low <= number <= high:
        raise ArgumentTypeError(f"must be from {low:,} to {high:,}, got {short(text)}")
    return number


def usable_device(text: str) -> torch.device:
    """The type of a device that torch can use on this machine."""
    try:
        device = torch.device(text)
        torch.zeros(1, device=device).item()
    except (AssertionError, RuntimeError, NotImplementedError):
        raise ArgumentTypeError(
            f"{short(text)!r} is not a device that torch can use here; cpu always is"
        ) from None
    return device


def output_file(text: str) -> Path:
    """The type of a file that can be written, in a folder that exists."""
    path = Path(text)
    if os.path.isdir(path):  # noqa: PTH112 (it never raises, as for a name that is too long)
        raise ArgumentTypeError(f"{short(text)} is a folder, not a file")
    if not os.path.isdir(path.parent):  # noqa: PTH112 (as above)
        raise ArgumentTypeError(f"there is no folder {short(str(path.parent))}")
    place = path if os.path.exists(path) else path.parent  # noqa: PTH110 (as above)
    if not os.access(place, os.W_OK):
        raise ArgumentTypeError(f"{short(text)} may not be written")
    return path


def short(text: str) -> str:
    """The beginning of a value, for a message."""
    return text if len(text) <= MAX_LETTERS else f"{text[:MAX_LETTERS]}..."
