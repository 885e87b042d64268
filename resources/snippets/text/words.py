"""The characters or words of a text as numbers: 0 fills up short texts, 1 is what is not in the vocabulary."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

PADDING, UNKNOWN, FIRST = 0, 1, 2
WORD = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]")
"""A word, or a sign such as a comma."""


def units_of(text: str, how: Mapping[str, Any]) -> list[str]:
    """The characters or words of a text, at most ``length`` of them, from its start or its end."""
    if how["lower"]:
        text = text.lower()
    units = list(text) if how["units"] == "characters" else WORD.findall(text)
    length = how["length"]
    return units[:length] if how["keep"] == "start" else units[-length:]


def text_numbers(texts: Iterable[str], how: Mapping[str, Any]) -> np.ndarray:
    """The numbers of the units of each text, int64 (texts, length).

    ``how``: ``units`` (characters or words), ``length``, ``lower``, ``keep`` (start or end), and ``vocabulary``, the
    units that are numbered from 2 on.
    """
    numbers = {unit: number for number, unit in enumerate(how["vocabulary"], FIRST)}
    return padded(
        [[numbers.get(unit, UNKNOWN) for unit in units_of(text, how)] for text in texts],
        how["length"],
    )


def padded(rows: Sequence[Sequence[int]], length: int) -> np.ndarray:
    """Rows of at most ``length`` numbers as int64 (rows, length), short ones with 0 at the end."""
    result = np.zeros((len(rows), length), dtype=np.int64)
    for row, numbers in zip(result, rows, strict=True):
        row[: len(numbers)] = numbers
    return result
