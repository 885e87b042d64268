"""Masks that say which positions of a sequence may not see which."""

import torch
from torch import Tensor


def causal_mask(input: Tensor) -> Tensor:
    """The mask (T, T) of a sequence (B, T, ...): true where the column lies in the row's future."""
    steps = input.shape[1]
    return torch.ones(steps, steps, dtype=torch.bool, device=input.device).triu(1)
