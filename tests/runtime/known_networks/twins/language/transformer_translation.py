"""The Transformer for translation, small. Source: Vaswani et al. 2017, figure 1."""

import math

import torch
from torch import Tensor, nn


def waves(length: int, features: int) -> Tensor:
    """The encoding of the positions: sines in the even features, cosines in the odd ones."""
    place = torch.arange(length)[:, None]
    angle = place / 10000 ** (torch.arange(0, features, 2) / features)
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)


class FeedForward(nn.Module):
    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(features, hidden)
        self.fc2 = nn.Linear(hidden, features)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.fc1(x).relu())


class EncoderLayer(nn.Module):
    def __init__(self, features: int, heads: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(features, heads, batch_first=True)
        self.drop1 = nn.Dropout(dropout)
        self.norm1 = nn.LayerNorm(features)
        self.mlp = FeedForward(features, hidden)
        self.drop2 = nn.Dropout(dropout)
        self.norm2 = nn.LayerNorm(features)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(x + self.drop1(self.attention(x, x, x, need_weights=False)[0]))
        return self.norm2(x + self.drop2(self.mlp(x)))


class DecoderLayer(nn.Module):
    def __init__(self, features: int, heads: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(features, heads, batch_first=True)
        self.drop1 = nn.Dropout(dropout)
        self.norm1 = nn.LayerNorm(features)
        self.cross = nn.MultiheadAttention(features, heads, batch_first=True)
        self.drop2 = nn.Dropout(dropout)
        self.norm2 = nn.LayerNorm(features)
        self.mlp = FeedForward(features, hidden)
        self.drop3 = nn.Dropout(dropout)
        self.norm3 = nn.LayerNorm(features)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        y = self.attention(x, x, x, attn_mask=future, is_causal=True, need_weights=False)[0]
        x = self.norm1(x + self.drop1(y))
        x = self.norm2(x + self.drop2(self.cross(x, memory, memory, need_weights=False)[0]))
        return self.norm3(x + self.drop3(self.mlp(x)))


class Translation(nn.Module):
    """One vocabulary for both languages, whose embedding is the head's weight too."""

    def __init__(
        self,
        vocabulary: int = 4000,
        features: int = 128,
        depth: int = 3,
        heads: int = 4,
        hidden: int = 512,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.features = features
        self.embed = nn.Embedding(vocabulary, features)
        self.drop = nn.Dropout(dropout)
        layers = range(depth)
        self.encoder = nn.ModuleList(EncoderLayer(features, heads, hidden, dropout) for _ in layers)
        self.decoder = nn.ModuleList(DecoderLayer(features, heads, hidden, dropout) for _ in layers)
        self.head = nn.Linear(features, vocabulary, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, x = self.vectors(source), self.vectors(target)
        for layer in self.encoder:
            memory = layer(memory)
        for layer in self.decoder:
            x = layer(x, memory)
        return self.head(x).transpose(1, 2)

    def vectors(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens) * math.sqrt(self.features)
        return self.drop(x + waves(x.shape[1], self.features).to(x))
