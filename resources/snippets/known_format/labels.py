"""Labels as class numbers, when the classes are known."""

from collections.abc import Sequence

import numpy as np

from resources.snippets.samples import DataError


def class_numbers(where: str, labels: np.ndarray, classes: Sequence[int | str]) -> np.ndarray:
    """The class number of each label, int64; ``classes``: the label of each class, in order."""
    if labels.dtype.kind == "S":
        labels = np.char.decode(labels, "latin-1")
    class_labels = np.array(classes)
    if (labels.dtype.kind == "U") != (class_labels.dtype.kind == "U"):
        message = f"{where}: labels of type {labels.dtype} are none of the classes."
        raise DataError(message, "Store them as the data that this was made for.")
    order = class_labels.argsort()
    places = np.searchsorted(class_labels, labels, sorter=order).clip(max=len(class_labels) - 1)
    numbers: np.ndarray = order[places]
    wrong = labels[class_labels[numbers] != labels]
    if wrong.size:
        raise DataError(f"{where}: label {wrong[0]} is none of the classes.", "Correct the file.")
    return numbers
