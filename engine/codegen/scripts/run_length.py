"""The length of a run: the number of epochs that was planned, and those that later resumes asked for."""

from typing import Literal

from msgspec import Struct

ScheduleMode = Literal["restart", "stretch"]
"""What an LR schedule that covers the whole run does when the run gets longer.

``restart``: it begins again and covers the added epochs. ``stretch``: it goes on as if the new end had been planned.
"""


class Leg(Struct, frozen=True):
    """The part of a run up to one number of epochs.

    ``end``: the number of epochs to reach. ``epoch``, ``batch``: where it begins, both from 0.
    """

    end: int
    epoch: int = 0
    batch: int = 0
    way: ScheduleMode = "restart"

    @property
    def first(self) -> int:
        """The epoch at which its schedule begins, from 0."""
        return self.epoch if self.way == "restart" else 0


class RunLength(Struct, frozen=True):
    """How long a run is: its legs, one after another.

    ``epochs``: the number to reach now. ``went_on``: the epochs after which early stopping ended the run, and a resume
    continued it.
    """

    epochs: int
    legs: tuple[Leg, ...]
    went_on: tuple[int, ...] = ()

    @classmethod
    def planned(cls, epochs: int) -> "RunLength":
        """The length of a run that was never resumed."""
        return cls(epochs, (Leg(epochs),))

    @property
    def end(self) -> int:
        """The number of epochs that the schedule covers."""
        return self.legs[-1].end
