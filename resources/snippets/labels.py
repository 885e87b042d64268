"""Class numbers and class names, checked."""

from collections.abc import Sequence

import numpy as np

from resources.snippets.rows import DataError

MOST_CLASSES = 1_000_000


def check_labels(labels: np.ndarray, classes: int, where: str) -> None:
    """Refuse a label below 0 or not below ``classes`` (0: as many as the largest label says)."""
    most = classes or MOST_CLASSES
    wrong = np.flatnonzero(((labels < 0) | (labels >= most)).reshape(len(labels), -1).any(axis=1))
    if len(wrong):
        row = labels[wrong[0]].reshape(-1)
        found = row[(row < 0) | (row >= most)][0]
        raise DataError(
            f"{where}, row {wrong[0]} (from 0): label {found} is outside the classes 0 to {most - 1}.",
            "Number the classes from 0" + (", and name as many as there are." if classes else "."),
        )


def class_names_of(labels: np.ndarray, given: Sequence[str]) -> tuple[str, ...]:
    """The given names, else the numbers up to the largest label."""
    return tuple(given) or tuple(str(number) for number in range(int(labels.max(initial=0)) + 1))


def text_labels(
    texts: np.ndarray, given: Sequence[str], where: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers of text labels, and the names: the given ones, else those that occur, in alphabetical order."""
    found = np.char.decode(texts, "latin-1") if texts.dtype.kind == "S" else texts
    names = tuple(given) or tuple(np.unique(found).tolist())
    number = {name: place for place, name in enumerate(names)}
    for row, text in enumerate(found.tolist()):
        if text not in number:
            raise DataError(
                f"{where}, row {row} (from 0): label {text!r} is not one of the classes {', '.join(names)}."
            )
    return np.array([number[text] for text in found.tolist()], dtype=np.int64), names
