"""BERT, base, with its pooler. Source: Devlin et al. 2019, section 3 and figure 2."""

import torch
from torch import Tensor, nn


class EncoderBlock(nn.Module):
    def __init__(self, features: int, heads: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(features, heads, dropout, batch_first=True)
        self.drop1 = nn.Dropout(dropout)
        self.norm1 = nn.LayerNorm(features, eps=1e-12)
        self.fc1 = nn.Linear(features, hidden)
        self.fc2 = nn.Linear(hidden, features)
        self.drop2 = nn.Dropout(dropout)
        self.norm2 = nn.LayerNorm(features, eps=1e-12)

    def forward(self, x: Tensor, padding: Tensor) -> Tensor:
        y = self.attention(x, x, x, key_padding_mask=padding, need_weights=False)[0]
        x = self.norm1(x + self.drop1(y))
        y = self.fc2(nn.functional.gelu(self.fc1(x)))
        return self.norm2(x + self.drop2(y))


class Bert(nn.Module):
    def __init__(
        self,
        vocabulary: int = 30522,
        length: int = 512,
        features: int = 768,
        depth: int = 12,
        heads: int = 12,
        hidden: int = 3072,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, features)
        self.types = nn.Embedding(2, features)
        self.positions = nn.Parameter(torch.randn(length, features) * 0.02)
        self.norm = nn.LayerNorm(features, eps=1e-12)
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.ModuleList(EncoderBlock(features, heads, hidden, dropout) for _ in range(depth))
        self.pooler = nn.Linear(features, features)

    def forward(self, tokens: Tensor, segments: Tensor, padding: Tensor) -> dict[str, Tensor]:
        x = self.words(tokens) + self.types(segments)
        x = self.drop(self.norm(x + self.positions[: x.shape[1]]))
        for block in self.encoder:
            x = block(x, padding)
        return {"hidden": x, "pooled": self.pooler(x[:, 0]).tanh()}
