"""Metrics of numbers: how far predictions are from targets; each is one number, as a tensor without axes."""

import torch
from torch import Tensor

from resources.snippets.metrics.scores import like_input


def mean_absolute_error(input: Tensor, target: Tensor) -> Tensor:
    """Mean absolute difference, in the target's unit."""
    return (input - like_input(target, input)).abs().mean()


def mean_squared_error(input: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference, in the square of the target's unit."""
    return (input - like_input(target, input)).square().mean()


def mean_absolute_percentage_error(input: Tensor, target: Tensor) -> Tensor:
    """Mean of the absolute difference as a share of the target's size: 0.1 is 10 %.

    Targets of 0 have no such share and are left out; where all are 0, it is not a number.
    """
    target = like_input(target, input)
    shares = (input - target).abs() / target.abs()
    counts = target != 0
    return torch.where(counts, shares, 0).sum() / counts.sum()


def root_mean_squared_error(input: Tensor, target: Tensor) -> Tensor:
    """Root of the mean squared difference, in the target's unit."""
    return mean_squared_error(input, target).sqrt()


def peak_signal_noise_ratio(input: Tensor, target: Tensor, data_range: float = 1.0) -> Tensor:
    """10 log10(data_range ** 2 / mean squared difference), in decibels; infinite where nothing differs."""
    return 10 * (data_range**2 / mean_squared_error(input, target)).log10()


def r2_score(input: Tensor, target: Tensor) -> Tensor:
    """Explained share of the target's variance over the samples, averaged over all columns; 1 is perfect.

    A column that does not vary scores 1 where every prediction is exact, else 0.
    """
    target = like_input(target, input)
    missed = (target - input).square().sum(dim=0)
    spread = (target - target.mean(dim=0)).square().sum(dim=0)
    flat = (missed == 0).to(missed.dtype)
    return torch.where(spread > 0, 1 - missed / spread, flat).mean()
