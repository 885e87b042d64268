"""Numbers with more digits than the single precision of networks."""

import numpy as np

FAR = (
    1000  # distance of a column from zero, in multiples of its range, from which digits can be lost
)


def merged_numbers(numbers: np.ndarray) -> str:
    """A text about numbers of which some become equal in single precision; empty where none do."""
    low, high = float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))  # without nan
    if not 0 < FAR * (high - low) < max(abs(low), abs(high)) < 3e38:
        return ""
    values = numbers[~np.isnan(numbers)]
    different, distinguishable = len(np.unique(values)), len(np.unique(values.astype(np.float32)))
    if distinguishable == different:
        return ""
    return (
        f"holds {different:,} different numbers, of which only {distinguishable:,} differ in the seven digits "
        "that a network computes with"
    )
