"""Tensors that belong to a network instead of being computed from its inputs."""

import math

import torch
from torch import Tensor, nn


class LearnedTensor(nn.Module):
    """A tensor that learns; with ``like`` one copy for each of its samples.

    ``init``: how it starts: ``zeros``, ``ones``, or ``normal`` with the deviation ``std``.
    """

    def __init__(self, shape: tuple[int, ...], init: str = "zeros", std: float = 0.02) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(shape) if init == "ones" else torch.zeros(shape))
        if init == "normal":
            nn.init.normal_(self.weight, std=std)

    def forward(self, like: Tensor | None = None) -> Tensor:
        if like is None:
            return self.weight
        return self.weight.expand(like.shape[0], *self.weight.shape)


class FixedTensor(nn.Module):
    """Numbers that are saved with the weights and do not learn; ``shape``: ``None`` for one axis."""

    def __init__(
        self, values: float | tuple[float, ...], shape: tuple[int, ...] | None = None
    ) -> None:
        super().__init__()
        numbers = torch.tensor(values, dtype=torch.float32)
        if shape is not None and numbers.ndim and numbers.numel() != math.prod(shape):
            raise ValueError(f"{numbers.numel()} values do not fill the shape {shape}")
        if shape is not None:
            numbers = numbers.reshape(shape) if numbers.ndim else numbers.repeat(shape)
        self.register_buffer("values", numbers)

    def forward(self) -> Tensor:
        return self.get_buffer("values")


def arange(
    input: Tensor, dim: int = 1, start: int = 0, end: int | None = None, step: int = 1
) -> Tensor:
    """The whole numbers from ``start`` up to ``end``, or up to the size of the axis ``dim`` of ``input``."""
    end = input.shape[dim] if end is None else end
    return torch.arange(start, end, step, device=input.device)
