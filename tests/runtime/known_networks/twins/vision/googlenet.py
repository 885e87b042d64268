"""GoogLeNet with its two extra heads, batch normalization, and 3x3 in place of 5x5.

Source: Szegedy et al. 2015, table 1 and figure 3; Ioffe and Szegedy 2015 for the normalization.
"""

import torch
from torch import Tensor, nn

from tests.runtime.known_networks.twins.vision.convolution import ConvNorm

# of each Inception block: 1x1, before 3x3, 3x3, before the second 3x3, second 3x3, behind the pooling
INCEPTIONS = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def conv(in_channels: int, channels: int, kernel_size: int = 1, stride: int = 1) -> ConvNorm:
    return ConvNorm(in_channels, channels, kernel_size, stride, eps=0.001, act=nn.ReLU())


class Inception(nn.Module):
    def __init__(self, in_channels: int, sizes: tuple[int, ...]) -> None:
        super().__init__()
        one, reduce3, three, reduce5, five, pool = sizes
        self.one = conv(in_channels, one)
        self.reduce3 = conv(in_channels, reduce3)
        self.three = conv(reduce3, three, 3)
        self.reduce5 = conv(in_channels, reduce5)
        self.five = conv(reduce5, five, 3)
        self.pool = nn.MaxPool2d(3, 1, 1)
        self.project = conv(in_channels, pool)

    def forward(self, x: Tensor) -> Tensor:
        branches = self.one(x), self.three(self.reduce3(x)), self.five(self.reduce5(x)), self.project(self.pool(x))
        return torch.cat(branches, dim=1)


class ExtraHead(nn.Module):
    def __init__(self, in_channels: int, channels: int, features: int, classes: int) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(4)
        self.conv = conv(in_channels, channels)
        self.fc1 = nn.Linear(channels * 4 * 4, features)
        self.drop = nn.Dropout(0.7)
        self.fc2 = nn.Linear(features, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(self.pool(x)).flatten(1)
        return self.fc2(self.drop(self.fc1(x).relu()))


class GoogLeNet(nn.Module):
    """``divisor``: by which every number of channels is divided."""

    def __init__(self, divisor: int = 1, classes: int = 1000, features: int = 1024) -> None:
        super().__init__()
        self.conv1 = conv(3, 64 // divisor, 7, 2)
        self.conv2 = conv(64 // divisor, 64 // divisor)
        self.conv3 = conv(64 // divisor, 192 // divisor, 3)
        before = 192 // divisor
        for name, full in INCEPTIONS.items():
            sizes = tuple(size // divisor for size in full)
            self.add_module(f"inception{name}", Inception(before, sizes))
            before = sizes[0] + sizes[2] + sizes[4] + sizes[5]
        self.extra1 = ExtraHead(512 // divisor, 128 // divisor, features, classes)
        self.extra2 = ExtraHead(528 // divisor, 128 // divisor, features, classes)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(before, classes)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.pool4 = nn.MaxPool2d(2, 2, ceil_mode=True)

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        x = self.pool(self.conv1(image))
        x = self.pool(self.conv3(self.conv2(x)))
        x = self.pool(self.inception3b(self.inception3a(x)))
        first = x = self.inception4a(x)
        second = x = self.inception4d(self.inception4c(self.inception4b(x)))
        x = self.pool4(self.inception4e(x))
        x = self.inception5b(self.inception5a(x))
        logits = self.head(self.drop(x.mean((2, 3))))
        return {"extra1": self.extra1(first), "extra2": self.extra2(second), "head": logits}
