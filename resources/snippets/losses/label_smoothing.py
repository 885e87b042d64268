"""Losses whose targets are moved away from certainty."""

import torch.nn.functional as F
from torch import Tensor


def smoothed_binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
    label_smoothing: float = 0.0,
) -> Tensor:
    """`F.binary_cross_entropy_with_logits` with targets of 0 and 1 moved towards 1/2.

    ``label_smoothing``: 0 moves nothing, 1 makes every target 1/2.
    """
    smooth = target * (1 - label_smoothing) + label_smoothing / 2
    return F.binary_cross_entropy_with_logits(
        input, smooth, weight, reduction=reduction, pos_weight=pos_weight
    )
