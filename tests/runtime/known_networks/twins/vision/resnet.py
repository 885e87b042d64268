"""ResNet-18 and ResNet-50, with the stride in the 3x3 convolution. Source: He et al. 2016, table 1."""

import torch
from torch import Tensor, nn

from tests.runtime.known_networks.twins.vision.convolution import ConvNorm


class BasicBlock(nn.Module):
    def __init__(self, in_channels: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = ConvNorm(in_channels, channels, 3, stride, act=nn.ReLU())
        self.conv2 = ConvNorm(channels, channels, 3)
        if stride != 1 or in_channels != channels:
            self.shortcut = ConvNorm(in_channels, channels, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        short = self.shortcut(x) if hasattr(self, "shortcut") else x
        return torch.relu(self.conv2(self.conv1(x)) + short)


class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = ConvNorm(in_channels, channels, 1, act=nn.ReLU())
        self.conv2 = ConvNorm(channels, channels, 3, stride, act=nn.ReLU())
        self.conv3 = ConvNorm(channels, 4 * channels, 1)
        if stride != 1 or in_channels != 4 * channels:
            self.shortcut = ConvNorm(in_channels, 4 * channels, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        short = self.shortcut(x) if hasattr(self, "shortcut") else x
        return torch.relu(self.conv3(self.conv2(self.conv1(x))) + short)


class ResNet(nn.Module):
    def __init__(
        self, block: type[BasicBlock | Bottleneck], depths: tuple[int, ...], width: int = 64, classes: int = 1000
    ) -> None:
        super().__init__()
        widening = 4 if block is Bottleneck else 1
        self.stem = ConvNorm(3, width, 7, 2, act=nn.ReLU())
        self.pool = nn.MaxPool2d(3, 2, 1)
        before = width
        for number, depth in enumerate(depths):
            channels, blocks = width * 2**number, []
            for place in range(depth):
                blocks.append(block(before, channels, 2 if number and place == 0 else 1))
                before = channels * widening
            self.add_module(f"stage{number + 1}", nn.Sequential(*blocks))
        self.head = nn.Linear(before, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.pool(self.stem(image))
        x = self.stage4(self.stage3(self.stage2(self.stage1(x))))
        return self.head(x.mean((2, 3)))
