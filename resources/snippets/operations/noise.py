"""Noise during training alone, which makes a network robust."""

import torch
from torch import Tensor, nn


class DropPath(nn.Module):
    """Sets whole samples to 0 with probability ``p`` during training, so that only the path around it is left.

    The others are divided by 1 - p, so that the mean stays.

    Source: Huang et al. 2016.
    """

    def __init__(self, p: float = 0.1) -> None:
        super().__init__()
        self.p = p

    def forward(self, input: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return input
        stays = torch.rand(len(input), *(1,) * (input.ndim - 1), device=input.device) >= self.p
        return input * stays / max(1 - self.p, torch.finfo(input.dtype).tiny)


class GaussianNoise(nn.Module):
    """Adds normal noise of the deviation ``std`` during training.

    Source: Bishop 1995.
    """

    def __init__(self, std: float = 0.1) -> None:
        super().__init__()
        self.std = std

    def forward(self, input: Tensor) -> Tensor:
        return input + self.std * torch.randn_like(input) if self.training else input
