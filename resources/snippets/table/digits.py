"""Numbers with more digits than the single precision in which networks compute."""

import numpy as np

FAR = 1000  # times its range that a column is from zero, before digits can be lacking


def merged_numbers(numbers: np.ndarray) -> str:
    """What is said of numbers of which some become equal in single precision; nothing where none do."""
    known = numbers[np.isfinite(numbers)]
    if not len(known) or not 0 < FAR * (known.max() - known.min()) < abs(known).max() < 3e38:
        return ""
    different, left = len(np.unique(known)), len(np.unique(known.astype(np.float32)))
    if left == different:
        return ""
    return (
        f"holds {different:,} different numbers, of which only {left:,} differ in the seven digits "
        "that a network computes with"
    )
