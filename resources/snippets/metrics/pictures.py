"""Metrics of pictures; each is one number, as a tensor without axes."""

import torch
import torch.nn.functional as F
from torch import Tensor

PICTURE_VALUES_AT_ONCE = 2**22


def structural_similarity(
    input: Tensor,
    target: Tensor,
    data_range: float = 1.0,
    kernel_size: int = 11,
    sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Likeness of means, contrasts and structures in a window around each pixel, at most 1; the mean over all.

    Shapes: two of (N, C, H, W). The window has normal weights with the deviation ``sigma``, and lies wholly in the
    picture. Raises: ``ValueError`` for pictures that are smaller than the window.
    """
    if min(input.shape[2:]) < kernel_size:
        raise ValueError(f"pictures {tuple(input.shape[2:])} are smaller than {kernel_size} pixels")
    places = torch.arange(kernel_size, dtype=torch.float64, device=input.device)
    weights = (-((places - (kernel_size - 1) / 2) ** 2) / (2 * sigma**2)).exp()
    weights = (weights / weights.sum()).to(input.dtype)
    size = max(1, PICTURE_VALUES_AT_ONCE // max(1, input[0].numel())) if len(input) else 1
    pairs = zip(torch.split(input, size), torch.split(target.to(input.dtype), size), strict=True)
    constants = (k1 * data_range) ** 2, (k2 * data_range) ** 2
    return torch.cat([_likeness(a, b, weights, constants) for a, b in pairs]).mean()


def _likeness(a: Tensor, b: Tensor, weights: Tensor, constants: tuple[float, float]) -> Tensor:
    """The mean likeness of each pair of pictures: (N)."""
    mean_a, mean_b, square_a, square_b, product = (
        _window_means(each, weights) for each in (a, b, a * a, b * b, a * b)
    )
    shared = product - mean_a * mean_b
    spread = square_a - mean_a**2 + square_b - mean_b**2
    small, smaller = constants[1], constants[0]
    means = (2 * mean_a * mean_b + smaller) / (mean_a**2 + mean_b**2 + smaller)
    return (means * (2 * shared + small) / (spread + small)).flatten(1).mean(dim=1)


def _window_means(pictures: Tensor, weights: Tensor) -> Tensor:
    """The weighted mean in the window around each pixel: first along the columns, then along the rows."""
    alone = pictures.flatten(0, 1).unsqueeze(1)
    rows = F.conv2d(F.conv2d(alone, weights.reshape(1, 1, -1, 1)), weights.reshape(1, 1, 1, -1))
    return rows.reshape(*pictures.shape[:2], *rows.shape[2:])
