"""DenseNet-121. Source: Huang et al. 2017, table 1."""

import torch
from torch import Tensor, nn


class DenseLayer(nn.Module):
    def __init__(self, in_channels: int, growth: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(self.norm1(x).relu())
        y = self.conv2(self.norm2(y).relu())
        return torch.cat([x, y], dim=1)


class Transition(nn.Module):
    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(in_channels)
        self.conv = nn.Conv2d(in_channels, in_channels // 2, 1, bias=False)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(self.conv(self.norm(x).relu()))


class DenseNet(nn.Module):
    def __init__(
        self, depths: tuple[int, ...] = (6, 12, 24, 16), growth: int = 32, stem: int = 64, classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.norm = nn.BatchNorm2d(stem)
        self.pool = nn.MaxPool2d(3, 2, 1)
        channels = stem
        for number, depth in enumerate(depths, start=1):
            if number > 1:
                self.add_module(f"transition{number - 1}", Transition(channels))
                channels //= 2
            layers = [DenseLayer(channels + place * growth, growth) for place in range(depth)]
            self.add_module(f"dense{number}", nn.Sequential(*layers))
            channels += depth * growth
        self.norm5 = nn.BatchNorm2d(channels)
        self.head = nn.Linear(channels, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.dense1(self.pool(self.norm(self.conv(image)).relu()))
        x = self.dense2(self.transition1(x))
        x = self.dense3(self.transition2(x))
        x = self.dense4(self.transition3(x))
        return self.head(self.norm5(x).relu().mean((2, 3)))
