"""A recurrent encoder and decoder with global attention. Source: Luong et al. 2015, section 3.1 (general)."""

import torch
from torch import Tensor, nn


class GlobalAttention(nn.Module):
    def __init__(self, features: int) -> None:
        super().__init__()
        self.score = nn.Linear(features, features, bias=False)
        self.combine = nn.Linear(2 * features, features, bias=False)

    def forward(self, states: Tensor, memory: Tensor) -> Tensor:
        weights = (states @ self.score(memory).transpose(1, 2)).softmax(2)
        context = weights @ memory
        return self.combine(torch.cat([context, states], dim=2)).tanh()


class Seq2Seq(nn.Module):
    def __init__(
        self, source_words: int = 2000, target_words: int = 2000, embedding: int = 64, features: int = 128
    ) -> None:
        super().__init__()
        self.source_embed = nn.Embedding(source_words, embedding)
        self.target_embed = nn.Embedding(target_words, embedding)
        self.encoder = nn.LSTM(embedding, features, 2, batch_first=True, dropout=0.2)
        self.decoder = nn.LSTM(embedding, features, 2, batch_first=True, dropout=0.2)
        self.attention = GlobalAttention(features)
        self.head = nn.Linear(features, target_words)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, state = self.encoder(self.source_embed(source))
        states, _ = self.decoder(self.target_embed(target), state)
        return self.head(self.attention(states, memory)).transpose(1, 2)
