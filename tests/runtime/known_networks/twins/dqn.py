"""The network of DQN: the value of each action, from four frames of a game. Source: Mnih et al. 2015, methods."""

from torch import Tensor, nn


class DQN(nn.Module):
    def __init__(self, channels: tuple[int, int, int] = (32, 64, 64), features: int = 512, actions: int = 4) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, channels[0], 8, 4)
        self.conv2 = nn.Conv2d(channels[0], channels[1], 4, 2)
        self.conv3 = nn.Conv2d(channels[1], channels[2], 3, 1)
        self.fc = nn.Linear(channels[2] * 7 * 7, features)
        self.values = nn.Linear(features, actions)

    def forward(self, frames: Tensor) -> Tensor:
        x = self.conv2(self.conv1(frames).relu()).relu()
        x = self.conv3(x).relu().flatten(1)
        return self.values(self.fc(x).relu())
