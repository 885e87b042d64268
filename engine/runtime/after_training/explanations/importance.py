"""Permutation importance: how much worse a network is without what a column says."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

REPEATS = 5


def permutation_importance(
    error: Callable[[Tensor], float],
    features: Tensor,
    columns: Sequence[Sequence[int]],
    *,
    repeats: int = REPEATS,
    seed: int = 0,
) -> list[float]:
    """The rise of an error when a column is shuffled among the samples, the mean over some repetitions.

    ``columns``: for each of them the places in a sample that it became, such as one for each category; these are
    shuffled together. ``error``: of all samples, lower is better. The same seed gives the same numbers.

    Shapes: features (B, F); ``error`` takes as many.
    Raises: ``ValueError`` for fewer than two samples.
    Source: Breiman 2001, "Random Forests"; Fisher, Rudin and Dominici 2019, "All Models are Wrong, but Many are
    Useful".
    """
    if len(features) < 2:
        raise ValueError(f"shuffling needs at least 2 samples, got {len(features)}")
    generator = torch.Generator().manual_seed(seed)
    before = error(features)
    rises = []
    for places in columns:
        index = torch.tensor(list(places))
        total = 0.0
        for _ in range(repeats):
            order = torch.randperm(len(features), generator=generator)
            shuffled = features.clone()
            shuffled[:, index] = features[order][:, index]
            total += error(shuffled) - before
        rises.append(total / repeats)
    return rises
