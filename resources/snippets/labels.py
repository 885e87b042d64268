"""Class numbers and class names of stored labels, checked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from resources.snippets.known_format.labels import class_numbers
from resources.snippets.load_result import FixableError, Guess, SettingFix
from resources.snippets.samples import DataError

MAX_CLASSES = 1_000_000
MAX_FOUND = 10_000  # different numbers that become classes because they occur
LABELS_AT_ONCE = 2**20
NEAR = 2**16  # the range of whole numbers that are counted in little memory
MAX_NAMED = 5  # numbers that a message lists


@dataclass(frozen=True)
class Classes:
    """How stored labels become class numbers from 0.

    ``names``: those of the classes. ``counts``: the number of labels of each. ``stored``: the label of each class in
    the file.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    stored: Sequence[int | str]
    guesses: tuple[Guess, ...] = ()

    @property
    def occurring(self) -> int:
        """The number of classes that have labels."""
        return sum(count > 0 for count in self.counts)

    def numbers_of(self, labels: np.ndarray) -> np.ndarray:
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
    """The classes of labels that come in parts, so that no more than one part is in memory.

    ``numbering``: ``stored``, labels are the class numbers; ``found``, each value that occurs is a class, in ascending
    order; ``auto``, stored, but found for -1 and 1, and where ``names`` has as many names as labels occur. Fractions
    must be whole numbers; text is sorted alphabetically.
    ``row_size``: the number of labels of a sample, for messages. ``where``: the place in errors; ``short``: in guesses.
    """
    counts, first = _label_counts(parts, where, row_size)
    if any(isinstance(value, str) for value in counts):
        return _classes_of_text(counts, first, names, where)
    numbers = sorted(int(value) for value in counts)
    is_beyond = bool(names) and numbers[-1] >= len(names) == len(numbers)
    if numbering == "found" or (numbering == "auto" and (numbers == [-1, 1] or is_beyond)):
        return _classes_that_occur(numbers, counts, names, where)
    classes = _classes_as_stored(counts, first, names, where)
    empty = [] if names else [number for number, count in enumerate(classes.counts) if not count]
    if empty and numbering == "auto":
        return replace(classes, guesses=(_gap_guess(numbers, empty, short or where),))
    return classes


def _comparable(labels: np.ndarray) -> np.ndarray:
    return np.char.decode(labels, "latin-1") if labels.dtype.kind == "S" else labels


def _label_counts(
    parts: Iterable[np.ndarray], where: str, row_size: int
) -> tuple[dict[int | str, int], dict[int | str, int]]:
    """How often each label occurs, and in which sample first."""
    counts: dict[int | str, int] = {}
    first: dict[int | str, int] = {}
    start = 0
    for flat in _slices(parts):
        if flat.dtype.kind == "f":
            _refuse_fractions(flat, where, start, row_size)
        values, often = _different(flat)
        if len(counts) + len(values) > MAX_CLASSES:
            raise _too_many(where, f"more than {MAX_CLASSES:,}")
        is_known = [_key(value) in counts for value in values.tolist()]
        if not all(is_known):
            places = np.unique(flat, return_index=True)[1].tolist()
            for value, place in zip(values.tolist(), places, strict=True):
                first.setdefault(_key(value), (start + place) // row_size)
        for value, count in zip(values.tolist(), often.tolist(), strict=True):
            counts[_key(value)] = counts.get(_key(value), 0) + count
        start += len(flat)
    return counts, first


def _key(value: float | str) -> int | str:
    return value if isinstance(value, str) else int(value)


def _different(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different labels in ascending order, and how often each occurs; faster for whole numbers near each other."""
    if flat.dtype.kind in "iu" and flat.size:
        low = int(flat.min())
        if int(flat.max()) - low < NEAR:
            counts = np.bincount((flat.astype(np.int64) - low).ravel())
            places = np.flatnonzero(counts)
            return places + low, counts[places]
    return np.unique(flat, return_counts=True)


def _slices(parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The labels in parts that are small enough to be sorted in little memory."""
    for part in parts:
        flat = part.reshape(-1)
        for start in range(0, len(flat), LABELS_AT_ONCE):
            yield _comparable(flat[start : start + LABELS_AT_ONCE])


def _refuse_fractions(flat: np.ndarray, where: str, start: int, row_size: int) -> None:
    wide = flat.astype(np.float64)
    wrong = np.flatnonzero(~np.isfinite(wide) | (wide != np.floor(wide)) | (abs(wide) > 2**53))
    if len(wrong):
        raise DataError(
            f"{where}, row {(start + wrong[0]) // row_size} (from 0): {flat[wrong[0]]:g} is not a class number.",
            "Labels are whole numbers or text. Leave label empty to read fractions as numbers to predict.",
        )


def _too_many(where: str, many: str) -> DataError:
    return DataError(
        f"{where}: {many} different labels are too many to be classes.",
        "Name the array in numbers to read numbers to predict.",
    )


def _classes_of_text(
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


def _classes_that_occur(
    numbers: list[int], counts: dict[int | str, int], names: Sequence[str], where: str
) -> Classes:
    if len(numbers) > MAX_FOUND:
        raise _too_many(where, f"{len(numbers):,}")
    if names and len(names) != len(numbers):
        raise DataError(
            f"{where}: {len(numbers)} different labels occur ({_enumeration(numbers)}), "
            f"but class_names has {len(names)}.",
            "Name as many classes as occur, in the order of their numbers, or none.",
        )
    texts = tuple(names) or tuple(map(str, numbers))
    return Classes(texts, tuple(counts[value] for value in numbers), tuple(numbers))


def _classes_as_stored(
    counts: dict[int | str, int],
    first: dict[int | str, int],
    names: Sequence[str],
    where: str,
) -> Classes:
    numbers = sorted(int(value) for value in counts)
    most = len(names) or MAX_CLASSES
    wrong = [value for value in numbers if not 0 <= value < most]
    if wrong:
        value = min(wrong, key=lambda value: first[value])
        beyond = (
            "not a class number: it is below 0"
            if value < 0
            else "not a class number: it is too large"
        )
        beyond = f"outside the classes 0 to {most - 1}" if names else beyond
        raise FixableError(
            f"{where}, row {first[value]} (from 0): label {value} is {beyond}.",
            "Number the classes from 0"
            + (", and name as many as there are." if names else ", or set numbering to found.")
            + (" Leave out rows without a label." if value < 0 else ""),
            None if names else _remedy(numbers),
        )
    texts = tuple(names) or tuple(map(str, range(numbers[-1] + 1)))
    often = tuple(counts.get(number, 0) for number in range(len(texts)))
    return Classes(texts, often, range(len(texts)))


def _gap_guess(numbers: list[int], empty: list[int], where: str) -> Guess:
    which = (
        f"class {empty[0]} has"
        if len(empty) == 1
        else f"{len(empty)} of the classes ({_enumeration(empty)}) have"
    )
    return Guess(
        f"{where}: the labels are {len(numbers)} different numbers, {numbers[0]} to {numbers[-1]}, "
        f"so {which} no samples.",
        "With numbering found each number that occurs is a class, numbered from 0. "
        "Set numbering to stored if a class has no samples in this file.",
        "numbering",
        "found",
        _remedy(numbers).label,
    )


def _remedy(numbers: list[int]) -> SettingFix:
    label = f"Number the {len(numbers)} classes from 0"
    return SettingFix("numbering", "found", label)


def _enumeration(numbers: list[int]) -> str:
    text = ", ".join(map(str, numbers[:MAX_NAMED]))
    return f"{text}, ..." if len(numbers) > MAX_NAMED else text
