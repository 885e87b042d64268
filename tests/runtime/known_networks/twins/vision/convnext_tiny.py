"""ConvNeXt-T. Source: Liu et al. 2022, figure 4 and table 9."""

import torch
from torch import Tensor, nn

from tests.runtime.known_networks.twins.vision.stochastic_depth import StochasticDepth

FIRST = (0, 3, 6, 15)  # the number of the first block of each stage, of 18


class ChannelNorm(nn.Module):
    """LayerNorm over the channels of (B, C, H, W)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    def __init__(self, channels: int, rate: float) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.expand = nn.Linear(channels, 4 * channels)
        self.project = nn.Linear(4 * channels, channels)
        self.gamma = nn.Parameter(torch.full((channels,), 1e-6))
        self.depth = StochasticDepth(rate)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.project(nn.functional.gelu(self.expand(y)))
        return x + self.depth((y * self.gamma).permute(0, 3, 1, 2))


class Downsample(nn.Module):
    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(in_channels)
        self.conv = nn.Conv2d(in_channels, channels, 2, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(self.norm(x))


class ConvNeXt(nn.Module):
    def __init__(
        self,
        channels: tuple[int, ...] = (96, 192, 384, 768),
        depths: tuple[int, ...] = (3, 3, 9, 3),
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, channels[0], 4, 4)
        self.stem_norm = ChannelNorm(channels[0])
        for number, (size, depth) in enumerate(zip(channels, depths, strict=True), start=1):
            if number > 1:
                self.add_module(f"down{number - 1}", Downsample(channels[number - 2], size))
            rates = [0.1 * (FIRST[number - 1] + place) / 17 for place in range(depth)]
            self.add_module(f"stage{number}", nn.Sequential(*(ConvNeXtBlock(size, rate) for rate in rates)))
        self.norm = nn.LayerNorm(channels[-1], eps=1e-6)
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.stage1(self.stem_norm(self.stem(image)))
        x = self.stage2(self.down1(x))
        x = self.stage3(self.down2(x))
        x = self.stage4(self.down3(x))
        return self.head(self.norm(x.mean((2, 3))))
