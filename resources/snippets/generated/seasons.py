"""Hourly measurements with a daily and a weekly pattern, and what follows them."""

import numpy as np

from resources.snippets.samples import Samples

DAY, WEEK = 24, 168  # hours


def seasonal_series(
    rows: int = 1500, window: int = 168, horizon: int = 24, noise: float = 0.1, seed: int = 0
) -> Samples:
    """Series float32 (samples, window, 1), and the target float32 (samples, horizon), the values that follow.

    Each sample is a series of its own, so no value of one part of the split is in another: a trend, a daily and a
    weekly wave of random height and phase, and errors that last for some hours. ``noise``: the standard deviation of
    each hour's new error, where the daily wave is about 1 high.
    """
    generator = np.random.default_rng(seed)
    hours = np.arange(window + horizon)
    values = (
        generator.normal(0.0, 1.0, (rows, 1)) + generator.normal(0.0, 0.5, (rows, 1)) * hours / WEEK
    )
    for period, height in ((DAY, 1.0), (DAY / 2, 0.4), (WEEK, 0.6)):
        phase = generator.uniform(0.0, 2 * np.pi, (rows, 1))
        values += (
            height
            * generator.uniform(0.5, 1.5, (rows, 1))
            * np.sin(2 * np.pi * hours / period + phase)
        )
    error = np.zeros((rows, 1))
    for hour in hours:
        error = 0.8 * error + generator.normal(0.0, noise, error.shape)
        values[:, hour : hour + 1] += error
    values = values.astype(np.float32)
    return Samples({"series": values[:, :window, None], "target": values[:, window:]})
