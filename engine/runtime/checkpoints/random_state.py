"""The state of every random number generator that training uses."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


def capture(device: torch.device) -> dict[str, Tensor]:
    """The generators' states as bytes: ``cpu``, and ``cuda`` when training runs there; no others are used."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def restore(states: dict[str, Tensor], device: torch.device) -> None:
    """Put the generators back; a state for a device that is not in use is left alone."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)


@contextmanager
def fork(device: torch.device) -> Iterator[None]:
    """Random numbers used inside do not change the generators outside."""
    before = capture(device)
    try:
        yield
    finally:
        restore(before, device)
