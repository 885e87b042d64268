"""A small network of the LLaMA family: rotary positions, grouped queries, SwiGLU and RMSNorm.

Source: Touvron et al. 2023; Su et al. 2021 for rotary positions; Ainslie et al. 2023 for grouped queries.
"""

import torch
from torch import Tensor, nn


def rotate(x: Tensor, base: float = 10000.0) -> Tensor:
    """Turn the pairs of features (i, i + half) of (B, heads, T, size) by angles that grow with the position."""
    half = x.shape[-1] // 2
    speed = base ** (-torch.arange(half) / half)
    angle = torch.arange(x.shape[-2])[:, None] * speed
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()], dim=-1)


class Attention(nn.Module):
    """``groups``: heads of keys and values, each of which several heads of queries share."""

    def __init__(self, features: int, heads: int, groups: int) -> None:
        super().__init__()
        self.heads, self.groups, self.size = heads, groups, features // heads
        self.query = nn.Linear(features, heads * self.size, bias=False)
        self.key = nn.Linear(features, groups * self.size, bias=False)
        self.value = nn.Linear(features, groups * self.size, bias=False)
        self.out = nn.Linear(features, features, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        query = rotate(self.query(x).unflatten(2, (self.heads, self.size)).transpose(1, 2))
        key = rotate(self.key(x).unflatten(2, (self.groups, self.size)).transpose(1, 2))
        value = self.value(x).unflatten(2, (self.groups, self.size)).transpose(1, 2)
        key, value = (each.repeat_interleave(self.heads // self.groups, dim=1) for each in (key, value))
        scores = query @ key.transpose(2, 3) / self.size**0.5
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        y = scores.masked_fill(future, float("-inf")).softmax(-1) @ value
        return self.out(y.transpose(1, 2).flatten(2))


class SwiGLU(nn.Module):
    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.gate = nn.Linear(features, hidden, bias=False)
        self.up = nn.Linear(features, hidden, bias=False)
        self.down = nn.Linear(hidden, features, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(nn.functional.silu(self.gate(x)) * self.up(x))


class LlamaBlock(nn.Module):
    def __init__(self, features: int, heads: int, groups: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.RMSNorm(features, eps=1e-6)
        self.attention = Attention(features, heads, groups)
        self.norm2 = nn.RMSNorm(features, eps=1e-6)
        self.mlp = SwiGLU(features, hidden)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Llama(nn.Module):
    def __init__(
        self,
        vocabulary: int = 256,
        features: int = 128,
        depth: int = 4,
        heads: int = 8,
        groups: int = 2,
        hidden: int = 344,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, features)
        self.blocks = nn.Sequential(*(LlamaBlock(features, heads, groups, hidden) for _ in range(depth)))
        self.norm = nn.RMSNorm(features, eps=1e-6)
        self.head = nn.Linear(features, vocabulary, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.norm(self.blocks(self.embed(tokens)))).transpose(1, 2)
