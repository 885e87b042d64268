"""MobileNetV2. Source: Sandler et al. 2018, tables 1 and 2."""

from torch import Tensor, nn

from tests.runtime.known_networks.twins.vision.convolution import ConvNorm

# expansion, channels, depth and first stride of each stage
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class InvertedResidual(nn.Module):
    def __init__(self, in_channels: int, expansion: int, channels: int, stride: int) -> None:
        super().__init__()
        inner = in_channels * expansion
        self.has_skip = stride == 1 and in_channels == channels
        self.expand = ConvNorm(in_channels, inner, 1, act=nn.ReLU6()) if expansion != 1 else nn.Identity()
        self.depthwise = ConvNorm(inner, inner, 3, stride, groups=inner, act=nn.ReLU6())
        self.project = ConvNorm(inner, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return y + x if self.has_skip else y


class MobileNetV2(nn.Module):
    def __init__(
        self,
        stages: tuple[tuple[int, int, int, int], ...] = STAGES,
        stem: int = 32,
        last: int = 1280,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.stem = ConvNorm(3, stem, 3, 2, act=nn.ReLU6())
        before = stem
        for number, (expansion, channels, depth, stride) in enumerate(stages, start=1):
            blocks = []
            for place in range(depth):
                blocks.append(InvertedResidual(before, expansion, channels, stride if place == 0 else 1))
                before = channels
            self.add_module(f"stage{number}", nn.Sequential(*blocks) if depth > 1 else blocks[0])
        self.last = ConvNorm(before, last, 1, act=nn.ReLU6())
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(last, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.stem(image)
        for stage in (self.stage1, self.stage2, self.stage3, self.stage4, self.stage5, self.stage6, self.stage7):
            x = stage(x)
        return self.head(self.drop(self.last(x).mean((2, 3))))
