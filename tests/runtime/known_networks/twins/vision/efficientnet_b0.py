"""EfficientNet-B0. Source: Tan and Le 2019, table 1; Hu et al. 2018 for squeeze and excitation."""

from torch import Tensor, nn

from tests.runtime.known_networks.twins.vision.convolution import ConvNorm
from tests.runtime.known_networks.twins.vision.stochastic_depth import StochasticDepth

# expansion, channels, kernel size, depth and first stride of each stage
STAGES = (
    (1, 16, 3, 1, 1), (6, 24, 3, 2, 2), (6, 40, 5, 2, 2), (6, 80, 3, 3, 2), (6, 112, 5, 3, 1), (6, 192, 5, 4, 2),
    (6, 320, 3, 1, 1),
)  # fmt: skip
FIRST = (0, 1, 3, 5, 8, 11, 15)  # the number of the first block of each stage, of 16


class SqueezeExcite(nn.Module):
    def __init__(self, in_channels: int, squeeze: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(in_channels, squeeze, 1)
        self.expand = nn.Conv2d(squeeze, in_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        scale = x.mean((2, 3), keepdim=True)
        scale = self.expand(nn.functional.silu(self.reduce(scale))).sigmoid()
        return x * scale


class MBConv(nn.Module):
    def __init__(
        self, in_channels: int, expansion: int, channels: int, kernel_size: int, stride: int, rate: float
    ) -> None:
        super().__init__()
        inner = in_channels * expansion
        self.has_skip = stride == 1 and in_channels == channels
        self.expand = ConvNorm(in_channels, inner, 1, act=nn.SiLU()) if expansion != 1 else nn.Identity()
        self.depthwise = ConvNorm(inner, inner, kernel_size, stride, groups=inner, act=nn.SiLU())
        self.excite = SqueezeExcite(inner, max(1, in_channels // 4))
        self.project = ConvNorm(inner, channels, 1)
        self.depth = StochasticDepth(rate)

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.excite(self.depthwise(self.expand(x))))
        return self.depth(y) + x if self.has_skip else y


class EfficientNet(nn.Module):
    def __init__(
        self,
        stages: tuple[tuple[int, int, int, int, int], ...] = STAGES,
        stem: int = 32,
        last: int = 1280,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.stem = ConvNorm(3, stem, 3, 2, act=nn.SiLU())
        before = stem
        for number, (expansion, channels, kernel_size, depth, stride) in enumerate(stages, start=1):
            blocks = []
            for place in range(depth):
                rate = 0.2 * (FIRST[number - 1] + place) / 16
                blocks.append(MBConv(before, expansion, channels, kernel_size, stride if place == 0 else 1, rate))
                before = channels
            self.add_module(f"stage{number}", nn.Sequential(*blocks) if depth > 1 else blocks[0])
        self.last = ConvNorm(before, last, 1, act=nn.SiLU())
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(last, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.stem(image)
        for stage in (self.stage1, self.stage2, self.stage3, self.stage4, self.stage5, self.stage6, self.stage7):
            x = stage(x)
        return self.head(self.drop(self.last(x).mean((2, 3))))
