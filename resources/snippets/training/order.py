"""The order of samples in an epoch, and its other random draws: pure functions of seed and epoch."""

import hashlib

import torch
from torch import Tensor


def epoch_generator(seed: int, epoch: int, salt: int = 0) -> torch.Generator:
    """A fresh generator of random numbers for one epoch; ``salt`` tells its several uses apart."""
    digest = hashlib.sha256(f"{seed} {epoch} {salt}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:4], "little"))


def epoch_order(samples: int, seed: int, epoch: int) -> Tensor:
    """A permutation of ``range(samples)``, int64, different in every epoch."""
    return torch.randperm(samples, generator=epoch_generator(seed, epoch))
