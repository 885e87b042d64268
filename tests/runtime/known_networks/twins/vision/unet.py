"""U-Net without padding: 572x572 becomes 388x388. Source: Ronneberger et al. 2015, figure 1."""

import torch
from torch import Tensor, nn


class Convolutions(nn.Module):
    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3)
        self.conv2 = nn.Conv2d(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv2(self.conv1(x).relu()).relu()


class Down(nn.Module):
    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.convs = Convolutions(in_channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.convs(self.pool(x))


class Up(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(2 * channels, channels, 2, 2)
        self.convs = Convolutions(2 * channels, channels)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = self.up(x)
        height, width = x.shape[2:]
        top, left = (skip.shape[2] - height) // 2, (skip.shape[3] - width) // 2
        skip = skip[:, :, top : top + height, left : left + width]
        return self.convs(torch.cat([skip, x], dim=1))


class UNet(nn.Module):
    def __init__(self, channels: int = 64, classes: int = 2) -> None:
        super().__init__()
        self.down1 = Convolutions(1, channels)
        self.down2 = Down(channels, 2 * channels)
        self.down3 = Down(2 * channels, 4 * channels)
        self.down4 = Down(4 * channels, 8 * channels)
        self.bottom = Down(8 * channels, 16 * channels)
        self.up4 = Up(8 * channels)
        self.up3 = Up(4 * channels)
        self.up2 = Up(2 * channels)
        self.up1 = Up(channels)
        self.head = nn.Conv2d(channels, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        one = self.down1(image)
        two = self.down2(one)
        three = self.down3(two)
        four = self.down4(three)
        x = self.up4(self.bottom(four), four)
        x = self.up2(self.up3(x, three), two)
        return self.head(self.up1(x, one))
