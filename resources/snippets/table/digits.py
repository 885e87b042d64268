"""Numbers with more digits than the single precision in which networks compute."""

import numpy as np

FAR = 1000  # times its range that a column is from zero, before digits can be lacking


def merged_numbers(numbers: np.ndarray) -> str:
    """What is said of numbers of which some become equal in single precision; nothing where none do."""
    low, high = float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))  # without nan
    if not 0 < FAR * (high - low) < max(abs(low), abs(high)) < 3e38:
        return ""
    known = numbers[~np.isnan(numbers)]
    different, left = len(np.unique(known)), len(np.unique(known.astype(np.float32)))
    if left == different:
        return ""
    return (
        f"holds {different:,} different numbers, of which only {left:,} differ in the seven digits "
        "that a network computes with"
    )
