"""What a network answered in its best epoch and in its last one: the confusion, and single samples."""

from typing import Literal

from engine.runs import events

Which = Literal["best", "last"]
View = events.Confusion | events.Predictions


class Views:
    """Takes every view of a run in order; a trainer may record that of the best epoch after that of the last."""

    def __init__(self) -> None:
        self.best_epoch: int | None = None
        self._last: dict[type[View], View] = {}
        self._best: dict[type[View], View] = {}
        self._newest: dict[type[View], View] = {}  # by when it came, not by its epoch

    def take(self, view: View) -> None:
        """One more of them."""
        kind = type(view)
        self._newest[kind] = view
        if kind not in self._last or view.epoch >= self._last[kind].epoch:
            self._last[kind] = view
        if view.epoch == self.best_epoch:
            self._best[kind] = view

    def set_best(self, epoch: int) -> None:
        """This epoch is the best so far; what was recorded of another one is not its."""
        self.best_epoch = epoch
        known = [*self._last.items(), *self._newest.items(), *self._best.items()]
        self._best = {kind: view for kind, view in known if view.epoch == epoch}

    def confusion(self, which: Which = "last") -> events.Confusion | None:
        """The confusion of an epoch; where none was recorded of the best one, that of the last."""
        found = self._of(events.Confusion, which)
        return found if isinstance(found, events.Confusion) else None

    def predictions(self, which: Which = "last") -> events.Predictions | None:
        """The samples of an epoch, likewise."""
        found = self._of(events.Predictions, which)
        return found if isinstance(found, events.Predictions) else None

    def _of(self, kind: type[View], which: Which) -> View | None:
        best = self._best.get(kind) if which == "best" else None
        return best or self._last.get(kind)
