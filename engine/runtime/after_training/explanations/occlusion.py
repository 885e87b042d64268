"""Occlusion: what an answer loses when a part of the image is covered."""

from collections.abc import Callable

import torch
from torch import Tensor

from engine.runtime.after_training.explanations.grad_cam import scaled

PATCHES = 12  # covered places along the longer side, about
BATCH = 64  # covered images at once


def occlusion(
    score: Callable[[Tensor], Tensor], image: Tensor, side: int = 0, step: int = 0, fill: float | None = None
) -> Tensor:
    """How much a score drops when a square over each pixel is covered, in [0, 1]; 0 where it does not drop.

    A pixel gets the mean over the squares that cover it. ``side``, ``step``: of the squares, in pixels; 0: an eighth of
    the longer side, and half of that. ``fill``: the value that covers; left out, the mean of the image.

    Shapes: image (C, H, W) float; ``score`` (B, C, H, W) -> (B,); the result (H, W).
    Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks".
    """
    _, height, width = image.shape
    side = side or max(1, -(-max(height, width) // 8))
    step = step or max(1, side // 2, -(-max(height, width) // (2 * PATCHES)))
    cover = image.mean() if fill is None else torch.tensor(fill, dtype=image.dtype)
    corners = [(top, left) for top in _starts(height, side, step) for left in _starts(width, side, step)]
    drops, times = torch.zeros(height, width), torch.zeros(height, width)
    with torch.no_grad():
        whole = float(score(image[None])[0])
        for at in range(0, len(corners), BATCH):
            some = corners[at : at + BATCH]
            covered = image.repeat(len(some), 1, 1, 1)
            for number, (top, left) in enumerate(some):
                covered[number, :, top : top + side, left : left + side] = cover
            for (top, left), value in zip(some, score(covered).tolist(), strict=True):
                drops[top : top + side, left : left + side] += whole - value
                times[top : top + side, left : left + side] += 1
    return scaled((drops / times.clamp(min=1)).relu())


def _starts(length: int, side: int, step: int) -> list[int]:
    """Where squares begin along a side, so that the last one ends with it."""
    last = max(0, length - side)
    return sorted({*range(0, last, step), last})
