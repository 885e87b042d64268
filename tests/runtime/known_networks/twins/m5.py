"""M5, for raw audio of 8 kHz. Source: Dai et al. 2017, table 1."""

from torch import Tensor, nn


class Convolution(nn.Module):
    def __init__(self, in_channels: int, channels: int, kernel_size: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv1d(in_channels, channels, kernel_size, stride, kernel_size // 2)
        self.norm = nn.BatchNorm1d(channels)
        self.pool = nn.MaxPool1d(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(self.norm(self.conv(x)).relu())


class M5(nn.Module):
    def __init__(self, channels: int = 128, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = Convolution(1, channels, 80, 4)
        self.conv2 = Convolution(channels, channels)
        self.conv3 = Convolution(channels, 2 * channels)
        self.conv4 = Convolution(2 * channels, 4 * channels)
        self.head = nn.Linear(4 * channels, classes)

    def forward(self, audio: Tensor) -> Tensor:
        x = self.conv4(self.conv3(self.conv2(self.conv1(audio))))
        return self.head(x.mean(2))
