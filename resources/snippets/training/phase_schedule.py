"""An LR scheduler that covers a whole run, for a phase that does not update its weights in every step."""

from collections.abc import Callable

from torch import optim

from resources.snippets.training.phases import Timing, epochs_with_updates, updates
from resources.snippets.training.run_schedule import Legs, RunSchedule, Scheduler


class PhaseSchedule(RunSchedule):
    """A `RunSchedule` that moves with the updates of a phase, or once in each epoch that has one (``each_epoch``).

    Where a leg has no moves, the learning rate stays as it is.
    """

    def __init__(
        self,
        make: Callable[[int], Scheduler],
        optimizer: optim.Optimizer,
        legs: Legs,
        timing: Timing,
        *,
        each_epoch: bool = False,
    ) -> None:
        self.timing, self.each_epoch = timing, each_epoch
        super().__init__(lambda length: make(max(1, length)), optimizer, legs)

    def _moves(self, epoch: int, batch: int = 0) -> int:
        if self.each_epoch:
            return epochs_with_updates(self.timing, epoch)
        return updates(self.timing, epoch, batch)
