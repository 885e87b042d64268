"""The state of a network in which layers share single weights: each is saved once, under its first name."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn


def second_names(model: nn.Module) -> dict[str, str]:
    """The other names of weights that several layers share, each with the first name of the weight."""
    first = {weight: name for name, weight in model.named_parameters()}
    names = model.named_parameters(remove_duplicate=False)
    return {name: first[weight] for name, weight in names if name != first[weight]}


def own_state(model: nn.Module) -> dict[str, Tensor]:
    """The state of a network, each weight once."""
    others = second_names(model)
    return {name: value for name, value in model.state_dict().items() if name not in others}


def complete_state(model: nn.Module, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A state by all names of the weights, from one that has each by some of its names."""
    others = second_names(model)
    first = {first: state[name] for name, first in others.items() if name in state}
    complete = {**first, **state}
    second = {name: complete[first] for name, first in others.items() if first in complete}
    return {**second, **complete}


def contradictions(model: nn.Module, state: Mapping[str, Tensor]) -> Iterator[str]:
    """The names of one weight that have different values in a state, each as half a sentence."""
    for name, first in second_names(model).items():
        if name in state and first in state and not torch.equal(state[name], state[first]):
            yield f"{name} and {first} differ, which are one weight here"
