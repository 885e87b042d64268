"""When what was learned: epochs of data against seconds of training, without pauses and interruptions."""

from functools import cached_property
from typing import TYPE_CHECKING

from engine.runs import events
from engine.runs.events import Event

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST = 1 << 15  # reports kept; beyond that every other one, which is fine enough for any screen


class Clock:
    """Takes every event of a run in order. ``t_s`` of events goes on while nothing trains; these seconds do not."""

    def __init__(self, batch_size: int = 0) -> None:
        self._length = 1  # before the first step
        self._batch_size = batch_size
        self._idle = self._last_t = 0.0
        self._is_resuming = True  # how long the first steps took is not known by the last event

    @cached_property
    def _np(self) -> "ModuleType":
        import numpy as np  # with the first look: a run is followed before it is loaded

        return np

    @cached_property
    def _epochs(self) -> "Floats":
        return self._zeros()

    @cached_property
    def _seconds(self) -> "Floats":
        return self._zeros()

    def _zeros(self) -> "Floats":
        zeros: Floats = self._np.zeros(MOST)
        return zeros

    @property
    def seconds(self) -> float:
        """Of training so far."""
        return float(self._seconds[self._length - 1])

    def take(self, event: Event) -> None:
        """One more event of the run."""
        match event:
            case events.Started():
                self._batch_size = event.batch_size
            case events.Resumed():
                self._is_resuming = True
            case events.Continued():
                self._idle += max(0.0, event.t_s - self._last_t)
            case events.StepDone():
                self._step(event)
        self._last_t = event.t_s

    def at(self, epochs: "Floats") -> "Floats":
        """When these places of the training were reached, in seconds."""
        seconds: Floats = self._np.interp(epochs, self._epochs[: self._length], self._seconds[: self._length])
        return seconds

    def epoch(self, seconds: float) -> float:
        """How far the training was at a time; infinite for one that has not come yet."""
        if seconds > self.seconds * 1.02:
            return float("inf")
        return float(self._np.interp(seconds, self._seconds[: self._length], self._epochs[: self._length]))

    def _step(self, event: events.StepDone) -> None:
        if self._is_resuming:
            samples = len(event.losses) * self._batch_size
            took = samples / event.samples_per_s if event.samples_per_s > 0 else 0.0
            self._idle = max(self._idle, event.t_s - self.seconds - took)
            self._is_resuming = False
        if self._length == MOST:
            self._length = MOST // 2
            self._epochs[: self._length] = self._epochs[::2]
            self._seconds[: self._length] = self._seconds[::2]
        at = self._length
        self._epochs[at] = max(event.epoch, self._epochs[at - 1])
        self._seconds[at] = max(event.t_s - self._idle, self._seconds[at - 1])
        self._length += 1
