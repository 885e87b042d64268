"""Samples that were read from a file, and the errors for those that cannot be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np


class DataError(ValueError):
    """Data that cannot be used: ``message`` says why, and where; ``hint``: what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message, self.hint = message, hint


def regular_file(path: str | Path) -> Path:
    """The path; refuses a device or a pipe, which may never end. Whether the file exists is not checked."""
    place = Path(path)
    if place.exists() and not (place.is_file() or place.is_dir()):
        message = f"{path} is a device or a pipe, not a file."
        raise DataError(message, "Name a file; what a pipe gives must be saved into one first.")
    return place


@dataclass(frozen=True)
class Refusal:
    """A sample that cannot be used, although others of its file can.

    ``row``: its number among all samples of the file, from 0. ``place``: where it is.
    """

    row: int
    place: str
    reason: str
    hint: str = ""


@dataclass
class Samples:
    """Samples in memory: arrays of equal length by field.

    ``classes``: the names of the classes of each label field. ``places``: where each sample is in the file.
    ``refusals``: the samples of the file that are not among them. ``left_out``: what else was not read.
    """

    fields: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: Sequence[str] = ()
    refusals: Sequence[Refusal] = ()
    left_out: Sequence[str] = ()

    def __len__(self) -> int:
        return len(next(iter(self.fields.values())))

    def place(self, row: int) -> str:
        """Where a sample is: a line, a file, or its number, from 0."""
        return self.places[row] if len(self.places) else f"row {row} (from 0)"


def without(samples: Samples, wrong: Mapping[int, tuple[str, str]]) -> Samples:
    """The samples without those in ``wrong``, which are refused; ``wrong``: a reason and a hint for each."""
    before = {each.row for each in samples.refusals}
    numbers = [row for row in range(len(samples) + len(before)) if row not in before]
    usable = np.array([row for row in range(len(samples)) if row not in wrong], dtype=np.int64)
    refusals = [Refusal(numbers[row], samples.place(row), *why) for row, why in wrong.items()]
    return replace(
        samples,
        fields={name: values[usable] for name, values in samples.fields.items()},
        places=[samples.place(row) for row in usable.tolist()],
        refusals=sorted([*samples.refusals, *refusals], key=lambda each: each.row),
    )


def without_outside(samples: Samples, most: Mapping[str, int]) -> Samples:
    """The samples without those with an integer outside of 0 to ``most`` - 1 of its field."""
    wrong: dict[int, tuple[str, str]] = {}
    for name, limit in most.items():
        values = samples.fields[name].reshape(len(samples), -1)
        for row in np.flatnonzero(((values < 0) | (values >= limit)).any(axis=1)).tolist():
            value = next(value for value in values[row].tolist() if not 0 <= value < limit)
            reason = f"{name} holds {value:g}, and the network has places for 0 to {limit - 1}."
            wrong.setdefault(
                row, (reason, "Number its entries as in the data that it learned from.")
            )
    return without(samples, wrong) if wrong else samples


def as_input(values: np.ndarray, is_whole: bool, where: str) -> np.ndarray:
    """The values in the type that a network takes: int64 where ``is_whole``, else float32."""
    if is_whole and values.dtype.kind == "f":
        message = f"{where} holds fractions, and the network takes whole numbers."
        raise DataError(message, "Store them as integers.")
    return values.astype(np.int64 if is_whole else np.float32, copy=False)
