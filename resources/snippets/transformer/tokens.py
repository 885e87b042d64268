"""Pictures as sequences of tokens."""

import torch
from torch import Tensor, nn


class PatchEmbedding(nn.Module):
    """Cuts pictures (B, C, H, W) into square patches and maps each to a vector: (B, T, E), row by row.

    Source: Dosovitskiy et al. 2021.
    """

    def __init__(
        self, in_channels: int, embed_dim: int, patch_size: int, bias: bool = True
    ) -> None:
        super().__init__()
        self.proj = nn.Conv2d(in_channels, embed_dim, patch_size, stride=patch_size, bias=bias)

    def forward(self, input: Tensor) -> Tensor:
        features: Tensor = self.proj(input)
        return features.flatten(2).transpose(1, 2)


class ClassToken(nn.Module):
    """Puts a learned vector before each sequence: (B, T, E) to (B, T + 1, E). It begins as zeros.

    Source: Devlin et al. 2019.
    """

    def __init__(self, embed_dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, 1, embed_dim))

    def forward(self, input: Tensor) -> Tensor:
        return torch.cat([self.weight.expand(input.shape[0], -1, -1), input], dim=1)
