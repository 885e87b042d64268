"""VGG-16, configuration D. Source: Simonyan and Zisserman 2015, table 1."""

from torch import Tensor, nn


class Convolution(nn.Module):
    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).relu()


class Dense(nn.Module):
    def __init__(self, in_features: int, features: int) -> None:
        super().__init__()
        self.fc = nn.Linear(in_features, features)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.drop(self.fc(x).relu())


class VGG(nn.Module):
    def __init__(
        self,
        channels: tuple[int, ...] = (64, 128, 256, 512, 512),
        depths: tuple[int, ...] = (2, 2, 3, 3, 3),
        features: int = 4096,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        before = (3, *channels)
        for number, depth in enumerate(depths):
            sizes = [before[number]] + [channels[number]] * depth
            stage = nn.Sequential(*(Convolution(sizes[place], sizes[place + 1]) for place in range(depth)))
            self.add_module(f"conv{number + 1}", stage)
        self.pool = nn.MaxPool2d(2)
        self.average = nn.AdaptiveAvgPool2d(7)
        self.dense1 = Dense(channels[-1] * 7 * 7, features)
        self.dense2 = Dense(features, features)
        self.dense3 = nn.Linear(features, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = image
        for stage in (self.conv1, self.conv2, self.conv3, self.conv4, self.conv5):
            x = self.pool(stage(x))
        return self.dense3(self.dense2(self.dense1(self.average(x).flatten(1))))
