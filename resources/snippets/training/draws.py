"""The random numbers of evaluation, which are the same whatever was drawn before."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from resources.snippets.training.order import epoch_generator

EVALUATION = -1  # tells these draws apart from those of the training in the same epoch


@contextmanager
def evaluation_draws(seed: int, epoch: int, device: torch.device) -> Iterator[None]:
    """Let seed and epoch alone decide what is drawn; afterwards training draws as if nothing had been."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(epoch_generator(seed, epoch, EVALUATION).initial_seed())
        yield


class RepeatedDraws:
    """The random numbers of a step, which each evaluation of its loss draws again."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.state = torch.get_rng_state()
        self.gpu_state = torch.cuda.get_rng_state(device) if device.type == "cuda" else None

    def repeat(self) -> None:
        """Go back to where the step began."""
        torch.set_rng_state(self.state)
        if self.gpu_state is not None:
            torch.cuda.set_rng_state(self.gpu_state, self.device)
