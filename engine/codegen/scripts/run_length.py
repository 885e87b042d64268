"""The legs of a run: the end that was planned first, and the later ends that a resumed run was given."""

from typing import Literal

from msgspec import Struct

ScheduleMode = Literal["restart", "stretch"]
"""How a schedule that covers the whole run goes on when the run gets longer.

``restart``: it begins again and covers the added epochs. ``stretch``: it goes on as if that end had been planned.
"""


class Leg(Struct, frozen=True):
    """``end``: the epochs to reach. ``epoch``, ``batch``: what is over where the leg begins."""

    end: int
    epoch: int = 0
    batch: int = 0
    way: ScheduleMode = "restart"

    @property
    def first(self) -> int:
        """The epochs that are over where its schedule begins."""
        return self.epoch if self.way == "restart" else 0


class RunLength(Struct, frozen=True):
    """How long a run is: the ends that it was given, one after another.

    ``epochs``: the number to reach now. ``went_on``: the epochs at which early stopping ended the run, and it went on.
    """

    epochs: int
    legs: tuple[Leg, ...]
    went_on: tuple[int, ...] = ()

    @classmethod
    def planned(cls, epochs: int) -> "RunLength":
        """That of a run which was never resumed."""
        return cls(epochs, (Leg(epochs),))

    @property
    def end(self) -> int:
        """The epochs that the schedule is laid out for."""
        return self.legs[-1].end
