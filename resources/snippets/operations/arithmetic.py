"""Arithmetic that can be differentiated, where torch's own cannot."""

import torch
from torch import Tensor


def floor_divide(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The quotient rounded down, of which at least one operand is a tensor; its gradient is 0."""
    device = other.device if isinstance(other, Tensor) else None
    dividend = input if isinstance(input, Tensor) else torch.tensor(input, device=device)
    return torch.div(dividend, other, rounding_mode="floor")
