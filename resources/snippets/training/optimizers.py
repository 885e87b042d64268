"""Several optimizers for one network, each with weights of its own."""

from collections.abc import Iterable
from typing import Any

from torch import nn, optim


class Optimizers:
    """Optimizers that step together."""

    def __init__(self, *members: optim.Optimizer) -> None:
        self.members = members

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """The groups of all."""
        return [group for member in self.members for group in member.param_groups]

    def zero_grad(self, *, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for member in self.members:
            member.zero_grad(set_to_none=set_to_none)

    def step(self) -> None:
        """Update all weights."""
        for member in self.members:
            member.step()


def split_weights(
    weights: Iterable[nn.Parameter], *parts: list[nn.Parameter]
) -> list[list[nn.Parameter]]:
    """Those of the weights that are in no part, then those of each part; each belongs to the first part that has it."""
    places = dict.fromkeys(weights, 0)
    for place, part in reversed(list(enumerate(parts, start=1))):
        places |= {weight: place for weight in part if weight in places}
    return [[weight for weight in places if places[weight] == at] for at in range(len(parts) + 1)]


def matrices(weights: Iterable[nn.Parameter]) -> list[nn.Parameter]:
    """Those of the weights that have two axes."""
    return [weight for weight in weights if weight.dim() == 2]
