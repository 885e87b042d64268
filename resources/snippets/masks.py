"""Masks that say which positions of a sequence may not see which."""

import torch
from torch import Tensor


def causal_mask(input: Tensor) -> Tensor:
    """The mask (T, T) of a sequence (B, T, ...): true where the column lies in the row's future."""
    steps = input.shape[1]
    return torch.ones(steps, steps, dtype=torch.bool, device=input.device).triu(1)


def padding_mask(lengths: Tensor, input: Tensor) -> Tensor:
    """The mask (B, T) of sequences (B, T, ...) with these lengths (B): true behind the end of each."""
    places = torch.arange(input.shape[1], device=input.device)
    return places >= lengths.unsqueeze(-1)
