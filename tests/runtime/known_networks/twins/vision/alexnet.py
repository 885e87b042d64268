"""AlexNet in one column. Source: Krizhevsky et al. 2012; Krizhevsky 2014 for one column."""

from torch import Tensor, nn


class Convolution(nn.Module):
    def __init__(self, in_channels: int, channels: int, kernel_size: int, stride: int = 1, padding: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, channels, kernel_size, stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).relu()


class Dense(nn.Module):
    def __init__(self, in_features: int, features: int) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(in_features, features)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.drop(x)).relu()


class AlexNet(nn.Module):
    def __init__(
        self, channels: tuple[int, ...] = (64, 192, 384, 256, 256), features: int = 4096, classes: int = 1000
    ) -> None:
        super().__init__()
        c1, c2, c3, c4, c5 = channels
        self.conv1 = Convolution(3, c1, 11, 4, 2)
        self.conv2 = Convolution(c1, c2, 5, 1, 2)
        self.conv3 = Convolution(c2, c3, 3)
        self.conv4 = Convolution(c3, c4, 3)
        self.conv5 = Convolution(c4, c5, 3)
        self.dense6 = Dense(c5 * 6 * 6, features)
        self.dense7 = Dense(features, features)
        self.dense8 = nn.Linear(features, classes)
        self.pool = nn.MaxPool2d(3, 2)
        self.average = nn.AdaptiveAvgPool2d(6)

    def forward(self, image: Tensor) -> Tensor:
        x = self.pool(self.conv1(image))
        x = self.pool(self.conv2(x))
        x = self.pool(self.conv5(self.conv4(self.conv3(x))))
        return self.dense8(self.dense7(self.dense6(self.average(x).flatten(1))))
