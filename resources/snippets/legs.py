"""A schedule begins again: the optimizer gets back what the schedule has changed of it."""

from torch import optim

Settings = list[dict[str, object]]


def settings(optimizer: optim.Optimizer) -> Settings:
    """What an optimizer was made with, group by group; to be taken before a schedule changes it."""
    return [
        {name: value for name, value in group.items() if name != "params"}
        for group in optimizer.param_groups
    ]


def renew(optimizer: optim.Optimizer, made_with: Settings) -> None:
    """Give an optimizer these settings back; what it has gathered from the gradients stays."""
    for group, kept in zip(optimizer.param_groups, made_with, strict=True):
        group.pop("initial_lr", None)  # else the next schedule would begin with this one
        group.update(kept)
