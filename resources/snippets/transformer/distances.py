"""Numbers added to the scores of attention, which depend on how far a key is from a query."""

import math

import torch
from torch import Tensor, nn


def alibi_bias(input: Tensor, num_heads: int, is_causal: bool = False) -> Tensor:
    """Minus the distance of query and key, times a slope of each head: (H, T, T) for sequences (B, T, ...).

    Source: Press et al. 2022, and their code for a number of heads that is no power of 2. ``is_causal``: minus
    infinity for later keys.
    """
    power = 2 ** math.floor(math.log2(num_heads))
    slopes = [2.0 ** (-8 * (head + 1) / power) for head in range(power)]
    slopes += [2.0 ** (-4 * (2 * head + 1) / power) for head in range(num_heads - power)]
    offsets = key_offsets(input)
    bias = -torch.tensor(slopes, device=input.device)[:, None, None] * offsets.abs()
    return bias.masked_fill(offsets > 0, -math.inf) if is_causal else bias


class RelativePositionBias(nn.Module):
    """A learned number for each head and distance of query and key: (H, T, T) for sequences (B, T, ...).

    Source: Raffel et al. 2020, with the clipped distances of Shaw et al. 2018. ``max_distance``: from this many
    positions on, one number for all. ``is_causal``: minus infinity for later keys.
    """

    def __init__(self, num_heads: int, max_distance: int, is_causal: bool = False) -> None:
        super().__init__()
        self.max_distance, self.is_causal = max_distance, is_causal
        self.weight = nn.Parameter(torch.empty(num_heads, 2 * max_distance + 1))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, input: Tensor) -> Tensor:
        offsets = key_offsets(input)
        bias = self.weight[
            :, offsets.clamp(-self.max_distance, self.max_distance) + self.max_distance
        ]
        return bias.masked_fill(offsets > 0, -math.inf) if self.is_causal else bias


def key_offsets(input: Tensor) -> Tensor:
    """How far each key is after each query, (T, T), in sequences (B, T, ...)."""
    positions = torch.arange(input.shape[1], device=input.device)
    return positions - positions[:, None]
