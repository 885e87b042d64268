"""Class numbers and class names of stored labels, checked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from resources.snippets.plain.labels import class_numbers
from resources.snippets.rows import Guess, MendableError
from resources.snippets.samples import DataError

MOST_CLASSES = 1_000_000
MOST_FOUND = 10_000  # different numbers that become classes because they occur
LABELS_AT_ONCE = 2**20
NEAR = 2**16  # apart, so that counting them takes little memory
MOST_NAMED = 5  # numbers that a message lists


@dataclass(frozen=True)
class Classes:
    """How stored labels become class numbers from 0.

    ``names``: of the classes. ``counts``: how many labels each has. ``stored``: the label of each class in the file.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    stored: Sequence[int | str]
    guesses: tuple[Guess, ...] = ()

    @property
    def occurring(self) -> int:
        """How many classes have labels."""
        return sum(count > 0 for count in self.counts)

    def numbered(self, labels: np.ndarray) -> np.ndarray:
        """The class numbers of labels, int64."""
        if isinstance(self.stored, range):  # they are the class numbers
            return labels.astype(np.int64)
        return class_numbers("", labels, self.stored)


def find_classes(
    parts: Iterable[np.ndarray],
    names: Sequence[str] = (),
    numbering: str = "auto",
    where: str = "",
    row_size: int = 1,
    short: str = "",
) -> Classes:
    """The classes of labels that come part by part, so that no more than one part is in memory.

    ``numbering``: ``stored`` labels are the class numbers; ``found``, each value that occurs is a class, in ascending
    order; ``auto``, stored, but found for -1 and 1, and where ``names`` has as many names as labels occur. Fractions
    must be whole numbers; text is put into alphabetical order.
    ``row_size``: how many labels belong to a row, for messages. ``where``: what errors name, and ``short``, guesses.
    """
    counts, first = _label_counts(parts, where, row_size)
    if any(isinstance(value, str) for value in counts):
        return _of_text(counts, first, names, where)
    found = sorted(int(value) for value in counts)
    is_beyond = bool(names) and found[-1] >= len(names) == len(found)
    if numbering == "found" or (numbering == "auto" and (found == [-1, 1] or is_beyond)):
        return _of_found(found, counts, names, where)
    classes = _of_stored(counts, first, names, where)
    empty = [] if names else [number for number, count in enumerate(classes.counts) if not count]
    if empty and numbering == "auto":
        return replace(classes, guesses=(_gaps(found, empty, short or where),))
    return classes


def _comparable(labels: np.ndarray) -> np.ndarray:
    return np.char.decode(labels, "latin-1") if labels.dtype.kind == "S" else labels


