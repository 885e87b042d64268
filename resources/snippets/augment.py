"""Random changes to training samples: they depend on seed, epoch and the sample's number, never on the batch.

Each has two functions: ``draw_...`` makes a table with one entry for every training sample, once an epoch; the other
applies the entries of a batch.
"""

import torch
from torch import Generator, Tensor


def draw_horizontal_flip(train: Tensor, generator: Generator, p: float = 0.5) -> Tensor:
    """Whether to mirror each sample, (samples,) bool."""
    return torch.rand(len(train), generator=generator) < p


def horizontal_flip(images: Tensor, is_flipped: Tensor) -> Tensor:
    """Images (samples, channels, height, width), some mirrored left to right."""
    return torch.where(is_flipped[:, None, None, None], images.flip(-1), images)


def draw_shift(train: Tensor, generator: Generator, pixels: int = 1) -> Tensor:
    """How far each sample moves down and right, (samples, 2) int64 in [-pixels, pixels]."""
    return torch.randint(-pixels, pixels + 1, (len(train), 2), generator=generator)


def shift(images: Tensor, moves: Tensor) -> Tensor:
    """Images (samples, channels, height, width), each moved; pixels that come in repeat the border."""
    samples, channels, height, width = images.shape
    down, right = moves[:, :1], moves[:, 1:]
    y = (torch.arange(height, device=images.device) - down).clamp(0, height - 1)
    x = (torch.arange(width, device=images.device) - right).clamp(0, width - 1)
    images = images.gather(2, y[:, None, :, None].expand(samples, channels, height, width))
    return images.gather(3, x[:, None, None, :].expand(samples, channels, height, width))


def draw_noise(train: Tensor, generator: Generator, deviation: float = 0.1) -> Tensor:
    """The number to add to each value, normal with mean 0, shaped as ``train``; takes as much memory as the field."""
    return torch.randn(train.shape, generator=generator) * deviation


def noise(values: Tensor, amounts: Tensor) -> Tensor:
    """Values with noise added."""
    return values + amounts


def draw_erasing(
    train: Tensor, generator: Generator, p: float = 0.5, largest: float = 0.3
) -> Tensor:
    """A rectangle to blank in each sample: top, bottom, left, right, (samples, 4) int64; empty with ``1 - p``.

    ``largest``: the longest side, as a share of the image's.
    """
    height, width = train.shape[-2:]
    share = torch.rand(len(train), 5, generator=generator)
    tall = (share[:, 0] * largest * height).ceil() * (share[:, 4] < p)
    wide = (share[:, 1] * largest * width).ceil()
    top, left = (
        ((height - tall + 1) * share[:, 2]).floor(),
        ((width - wide + 1) * share[:, 3]).floor(),
    )
    return torch.stack([top, top + tall, left, left + wide], dim=1).long()


def erasing(images: Tensor, boxes: Tensor) -> Tensor:
    """Images (samples, channels, height, width) with a rectangle of each set to 0, the mean of a normalized field."""
    top, bottom, left, right = (side[:, None] for side in boxes.unbind(1))
    y = torch.arange(images.shape[-2], device=images.device)
    x = torch.arange(images.shape[-1], device=images.device)
    inside = ((y >= top) & (y < bottom))[:, :, None] & ((x >= left) & (x < right))[:, None, :]
    return images.masked_fill(inside[:, None], 0.0)
