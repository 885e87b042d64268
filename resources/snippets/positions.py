"""Encodings that tell the positions of a sequence apart."""

import math

import torch
from torch import Tensor, nn


class LearnedPositionEncoding(nn.Module):
    """Adds a learned vector to each position: (B, T, E) with T up to ``num_positions`` and E ``embedding_dim``."""

    def __init__(self, num_positions: int, embedding_dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_positions, embedding_dim))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, input: Tensor) -> Tensor:
        return input + self.weight[: input.shape[1]]


class SinusoidalPositionEncoding(nn.Module):
    """Adds sines (even features) and cosines (odd ones) of the position: (B, T, E) with T up to ``num_positions``.

    Source: Vaswani et al. 2017, section 3.5.
    """

    def __init__(self, num_positions: int, embedding_dim: int, base: float = 10000.0) -> None:
        super().__init__()
        position_T1 = torch.arange(num_positions, dtype=torch.float32)[:, None]
        even = torch.arange(0, embedding_dim, 2, dtype=torch.float32)
        angle = position_T1 * torch.exp(even * (-math.log(base) / embedding_dim))
        waves_TE = torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1)[:, :embedding_dim]
        self.register_buffer(
            "waves", waves_TE, persistent=False
        )  # follows from the sizes, so weights need not hold it

    def forward(self, input: Tensor) -> Tensor:
        return input + self.get_buffer("waves")[: input.shape[1]]
