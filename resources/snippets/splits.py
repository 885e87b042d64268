"""Which samples train, which validate, which test."""

import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np


def split_samples(
    samples: int, labels: np.ndarray | None, *, validation: float, test: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The numbers of the training, validation and test samples, each ascending; together every sample once.

    ``validation`` and ``test`` are shares of all samples. With ``labels``, each class is shared out alike: its count in
    a part is the exact share, rounded up or down, and at least one sample of every class trains.
    """
    held = [Fraction(str(validation)), Fraction(str(test))]  # exact: 0.1 of 30 is 3
    shares = [Fraction(1) - sum(held), *held]
    # Only random() is promised to give the same numbers in every version of Python.
    draw = random.Random(seed).random
    keys = np.array([draw() for _ in range(samples)])
    groups = [np.arange(samples)]
    if labels is not None:
        groups = [np.flatnonzero(labels == kind) for kind in np.unique(labels)]
    parts: list[list[np.ndarray]] = [[], [], []]
    owed = [Fraction(0)] * 3  # samples that rounding has so far kept from each part
    for group in groups:
        shuffled = group[np.argsort(keys[group], kind="stable")]
        start = 0
        for part, count in enumerate(part_counts(len(group), shares, owed)):
            parts[part].append(shuffled[start : start + count])
            start += count
    train, validate, tested = (np.sort(np.concatenate([*part, np.arange(0)])) for part in parts)
    return train, validate, tested


def part_sizes(
    groups: Sequence[int], *, validation: float = 0.2, test: float = 0.0
) -> tuple[int, int, int]:
    """How many samples `split_samples` gives to training, validation and test.

    ``groups``: the samples of each class, in the order of the labels; a single number where classes are not shared out.
    """
    held = [Fraction(str(validation)), Fraction(str(test))]
    shares, owed = [Fraction(1) - sum(held), *held], [Fraction(0)] * 3
    train, validate, tested = map(
        sum, zip(*(part_counts(size, shares, owed) for size in groups), strict=True)
    )
    return train, validate, tested


def part_counts(samples: int, shares: list[Fraction], owed: list[Fraction]) -> list[int]:
    """Share out one class: whole shares first, then each sample left over to the part that is owed most."""
    exact = [samples * share for share in shares]
    counts = [int(share) for share in exact]
    for part in range(3):
        owed[part] += exact[part] - counts[part]
    uneven = [part for part in range(3) if exact[part] != counts[part]]
    # A class without a training sample comes first.
    uneven.sort(key=lambda part: (part != 0 or counts[0] > 0, -owed[part]))
    for part in uneven[: samples - sum(counts)]:
        counts[part] += 1
        owed[part] -= 1
    return counts
