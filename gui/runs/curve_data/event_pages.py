"""The events with a page of their own, from the best and the last epoch of a run, by kind of event."""

from typing import Literal, TypeVar

from engine.runs.events import Event

Which = Literal["best", "last"]
E = TypeVar("E", bound=Event)


class Views:
    """Takes every event with a ``view``; the trainer may record those of the best epoch after those of the last."""

    def __init__(self) -> None:
        self.best_epoch: int | None = None
        self._last: dict[type, Event] = {}
        self._best: dict[type, Event] = {}
        self._newest: dict[type, Event] = {}  # by time of arrival, not by epoch
        self._every: dict[type, dict[int, Event]] = {}  # by epoch, for kinds whose page shows all epochs

    def add(self, event: Event) -> None:
        """Add an event."""
        kind, epoch = type(event), _epoch(event)
        self._newest[kind] = event
        if kind not in self._last or epoch >= _epoch(self._last[kind]):
            self._last[kind] = event
        if epoch == self.best_epoch:
            self._best[kind] = event
        if kind.view and kind.view.keeps_all:
            earlier = self._every.get(kind, {}).items()  # a resumed run reaches an epoch a second time
            self._every[kind] = {at: each for at, each in earlier if at < epoch} | {epoch: event}

    def set_best(self, epoch: int) -> None:
        """Make this the best epoch, and drop events of another one."""
        self.best_epoch = epoch
        events = [*self._last.items(), *self._newest.items(), *self._best.items()]
        self._best = {kind: event for kind, event in events if _epoch(event) == epoch}

    def every(self, kind: type[E]) -> dict[int, E]:
        """The events of all epochs, by epoch, for a kind with ``keeps_all``."""
        return {epoch: event for epoch, event in self._every.get(kind, {}).items() if isinstance(event, kind)}

    def of(self, kind: type[E], which: Which = "last") -> E | None:
        """The event of the best or the last epoch; without one of the best, that of the last."""
        best = self._best.get(kind) if which == "best" else None
        event = best or self._last.get(kind)
        return event if isinstance(event, kind) else None


def _epoch(event: Event) -> int:
    return int(getattr(event, "epoch", 0))
