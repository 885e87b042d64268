"""What large weights cost."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def penalized(model: nn.Module) -> list[nn.Parameter]:
    """The parameters that pay: weights of two axes or more, not biases and the scales of normalization."""
    return [weight for weight in model.parameters() if weight.dim() > 1 and weight.requires_grad]


def penalty(weights: Sequence[Tensor], l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """``l1`` times the sum of all absolute values, plus ``l2`` times the sum of all squares."""
    terms = [l1 * weight.abs().sum() for weight in weights] if l1 else []
    terms += [l2 * weight.square().sum() for weight in weights] if l2 else []
    return torch.stack(terms).sum() if terms else torch.zeros(())
