"""A small WaveNet. Source: van den Oord et al. 2016, figure 4."""

import torch
from torch import Tensor, nn
from torch.nn.functional import pad


class ResidualLayer(nn.Module):
    def __init__(self, channels: int, skip: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.filter = nn.Conv1d(channels, channels, 2, dilation=dilation)
        self.gate = nn.Conv1d(channels, channels, 2, dilation=dilation)
        self.residual = nn.Conv1d(channels, channels, 1)
        self.skip_conv = nn.Conv1d(channels, skip, 1)

    def forward(self, x: Tensor, skip: Tensor) -> tuple[Tensor, Tensor]:
        past = pad(x, (self.dilation, 0))
        y = self.filter(past).tanh() * self.gate(past).sigmoid()
        return x + self.residual(y), skip + self.skip_conv(y)


class WaveNet(nn.Module):
    """``depth``: layers of each stack; their dilations are 1, 2, 4 ..."""

    def __init__(self, channels: int = 32, skip: int = 64, depth: int = 8, levels: int = 256) -> None:
        super().__init__()
        self.embed = nn.Embedding(levels, channels)
        self.skip_start = nn.Conv1d(channels, skip, 1)
        for name in ("stack1", "stack2"):
            layers = [ResidualLayer(channels, skip, 2**place) for place in range(depth)]
            self.add_module(name, nn.ModuleList(layers))
        self.post = nn.Conv1d(skip, skip, 1)
        self.head = nn.Conv1d(skip, levels, 1)

    def forward(self, samples: Tensor) -> Tensor:
        x = self.embed(samples).transpose(1, 2)
        skip = self.skip_start(x)
        for layer in (*self.stack1, *self.stack2):
            x, skip = layer(x, skip)
        return self.head(torch.relu(self.post(torch.relu(skip))))
