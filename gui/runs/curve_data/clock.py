"""Converts epochs to seconds of training and back; pauses and interruptions do not count."""

from functools import cached_property
from typing import TYPE_CHECKING

from engine.runs import events
from engine.runs.events import Event

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MAX_REPORTS = 1 << 15  # reports stored; when full, every other one is dropped, which no screen can show


class Clock:
    """Takes every event of a run in order. ``t_s`` of events includes pauses; the seconds given here do not."""

    def __init__(self, batch_size: int = 0) -> None:
        self._length = 1  # the first entry is 0, before the first step
        self._batch_size = batch_size
        self._idle = self._last_t = 0.0
        self._is_resuming = True  # the time of the first steps cannot be taken from the event before them

    @cached_property
    def _np(self) -> "ModuleType":
        import numpy as np  # on first use: a run is followed before numpy is loaded

        return np

    @cached_property
    def _epochs(self) -> "Floats":
        return self._zeros()

    @cached_property
    def _seconds(self) -> "Floats":
        return self._zeros()

    def _zeros(self) -> "Floats":
        zeros: Floats = self._np.zeros(MAX_REPORTS)
        return zeros

    @property
    def seconds(self) -> float:
        """The time trained so far, in seconds."""
        return float(self._seconds[self._length - 1])

    def add(self, event: Event) -> None:
        """Add the next event of the run."""
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
        """The seconds of training at which these epochs were reached."""
        seconds: Floats = self._np.interp(epochs, self._epochs[: self._length], self._seconds[: self._length])
        return seconds

    def epoch(self, seconds: float) -> float:
        """The epoch reached after this many seconds of training; infinite for a time in the future."""
        if seconds > self.seconds * 1.02:
            return float("inf")
        return float(self._np.interp(seconds, self._seconds[: self._length], self._epochs[: self._length]))

    def _step(self, event: events.StepDone) -> None:
        if self._is_resuming:
            samples = len(event.losses) * self._batch_size
            took = samples / event.samples_per_s if event.samples_per_s > 0 else 0.0
            self._idle = max(self._idle, event.t_s - self.seconds - took)
            self._is_resuming = False
        if self._length == MAX_REPORTS:
            self._length = MAX_REPORTS // 2
            self._epochs[: self._length] = self._epochs[::2]
            self._seconds[: self._length] = self._seconds[::2]
        at = self._length
        self._epochs[at] = max(event.epoch, self._epochs[at - 1])
        self._seconds[at] = max(event.t_s - self._idle, self._seconds[at - 1])
        self._length += 1
