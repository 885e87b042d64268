"""Samples that were read from a file, and how it is said that they cannot be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np


class DataError(ValueError):
    """The data cannot be used: ``message`` says why, and where; ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message, self.hint = message, hint


def regular(path: str | Path) -> Path:
    """The path, unless it is a device or a pipe, which may never end; what is not there is left to who opens it."""
    place = Path(path)
    if place.exists() and not (place.is_file() or place.is_dir()):
        what = f"{path}: is a device or a pipe, not a file."
        raise DataError(what, "Name a file; what a pipe gives must be saved into one first.")
    return place


@dataclass(frozen=True)
class Refused:
    """A sample that cannot be used, where others of its file can.

    ``row``: its number among all samples of the file, from 0. ``place``: where it is.
    """

    row: int
    place: str
    reason: str
    hint: str = ""


@dataclass
class Samples:
    """Samples in memory: arrays of equal length by field.

    ``classes``: the names of the classes of each label field. ``places``: where each sample is.
    ``refused``: samples of the file that are not among them. ``left_out``: what else was not read.
    """

    fields: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: Sequence[str] = ()
    refused: Sequence[Refused] = ()
    left_out: Sequence[str] = ()

    def __len__(self) -> int:
        return len(next(iter(self.fields.values())))

    def place(self, row: int) -> str:
        """Where a sample is: a line, a file, or its number, from 0."""
        return self.places[row] if len(self.places) else f"row {row} (from 0)"


def without(samples: Samples, wrong: Mapping[int, tuple[str, str]]) -> Samples:
    """The samples without those that are wrong, which are refused; ``wrong``: a reason and a hint for each."""
    before = {each.row for each in samples.refused}
    numbers = [row for row in range(len(samples) + len(before)) if row not in before]
    kept = np.array([row for row in range(len(samples)) if row not in wrong], dtype=np.int64)
    refused = [Refused(numbers[row], samples.place(row), *why) for row, why in wrong.items()]
    return replace(
        samples,
        fields={name: values[kept] for name, values in samples.fields.items()},
        places=[samples.place(row) for row in kept.tolist()],
        refused=sorted([*samples.refused, *refused], key=lambda each: each.row),
    )


def without_outside(samples: Samples, most: Mapping[str, int]) -> Samples:
    """The samples without those that hold a whole number below 0, or not below the ``most`` of its field."""
    wrong: dict[int, tuple[str, str]] = {}
    for name, limit in most.items():
        values = samples.fields[name].reshape(len(samples), -1)
        for row in np.flatnonzero(((values < 0) | (values >= limit)).any(axis=1)).tolist():
            found = next(value for value in values[row].tolist() if not 0 <= value < limit)
            reason = f"{name} holds {found:g}, and the network has places for 0 to {limit - 1}."
            wrong.setdefault(
                row, (reason, "Number its entries as in the data that it learned from.")
            )
    return without(samples, wrong) if wrong else samples


def typed(values: np.ndarray, is_whole: bool, where: str) -> np.ndarray:
    """The values in the type that a network takes: int64 for whole numbers, else float32."""
    if is_whole and values.dtype.kind == "f":
        what = f"{where}: holds fractions, and the network takes whole numbers."
        raise DataError(what, "Store them as integers.")
    return values.astype(np.int64 if is_whole else np.float32, copy=False)
