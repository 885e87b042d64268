"""Images resized to the size of others, and grids of points to sample them at."""

import torch.nn.functional as F
from torch import Tensor


def affine_grid(theta: Tensor, input: Tensor, align_corners: bool = False) -> Tensor:
    """The points, by `grid_sample`, at which each pixel of ``input`` is read, moved by matrices (B, 2, 3).

    Source: Jaderberg et al. 2015.
    """
    return F.affine_grid(theta, list(input.shape), align_corners=align_corners)


def interpolate_like(input: Tensor, like: Tensor, mode: str = "nearest") -> Tensor:
    """``input`` (B, C, ...), resized to the axes of ``like`` from 2 on."""
    return F.interpolate(input, size=like.shape[2:], mode=mode)
