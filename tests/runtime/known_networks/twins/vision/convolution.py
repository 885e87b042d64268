"""A convolution without bias, batch normalization and an activation: what most networks for images repeat."""

from torch import Tensor, nn


class ConvNorm(nn.Module):
    """Keeps height and width at a stride of 1; ``act`` is ``None`` for no activation."""

    def __init__(
        self,
        in_channels: int,
        channels: int,
        kernel_size: int = 1,
        stride: int = 1,
        *,
        groups: int = 1,
        eps: float = 1e-5,
        act: nn.Module | None = None,
    ) -> None:
        super().__init__()
        padding = kernel_size // 2
        self.conv = nn.Conv2d(in_channels, channels, kernel_size, stride, padding, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(channels, eps=eps)
        self.act = act

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.conv(x))
        return x if self.act is None else self.act(x)
