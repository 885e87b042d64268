"""The split of samples into training, validation and test."""

import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np


def split_samples(
    samples: int, labels: np.ndarray | None, *, validation: float, test: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The indices of the training, validation and test samples, each ascending; together every sample once.

    ``validation`` and ``test`` are shares of all samples. With ``labels``, each class is split in these shares: its
    count in a part is the exact share, rounded up or down, and every class has at least one training sample.
    """
    other_shares = [Fraction(str(validation)), Fraction(str(test))]  # exact: 0.1 of 30 is 3
    shares = [Fraction(1) - sum(other_shares), *other_shares]
    # Of the module random, only random() gives the same numbers in every version of Python.
    draw = random.Random(seed).random
    keys = np.array([draw() for _ in range(samples)])
    strata = [np.arange(samples)]
    if labels is not None:
        strata = [np.flatnonzero(labels == kind) for kind in np.unique(labels)]
    parts: list[list[np.ndarray]] = [[], [], []]
    deficits = [Fraction(0)] * 3  # samples that each part lacks so far because of rounding
    for stratum in strata:
        shuffled = stratum[np.argsort(keys[stratum], kind="stable")]
        start = 0
        for part, count in enumerate(part_counts(len(stratum), shares, deficits)):
            parts[part].append(shuffled[start : start + count])
            start += count
    first, second, third = (np.sort(np.concatenate([*part, np.arange(0)])) for part in parts)
    return first, second, third


def split_in_time(
    samples: int, gap: int, *, validation: float, test: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The indices of the training, validation and test samples: the first, the next and the last ones.

    ``gap``: how many samples are left out between two parts.
    """
    sizes = [int(samples * Fraction(str(share))) for share in (validation, test)]
    test_start = samples - sizes[1]
    validation_end = test_start - gap * bool(sizes[1])
    validation_start = validation_end - sizes[0]
    end = max(0, validation_start - gap * bool(sizes[0]))
    return (
        np.arange(end),
        np.arange(max(0, validation_start), max(0, validation_end)),
        np.arange(test_start, samples),
    )


def split_groups(
    groups: np.ndarray, *, validation: float, test: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The indices of the samples of each part, all of a group in the same one: the shares are those of the groups.

    ``groups``: int64 (samples), the number of the group of each sample.
    """
    numbers, group_of = np.unique(groups, return_inverse=True)
    parts = split_samples(len(numbers), None, validation=validation, test=test, seed=seed)
    first, second, third = (np.flatnonzero(np.isin(group_of, part)) for part in parts)
    return first, second, third


def part_sizes(
    groups: Sequence[int], *, validation: float = 0.2, test: float = 0.0
) -> tuple[int, int, int]:
    """The numbers of training, validation and test samples of `split_samples`.

    ``groups``: the number of samples of each class, in the order of the labels; one number where nothing is stratified.
    """
    other_shares = [Fraction(str(validation)), Fraction(str(test))]
    shares, deficits = [Fraction(1) - sum(other_shares), *other_shares], [Fraction(0)] * 3
    train_size, validation_size, test_size = map(
        sum, zip(*(part_counts(size, shares, deficits) for size in groups), strict=True)
    )
    return train_size, validation_size, test_size


def part_counts(samples: int, shares: list[Fraction], deficits: list[Fraction]) -> list[int]:
    """The number of samples of one class in each part.

    It is the part's share, rounded down; leftover samples go to the part with the largest deficit.
    """
    exact = [samples * share for share in shares]
    counts = [int(share) for share in exact]
    for part in range(3):
        deficits[part] += exact[part] - counts[part]
    uneven = [part for part in range(3) if exact[part] != counts[part]]
    # A class without a training sample comes first.
    uneven.sort(key=lambda part: (part != 0 or counts[0] > 0, -deficits[part]))
    for part in uneven[: samples - sum(counts)]:
        counts[part] += 1
        deficits[part] -= 1
    return counts
