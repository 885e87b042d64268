"""GPT-2, the smallest one, whose head has the weights of the token embedding. Source: Radford et al. 2019."""

import torch
from torch import Tensor, nn


class GPTBlock(nn.Module):
    def __init__(self, features: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(features)
        self.attention = nn.MultiheadAttention(features, heads, dropout, batch_first=True)
        self.drop1 = nn.Dropout(dropout)
        self.norm2 = nn.LayerNorm(features)
        self.fc1 = nn.Linear(features, 4 * features)
        self.fc2 = nn.Linear(4 * features, features)
        self.drop2 = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        y = self.norm1(x)
        x = x + self.drop1(self.attention(y, y, y, attn_mask=future, is_causal=True, need_weights=False)[0])
        y = nn.functional.gelu(self.fc1(self.norm2(x)), approximate="tanh")
        return x + self.drop2(self.fc2(y))


class GPT2(nn.Module):
    def __init__(
        self,
        vocabulary: int = 50257,
        length: int = 1024,
        features: int = 768,
        depth: int = 12,
        heads: int = 12,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.wte = nn.Embedding(vocabulary, features)
        self.wpe = nn.Parameter(torch.randn(length, features) * 0.02)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.Sequential(*(GPTBlock(features, heads, dropout) for _ in range(depth)))
        self.norm = nn.LayerNorm(features)
        self.head = nn.Linear(features, vocabulary, bias=False)
        self.head.weight = self.wte.weight

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.wte(tokens)
        x = self.drop(x + self.wpe[: x.shape[1]])
        return self.head(self.norm(self.blocks(x))).transpose(1, 2)
