"""Vision Transformer, base, patches of 16x16. Source: Dosovitskiy et al. 2021, figure 1."""

import torch
from torch import Tensor, nn


class EncoderBlock(nn.Module):
    def __init__(self, features: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(features, eps=1e-6)
        self.attention = nn.MultiheadAttention(features, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(features, eps=1e-6)
        self.fc1 = nn.Linear(features, hidden)
        self.fc2 = nn.Linear(hidden, features)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        y = self.fc1(self.norm2(x))
        return x + self.fc2(nn.functional.gelu(y))


class ViT(nn.Module):
    def __init__(
        self,
        features: int = 768,
        depth: int = 12,
        heads: int = 12,
        hidden: int = 3072,
        patch: int = 16,
        side: int = 224,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, features, patch, patch)
        self.class_token = nn.Parameter(torch.zeros(1, features))
        self.positions = nn.Parameter(torch.randn((side // patch) ** 2 + 1, features) * 0.02)
        self.encoder = nn.Sequential(*(EncoderBlock(features, heads, hidden) for _ in range(depth)))
        self.norm = nn.LayerNorm(features, eps=1e-6)
        self.head = nn.Linear(features, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.patches(image).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(len(x), 1, -1), x], dim=1) + self.positions
        return self.head(self.norm(self.encoder(x))[:, 0])
