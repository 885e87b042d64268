"""SqueezeNet 1.0. Source: Iandola et al. 2016, table 1."""

import torch
from torch import Tensor, nn


class Fire(nn.Module):
    def __init__(self, in_channels: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(in_channels, squeeze, 1)
        self.expand1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x).relu()
        return torch.cat([self.expand1(x).relu(), self.expand3(x).relu()], dim=1)


class SqueezeNet(nn.Module):
    def __init__(
        self, stem: int = 96, squeeze: tuple[int, ...] = (16, 16, 32, 32, 48, 48, 64, 64), classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, stem, 7, stride=2)
        before = stem
        for number, size in enumerate(squeeze, start=2):
            self.add_module(f"fire{number}", Fire(before, size, size * 4))
            before = size * 8
        self.drop = nn.Dropout(0.5)
        self.conv10 = nn.Conv2d(before, classes, 1)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)

    def forward(self, image: Tensor) -> Tensor:
        x = self.pool(self.conv1(image).relu())
        x = self.pool(self.fire4(self.fire3(self.fire2(x))))
        x = self.pool(self.fire8(self.fire7(self.fire6(self.fire5(x)))))
        x = self.conv10(self.drop(self.fire9(x))).relu()
        return x.mean((2, 3))
