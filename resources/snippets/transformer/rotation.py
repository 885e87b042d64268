"""Positions as rotations of queries and keys."""

import torch
from torch import Tensor


def rotary_position_embedding(
    input: Tensor, base: float = 10000.0, interleaved: bool = False
) -> Tensor:
    """Rotate pairs of features of queries or keys (..., T, D) by angles that grow with the position.

    Source: Su et al. 2021, section 3.2. The wavelengths grow from 2 pi to 2 pi times ``base`` positions.
    ``interleaved``: neighbours are a pair, instead of a feature of the first half and one of the second.
    Raises: ``ValueError`` for an odd number of features.
    """
    steps, features = input.shape[-2:]
    if features % 2:
        raise ValueError(f"a rotation needs an even number of features, and there are {features}")
    rates = base ** (-torch.arange(0, features, 2, device=input.device) / features)
    angles = torch.arange(steps, device=input.device)[:, None] * rates
    cos, sin = angles.cos().to(input.dtype), angles.sin().to(input.dtype)
    if interleaved:
        one, other = input[..., 0::2], input[..., 1::2]
    else:
        one, other = input.chunk(2, dim=-1)
    turned = (one * cos - other * sin, one * sin + other * cos)
    return torch.stack(turned, dim=-1).flatten(-2) if interleaved else torch.cat(turned, dim=-1)
