"""The phases of a training step: when each runs, and which weights it learns."""

import math

from torch import Tensor, nn, optim


class Timing:
    """When a phase runs, and when it updates its weights.

    ``times``: its passes over a batch. ``every``: it runs in the steps, counted from 1 over the run, that are multiples
    of this. ``epochs``: the first and the last epoch, counted from 1, in which it runs. ``accumulate``: its passes for
    one update; gradients that are left at the end of an epoch carry over to the next.
    """

    def __init__(
        self,
        steps_per_epoch: int,
        *,
        times: int = 1,
        every: int = 1,
        epochs: tuple[int, float] = (1, math.inf),
        accumulate: int = 1,
    ) -> None:
        self.steps_per_epoch, self.times, self.every = steps_per_epoch, times, every
        self.epochs, self.accumulate = epochs, accumulate

    def passes(self, epoch: int, number: int) -> int:
        """How many passes the phase makes over this batch of this epoch, both from 0."""
        first, last = self.epochs
        step = epoch * self.steps_per_epoch + number + 1
        is_due = first <= epoch + 1 <= last and step % self.every == 0
        return self.times if is_due else 0


def updates(timing: Timing, epoch: int, number: int = 0) -> int:
    """How many updates come before this batch of this epoch, both from 0."""
    first, last = timing.epochs
    before = (first - 1) * timing.steps_per_epoch
    over = int(min(epoch * timing.steps_per_epoch + number, last * timing.steps_per_epoch))
    steps = max(0, over // timing.every - before // timing.every)
    return steps * timing.times // timing.accumulate


def updates_of_epochs(timing: Timing, epochs: int) -> int:
    """How many updates the first so many epochs have in which the phase runs."""
    return updates(timing, timing.epochs[0] - 1 + epochs)


def has_updates(timing: Timing, epoch: int) -> bool:
    """Whether this epoch, from 0, has an update."""
    return updates(timing, epoch + 1) > updates(timing, epoch)


def epochs_with_updates(timing: Timing, epoch: int) -> int:
    """How many of the epochs before this one, from 0, have an update."""
    return sum(has_updates(timing, each) for each in range(epoch))


class Phase:
    """A phase of a training step: its weights, its optimizer, its timing and its LR schedule.

    ``gradients``: those of an update that is not complete yet, for each weight. ``passes``: made so far.
    """

    def __init__(
        self,
        model: nn.Module,
        weights: list[nn.Parameter],
        optimizer: optim.Optimizer,
        timing: Timing,
        schedule: optim.lr_scheduler.LRScheduler | None = None,
    ) -> None:
        own = set(weights)
        self.weights, self.others = (
            weights,
            [weight for weight in model.parameters() if weight not in own],
        )
        self.optimizer, self.timing, self.schedule = optimizer, timing, schedule
        self.gradients: list[Tensor | None] = [None for _ in weights]
        self.passes = 0

    def begin(self) -> None:
        """Begin a pass: the weights of this phase take gradients, and no others do."""
        for weight in self.others:
            weight.requires_grad_(False)
        for weight, gradient in zip(self.weights, self.gradients, strict=True):
            weight.requires_grad_(True)
            weight.grad = gradient


def finish_pass(phase: Phase) -> bool:
    """Finish a pass. Returns whether the optimizer should step; otherwise the gradients are kept."""
    phase.passes += 1
    is_complete = phase.passes % phase.timing.accumulate == 0
    phase.gradients = [None if is_complete else weight.grad for weight in phase.weights]
    return is_complete


def own_weights(model: nn.Module, *names: str) -> list[nn.Parameter]:
    """The weights of layers of a network that are not frozen, without those that are weights of other layers."""
    starts = tuple(f"{name}." for name in names)
    return [
        weight
        for name, weight in model.named_parameters()
        if name.startswith(starts) and weight.requires_grad
    ]


def weights_of(*parts: nn.Module) -> list[nn.Parameter]:
    """The weights of parts of a network that are not frozen, each once."""
    weights = dict.fromkeys(weight for part in parts for weight in part.parameters())
    return [weight for weight in weights if weight.requires_grad]
