"""What every loader returns, and how it says that data is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Guess:
    """What a reader assumed about the data and may be wrong about.

    ``message``: what was read as what, with place and count. ``hint``: what to do when that is wrong.
    ``param``: the parameter of the data that decides it. ``value``: the whole value of that parameter that a one-click
    fix sets; ``None`` when no single value is the right one. ``label``: the text of that fix.
    """

    message: str
    hint: str = ""
    param: str = ""
    value: object = None
    label: str = ""


class DataError(ValueError):
    """The data is not as asked: ``message`` says where; ``hint``, and ``remedy``, a `Guess`, what to do."""

    def __init__(self, message: str, hint: str = "", remedy: object = None) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
        self.remedy: Any = remedy


def regular(path: str | Path) -> Path:
    """The path, unless a device or a pipe lies there, which may never end.

    Raises: `DataError`; what is not there at all, or is a folder, is left to whoever opens it.
    """
    place = Path(path)
    if place.exists() and not (place.is_file() or place.is_dir()):
        raise DataError(
            f"{path}: is a device or a pipe, not a file.",
            "Name a file; what a pipe gives must be saved into one first.",
        )
    return place


def typed(values: np.ndarray, is_whole: bool, where: str) -> np.ndarray:
    """The values in the type that a network takes: int64 for whole numbers, else float32."""
    if is_whole and values.dtype.kind == "f":
        raise DataError(
            f"{where}: holds fractions, and the network takes whole numbers.",
            "Store them as integers.",
        )
    return values.astype(np.int64 if is_whole else np.float32, copy=False)


@dataclass(frozen=True)
class Refused:
    """A sample that the network cannot be asked about, where others of its file can.

    ``row``: its number among all samples of the file, from 0. ``place``: where it is.
    """

    row: int
    place: str
    reason: str
    hint: str = ""


@dataclass
class Rows:
    """A data set in memory: arrays whose first axis is the row, all of the same length.

    ``classes``: for each label field, its class names; label ``i`` is the ``i``-th name.
    ``places``: where each row came from, for messages. ``columns``: for a table, each feature column with its
    categories, if any.
    ``missing``: for a table, how many values of each column the file lacks. ``dropped``: rows left out for that.
    ``roles``: for a table, what each of its columns was read as, in words (``number``, ``category of 5``, ``target``).
    ``left_out``: columns or files that were not read, each with the reason. ``scaled``: what the reader itself changed,
    such as bytes divided by 255. ``guesses``: what it assumed. ``decisions``: how it treated the files, in its own
    terms; a run records them, so that new files are read in the same way. ``refused``: samples of a file for prediction
    that are not among the rows. ``measure``: of a table, what is written beside the numbers of its target, such as %.
    ``form``: of a table, what `read_known_table` takes to read it again.
    """

    fields: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: Sequence[str] = ()
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    scaled: Sequence[str] = ()
    guesses: Sequence[Guess] = ()
    decisions: Mapping[str, object] = field(default_factory=dict)
    refused: Sequence[Refused] = ()
    measure: str = ""
    form: Mapping[str, object] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.fields.values())))

    def place(self, row: int) -> str:
        """Where the row came from: a line, a file, or its number, from 0."""
        return self.places[row] if len(self.places) else f"row {row} (from 0)"


def without(rows: Rows, wrong: Mapping[int, tuple[str, str]]) -> Rows:
    """The rows without those that are wrong, which are refused; ``wrong``: a reason and a hint for each."""
    if not wrong:
        return rows
    before = {each.row for each in rows.refused}
    numbers = [row for row in range(len(rows) + len(before)) if row not in before]
    kept = np.array([row for row in range(len(rows)) if row not in wrong], dtype=np.int64)
    refused = [Refused(numbers[row], rows.place(row), *told) for row, told in wrong.items()]
    return replace(
        rows,
        fields={name: values[kept] for name, values in rows.fields.items()},
        places=[rows.place(row) for row in kept.tolist()],
        refused=sorted([*rows.refused, *refused], key=lambda each: each.row),
    )


def without_outside(rows: Rows, most: Mapping[str, int]) -> Rows:
    """The rows without those that hold a whole number below 0, or not below the ``most`` of its field."""
    wrong: dict[int, tuple[str, str]] = {}
    for name, limit in most.items():
        values = rows.fields[name].reshape(len(rows), -1)
        for row in np.flatnonzero(((values < 0) | (values >= limit)).any(axis=1)).tolist():
            found = next(value for value in values[row].tolist() if not 0 <= value < limit)
            told = f"{name} holds {found:g}, and the network has places for 0 to {limit - 1}."
            wrong.setdefault(row, (told, "Number its entries as in the data that it learned from."))
    return without(rows, wrong)
