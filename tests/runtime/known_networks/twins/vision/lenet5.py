"""LeNet-5, for pictures of 28x28. Source: LeCun et al. 1998, figure 2."""

from torch import Tensor, nn


class LeNet5(nn.Module):
    def __init__(self, maps: tuple[int, int] = (6, 16), features: tuple[int, int] = (120, 84)) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, maps[0], 5, padding=2)
        self.c3 = nn.Conv2d(maps[0], maps[1], 5)
        self.c5 = nn.Linear(maps[1] * 5 * 5, features[0])
        self.f6 = nn.Linear(features[0], features[1])
        self.output = nn.Linear(features[1], 10)
        self.pool = nn.AvgPool2d(2)

    def forward(self, image: Tensor) -> Tensor:
        x = self.pool(self.c1(image).tanh())
        x = self.pool(self.c3(x).tanh())
        x = self.c5(x.flatten(1)).tanh()
        x = self.f6(x).tanh()
        return self.output(x)
