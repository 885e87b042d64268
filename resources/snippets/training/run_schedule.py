"""An LR scheduler that covers a whole run, also when the run is resumed with another number of epochs."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from torch import optim

Scheduler = Any
"""An LR scheduler of torch, or several as one."""
Legs = Mapping[tuple[int, int], tuple[int, int]]


class RunSchedule:
    """Makes the scheduler at the start of the run, and again at the start of each later leg.

    ``make``: gives the scheduler of a leg with so many moves. ``legs``: the epoch and batch that begin each leg, with
    the first epoch and the end of the epochs that its scheduler covers, all from 0. ``steps_per_epoch``: the moves in
    an epoch; without it the scheduler moves once an epoch. Beyond the end of a leg the learning rate stays as it is.
    """

    def __init__(
        self,
        make: Callable[[int], Scheduler],
        optimizer: optim.Optimizer,
        legs: Legs,
        steps_per_epoch: int | None = None,
    ) -> None:
        self.make, self.optimizer, self.legs = make, optimizer, legs
        self.steps_per_epoch = steps_per_epoch
        self.settings = settings_of(optimizer.param_groups)
        self._start(*next(iter(legs.values())))

    def begin(self, epoch: int, batch: int) -> None:
        """Start the leg that begins with this batch, if one does."""
        if (epoch, batch) not in self.legs:
            return
        reset_groups(self.optimizer.param_groups, self.settings)
        first, end = self.legs[epoch, batch]
        self._start(first, end)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of moves without an optimizer step between them
            for _ in range(self._moves(epoch, batch) - self._moves(first)):
                self.step()

    def step(self, *metrics: float) -> None:
        """Move by one step or epoch; ``metrics``: what a scheduler that watches one gets."""
        if self.moved < self.length:
            self.moved += 1
            self.scheduler.step(*metrics)

    def _start(self, first: int, end: int) -> None:
        self.length = self._moves(end) - self._moves(first)
        self.moved = 0
        self.scheduler = self.make(self.length)

    def _moves(self, epoch: int, batch: int = 0) -> int:
        return epoch if self.steps_per_epoch is None else epoch * self.steps_per_epoch + batch


def settings_of(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The settings of each group of weights."""
    return [{name: value for name, value in group.items() if name != "params"} for group in groups]


def reset_groups(groups: list[dict[str, Any]], settings: list[dict[str, Any]]) -> None:
    """Give each group of weights its former settings, without what an LR scheduler added."""
    for group, before in zip(groups, settings, strict=True):
        group.pop("initial_lr", None)  # the next scheduler would start from it
        group.pop("swa_lr", None)
        group.update(before)
