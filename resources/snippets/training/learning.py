"""How the weights of a network learn, by ``LEARNING`` and ``FOLLOWS`` of its classes."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn, optim


def learning_of(model: nn.Module) -> dict[nn.Parameter, dict[str, Any]]:
    """``lr_scale`` and ``decay`` of each weight, where they are set; outer classes win over inner ones.

    A weight that several layers share belongs to the first, by whose name it is known.
    """
    learning: dict[nn.Parameter, dict[str, Any]] = {weight: {} for weight in model.parameters()}
    for place, module in reversed(list(model.named_modules())):  # those inside come first
        for name, settings in getattr(module, "LEARNING", {}).items():
            start = f"{place}.{name}." if place else f"{name}."
            for weight_name, weight in model.named_parameters():
                if weight_name.startswith(start):
                    learning[weight] |= settings
    return learning


def parameter_groups(model: nn.Module, weights: Iterable[nn.Parameter]) -> list[dict[str, Any]]:
    """Those of the weights that learn, in groups for an optimizer: a group for each factor, with and without decay."""
    learning = learning_of(model)
    groups: dict[tuple[float, bool], dict[str, Any]] = {}
    for weight in weights:
        if weight.requires_grad:
            scale, decay = (
                learning[weight].get("lr_scale", 1.0),
                learning[weight].get("decay", True),
            )
            group = groups.setdefault((scale, decay), {"params": [], "lr_scale": scale})
            group["params"].append(weight)
            if not decay:
                group["weight_decay"] = 0.0
    return list(groups.values())


def decaying(model: nn.Module, weights: Iterable[nn.Parameter]) -> list[nn.Parameter]:
    """Those of the weights that pay penalties: all that decay."""
    learning = learning_of(model)
    return [weight for weight in weights if learning[weight].get("decay", True)]


def scaled_step(optimizer: optim.Optimizer) -> None:
    """Update the weights of each group with its own share of the learning rate, whatever the LR schedule made of it."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group["lr"] = group["lr"] * group["lr_scale"]
    optimizer.step()
    for group, rate in zip(optimizer.param_groups, rates):  # noqa: B905 (they are of one length)
        group["lr"] = rate


@torch.no_grad()
def follow(model: nn.Module, step: int) -> None:
    """Move the weights that follow others after a step, counted from 1; in step 0 they begin as copies."""
    for module in model.modules():
        for name, settings in getattr(module, "FOLLOWS", {}).items():
            if step % settings.get("every", 1) or not hasattr(module, name):  # bypassed here
                continue
            own, others = module.get_submodule(name), module.get_submodule(settings["node"])
            keep = settings.get("decay", 0.0) if step else 0.0
            for weight, other in zip(own.parameters(), others.parameters(), strict=True):
                weight.lerp_(other, 1 - keep)
            for buffer, source in zip(own.buffers(), others.buffers(), strict=True):
                buffer.copy_(source)
