"""What a network answered in its best epoch and in its last one, by kind of event."""

from typing import Literal, TypeVar

from engine.runs.events import Event

Which = Literal["best", "last"]
E = TypeVar("E", bound=Event)


class Views:
    """Takes every event that has a page; a trainer may record that of the best epoch after that of the last."""

    def __init__(self) -> None:
        self.best_epoch: int | None = None
        self._last: dict[type, Event] = {}
        self._best: dict[type, Event] = {}
        self._newest: dict[type, Event] = {}  # by when it came, not by its epoch
        self._every: dict[type, dict[int, Event]] = {}  # by epoch, of those whose page shows all

    def take(self, event: Event) -> None:
        """One more of them."""
        kind, epoch = type(event), _epoch(event)
        self._newest[kind] = event
        if kind not in self._last or epoch >= _epoch(self._last[kind]):
            self._last[kind] = event
        if epoch == self.best_epoch:
            self._best[kind] = event
        if kind.view and kind.view.keeps_all:
            earlier = self._every.get(kind, {}).items()  # a resumed run comes to an epoch a second time
            self._every[kind] = {at: each for at, each in earlier if at < epoch} | {epoch: event}

    def set_best(self, epoch: int) -> None:
        """This epoch is the best so far; what was recorded of another one is not its."""
        self.best_epoch = epoch
        events = [*self._last.items(), *self._newest.items(), *self._best.items()]
        self._best = {kind: event for kind, event in events if _epoch(event) == epoch}

    def every(self, kind: type[E]) -> dict[int, E]:
        """The events of all epochs, by epoch, of a kind that keeps them."""
        return {epoch: event for epoch, event in self._every.get(kind, {}).items() if isinstance(event, kind)}

    def of(self, kind: type[E], which: Which = "last") -> E | None:
        """The event of an epoch; where none was recorded of the best one, that of the last."""
        best = self._best.get(kind) if which == "best" else None
        event = best or self._last.get(kind)
        return event if isinstance(event, kind) else None


def _epoch(event: Event) -> int:
    return int(getattr(event, "epoch", 0))
