"""Values as small images for the window."""

import base64

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.protocol.asking import Pixels

LONGEST_PX = 128


def as_pixels(values: Tensor, low: float | None = None, high: float | None = None, longest: int = LONGEST_PX) -> Pixels:
    """An image (H, W) or (C, H, W) with 1 or 3 channels; ``low`` is 0 and ``high`` 255, else its own range.

    A longer side than ``longest`` pixels is reduced, by the mean of what falls on a pixel.
    """
    image = (values[None] if values.dim() == 2 else values).detach().float().cpu().nan_to_num(0.0, 0.0, 0.0)
    least, most = float(image.min()) if low is None else low, float(image.max()) if high is None else high
    side = max(image.shape[1:])
    if side > longest:
        size = [max(1, round(int(each) * longest / side)) for each in image.shape[1:]]
        image = F.adaptive_avg_pool2d(image, (size[0], size[1]))
    levels = ((image - least) / max(most - least, 1e-12)).clamp(0, 1)
    pixels = (levels * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    height, width, channels = pixels.shape
    return {
        "height": height,
        "width": width,
        "channels": channels,
        "bytes": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }
