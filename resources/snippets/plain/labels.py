"""Labels as class numbers, where it is known which classes there are."""

from collections.abc import Sequence

import numpy as np

from resources.snippets.samples import DataError


def class_numbers(where: str, labels: np.ndarray, classes: Sequence[int | str]) -> np.ndarray:
    """The class number of each label, int64; ``classes``: the label of each class, in order."""
    if labels.dtype.kind == "S":
        labels = np.char.decode(labels, "latin-1")
    known = np.array(classes)
    if (labels.dtype.kind == "U") != (known.dtype.kind == "U"):
        what = f"{where}: labels of type {labels.dtype} are none of the classes."
        raise DataError(what, "Store them as the data that this was made for.")
    order = known.argsort()
    places = np.searchsorted(known, labels, sorter=order).clip(max=len(known) - 1)
    numbers: np.ndarray = order[places]
    wrong = labels[known[numbers] != labels]
    if wrong.size:
        raise DataError(f"{where}: label {wrong[0]} is none of the classes.", "Correct the file.")
    return numbers
