"""Transforms of a whole field, fitted on the training samples alone.

In numpy, whose sums do not depend on the number of threads.
"""

from collections.abc import Sequence

import numpy as np

Statistics = dict[str, np.ndarray]


def _axes(values: np.ndarray, per: str, channels: int) -> tuple[int, ...]:
    """The axes to compute statistics over: all but that of the channels, the samples only, or all."""
    if per == "whole":
        return tuple(range(values.ndim))
    return (
        (0,) if per == "value" else tuple(axis for axis in range(values.ndim) if axis != channels)
    )


def fractions(values: np.ndarray) -> np.ndarray:
    """The values as float32, whole numbers too."""
    return values.astype(np.float32, copy=False)


def fit_normalize(values: np.ndarray, per: str = "channel", axis: int = 1) -> Statistics:
    """Mean and standard deviation, shaped to broadcast; a constant channel gets deviation 1, so it becomes 0.

    ``per``: ``channel`` (an entry of ``axis``: a colour of an image, a column of a table), ``value`` (each value of a
    sample) or ``whole`` (one for all).
    """
    values = fractions(values)
    axes = _axes(values, per, axis)
    mean = values.mean(axes, dtype=np.float64, keepdims=True).astype(np.float32)
    variance = np.square(values - mean).mean(axes, dtype=np.float64, keepdims=True)
    deviation = np.sqrt(variance).astype(np.float32)
    return {"mean": mean, "deviation": np.where(deviation > 0, deviation, np.float32(1))}


def normalize(values: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """The values, shifted and scaled so that training samples have mean 0 and standard deviation 1."""
    result: np.ndarray = (fractions(values) - mean) / deviation
    return result


def undo_normalize(values: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """The inverse of `normalize`."""
    result: np.ndarray = values * deviation + mean
    return result


def fit_rescale(
    values: np.ndarray, low: float = 0.0, high: float = 1.0, per: str = "channel", axis: int = 1
) -> Statistics:
    """The factors that map the smallest value to ``low`` and the largest to ``high``; a constant channel to ``low``."""
    values = fractions(values)
    axes = _axes(values, per, axis)
    smallest = values.min(axes, keepdims=True)
    span = values.max(axes, keepdims=True) - smallest
    factor = np.float32(high - low) / np.where(span > 0, span, np.float32(1))
    return {"smallest": smallest, "factor": factor, "low": np.full_like(smallest, low)}


def rescale(
    values: np.ndarray, smallest: np.ndarray, factor: np.ndarray, low: np.ndarray
) -> np.ndarray:
    """The values, mapped to the range; those of other samples may be a little outside."""
    result: np.ndarray = (fractions(values) - smallest) * factor + low
    return result


def undo_rescale(
    values: np.ndarray, smallest: np.ndarray, factor: np.ndarray, low: np.ndarray
) -> np.ndarray:
    """The inverse of `rescale`; the smallest value where a channel is constant."""
    span = np.where(factor == 0, np.float32(np.inf), factor)
    result: np.ndarray = (values - low) / span + smallest
    return result


def fit_fill_missing(values: np.ndarray, widths: Sequence[int] = ()) -> Statistics:
    """The value to fill into each column: the mean of its known values, 0 where it has none.

    A column of only 0 and 1 gets the more frequent of the two. ``widths``: how many columns each column of a table
    became; those of a category get a one for the most frequent category, and zeros.
    """
    is_known = ~np.isnan(values)
    total = np.where(is_known, values, 0).sum(0, dtype=np.float64, keepdims=True)
    count = np.maximum(is_known.sum(0, keepdims=True), 1)
    is_flag = (~is_known | (values == 0) | (values == 1)).all(0, keepdims=True)
    mean = np.where(is_flag, np.round(total / count), total / count).astype(np.float32)
    for start, width in zip(np.cumsum([0, *widths]).tolist(), widths, strict=False):
        if width > 1:
            best = start + int(total[0, start : start + width].argmax())
            mean[0, start : start + width] = 0
            mean[0, best] = total[0, best] > 0
    return {"mean": mean}


def fill_missing(values: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """The values, with that of the column in place of each nan."""
    return np.where(np.isnan(values), mean, values)
