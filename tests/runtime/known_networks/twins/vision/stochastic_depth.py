"""Stochastic depth: in training, the branch of a residual block is left out for some samples. Source: Huang 2016."""

import torch
from torch import Tensor, nn


class StochasticDepth(nn.Module):
    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.rate:
            return x
        return x * (torch.rand(len(x), 1, 1, 1) >= self.rate) / (1 - self.rate)