def _label_counts(
    parts: Iterable[np.ndarray], where: str, row_size: int
) -> tuple[dict[int | str, int], dict[int | str, int]]:
    """How often each label occurs, and in which row first."""
    counts: dict[int | str, int] = {}
    first: dict[int | str, int] = {}
    seen = 0
    for flat in _slices(parts):
        if flat.dtype.kind == "f":
            _refuse_fractions(flat, where, seen, row_size)
        values, often = _different(flat)
        if len(counts) + len(values) > MOST_CLASSES:
            raise _too_many(where, f"more than {MOST_CLASSES:,}")
        is_known = [_key(value) in counts for value in values.tolist()]
        if not all(is_known):
            places = np.unique(flat, return_index=True)[1].tolist()
            for value, place in zip(values.tolist(), places, strict=True):
                first.setdefault(_key(value), (seen + place) // row_size)
        for value, count in zip(values.tolist(), often.tolist(), strict=True):
            counts[_key(value)] = counts.get(_key(value), 0) + count
        seen += len(flat)
    return counts, first


def _key(value: float | str) -> int | str:
    return value if isinstance(value, str) else int(value)


def _different(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different labels in ascending order, and how often each occurs; whole numbers near each other are counted."""
    if flat.dtype.kind in "iu" and flat.size:
        low = int(flat.min())
        if int(flat.max()) - low < NEAR:
            counts = np.bincount((flat.astype(np.int64) - low).ravel())
            places = np.flatnonzero(counts)
            return places + low, counts[places]
    return np.unique(flat, return_counts=True)


def _slices(parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The labels, so few at a time that sorting them takes little memory."""
    for part in parts:
        flat = part.reshape(-1)
        for start in range(0, len(flat), LABELS_AT_ONCE):
            yield _comparable(flat[start : start + LABELS_AT_ONCE])


def _refuse_fractions(flat: np.ndarray, where: str, seen: int, row_size: int) -> None:
    wide = flat.astype(np.float64)
    wrong = np.flatnonzero(~np.isfinite(wide) | (wide != np.floor(wide)) | (abs(wide) > 2**53))
    if len(wrong):
        raise DataError(
            f"{where}, row {(seen + wrong[0]) // row_size} (from 0): {flat[wrong[0]]:g} is not a class number.",
            "Labels are whole numbers or text. Leave label empty to read fractions as numbers to predict.",
        )


def _too_many(where: str, many: str) -> DataError:
    return DataError(
        f"{where}: {many} different labels are too many to be classes.",
        "Name the array in numbers to read numbers to predict.",
    )


def _of_text(
    counts: dict[int | str, int], first: dict[int | str, int], names: Sequence[str], where: str
) -> Classes:
    texts = sorted(str(value) for value in counts)
    order = list(names) or texts
    number = {name: place for place, name in enumerate(order)}
    if len(number) < len(order):
        raise DataError(f"{where}: class_names has a name twice.", "Give each class its own name.")
    for text in sorted(set(texts) - number.keys(), key=lambda text: first[text]):
        raise DataError(
            f"{where}, row {first[text]} (from 0): label {text!r} is not one of the classes {', '.join(order)}.",
            "Correct class_names, or leave it empty.",
        )
    often = tuple(counts.get(name, 0) for name in order)
    return Classes(tuple(order), often, tuple(order))


def _of_found(
    found: list[int], counts: dict[int | str, int], names: Sequence[str], where: str
) -> Classes:
    if len(found) > MOST_FOUND:
        raise _too_many(where, f"{len(found):,}")
    if names and len(names) != len(found):
        raise DataError(
            f"{where}: {len(found)} different labels occur ({_listed(found)}), but class_names has {len(names)}.",
            "Name as many classes as occur, in the order of their numbers, or none.",
        )
    texts = tuple(names) or tuple(map(str, found))
    return Classes(texts, tuple(counts[value] for value in found), tuple(found))


def _of_stored(
    counts: dict[int | str, int],
    first: dict[int | str, int],
    names: Sequence[str],
    where: str,
) -> Classes:
    found = sorted(int(value) for value in counts)
    most = len(names) or MOST_CLASSES
    wrong = [value for value in found if not 0 <= value < most]
    if wrong:
        value = min(wrong, key=lambda value: first[value])
        beyond = (
            "no class number: it is below 0" if value < 0 else "no class number: it is too large"
        )
        beyond = f"outside the classes 0 to {most - 1}" if names else beyond
        raise MendableError(
            f"{where}, row {first[value]} (from 0): label {value} is {beyond}.",
            "Number the classes from 0"
            + (", and name as many as there are." if names else ", or set numbering to found.")
            + (" Leave out rows without a label." if value < 0 else ""),
            None if names else _remedy(found),
        )
    texts = tuple(names) or tuple(map(str, range(found[-1] + 1)))
    often = tuple(counts.get(number, 0) for number in range(len(texts)))
    return Classes(texts, often, range(len(texts)))


def _gaps(found: list[int], empty: list[int], where: str) -> Guess:
    which = (
        f"class {empty[0]} has"
        if len(empty) == 1
        else f"{len(empty)} of the classes ({_listed(empty)}) have"
    )
    return Guess(
        f"{where}: the labels are {len(found)} different numbers, {found[0]} to {found[-1]}, so {which} no samples.",
        "With numbering found each number that occurs is a class, numbered from 0. "
        "Set numbering to stored if a class has no samples in this file.",
        "numbering",
        "found",
        _remedy(found).label,
    )


def _remedy(found: list[int]) -> Guess:
    label = f"Number the {len(found)} classes from 0"
    return Guess("", "", "numbering", "found", label)


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:MOST_NAMED]))
    return f"{shown}, ..." if len(numbers) > MOST_NAMED else shown
