"""LR schedulers one after another, and those of several optimizers."""

from collections.abc import Callable, Iterable

from torch import optim
from torch.optim.lr_scheduler import ReduceLROnPlateau

from resources.snippets.training.optimizers import Optimizers
from resources.snippets.training.run_schedule import Scheduler, reset_groups, settings_of


class Schedules:
    """The LR schedulers of several optimizers, which move together."""

    def __init__(self, members: Iterable[Scheduler]) -> None:
        self.members = tuple(members)

    def step(self, *metrics: float) -> None:
        """Move all; ``metrics``: what those that watch one get."""
        for member in self.members:
            member.step(*metrics)


class ScheduleList:
    """LR schedulers one after another, each of which begins with the learning rate of the optimizer.

    ``parts``: the moves of each, none for the last, and what makes it.
    """

    def __init__(
        self,
        optimizer: optim.Optimizer | Optimizers,
        *parts: tuple[int | None, Callable[[], Scheduler]],
    ) -> None:
        self.optimizer, self.parts = optimizer, parts
        self.settings = settings_of(optimizer.param_groups)
        self.begin(0)

    def begin(self, place: int) -> None:
        """Begin one of the parts; one that anneals to another rate begins where the part before it ends."""
        rates = [group["lr"] for group in self.optimizer.param_groups]
        reset_groups(self.optimizer.param_groups, self.settings)
        self.place, self.moved = place, 0
        self.scheduler = self.parts[place][1]()
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            if "swa_lr" in group:
                group["lr"] = rate

    def step(self, *metrics: float) -> None:
        """Move by one step or epoch; ``metrics``: what a scheduler that watches one gets."""
        self.moved += 1
        length = self.parts[self.place][0]
        if length is not None and self.moved >= length:
            self.begin(self.place + 1)
        elif watches(self.scheduler):
            self.scheduler.step(*metrics)
        else:
            self.scheduler.step()


def watches(scheduler: Scheduler) -> bool:
    """Whether it takes a metric."""
    one = scheduler.members[0] if isinstance(scheduler, Schedules) else scheduler
    return isinstance(one, ReduceLROnPlateau)
