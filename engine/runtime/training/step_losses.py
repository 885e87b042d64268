"""The losses of steps until an event reports them."""

from typing import Any

import torch
from torch import Tensor

from engine.runtime.checkpoints.manifest import UnreportedLosses


class StepLosses:
    """Keeps losses on the device until they are read, all at once, and then until an event reports them.

    ``phases``: the names of the phases, empty where the training lists none. ``state``: their part of a checkpoint.
    ``totals``, ``by_phase``: the losses of the steps that are read and not yet reported; a phase that did not run in a
    step has ``None`` there.
    """

    def __init__(self, phases: tuple[str, ...], state: UnreportedLosses) -> None:
        self.phases = phases
        self.totals = list(state["unreported"])
        by_phase = state.get("unreported_phases", {})
        self.by_phase = {name: list(by_phase.get(name, ())) for name in phases}
        self._unread: list[Tensor] = []
        self._ran: list[tuple[str, ...]] = []  # the phases of each unread step

    @property
    def unread(self) -> int:
        """The number of steps whose losses are still on the device."""
        return len(self._ran) if self.phases else len(self._unread)

    def add(self, total: Tensor, results: Any) -> None:  # noqa: ANN401 (what a step gives beside its loss)
        """Keep the loss of a step; ``results``: with phases, the losses of each that ran."""
        self._unread.append(total)
        if self.phases:
            self._ran.append(tuple(results))
            self._unread += [losses["total"] for losses in results.values()]

    def read(self) -> list[float]:
        """Fetch the losses of all steps since the last time from the device, in one transfer."""
        if not self._unread:
            return []
        values: list[float] = torch.stack(self._unread).tolist()
        self._unread.clear()
        totals = self._by_step(values) if self.phases else values
        self.totals += totals
        return totals

    def _by_step(self, values: list[float]) -> list[float]:
        """The totals of steps, each of which is followed by those of its phases."""
        totals, rest = [], iter(values)
        for ran in self._ran:
            totals.append(next(rest))
            own = {name: next(rest) for name in ran}
            for name, losses in self.by_phase.items():
                losses.append(own.get(name))
        self._ran.clear()
        return totals

    def state(self) -> UnreportedLosses:
        """As a checkpoint stores them."""
        state: UnreportedLosses = {"unreported": self.totals}
        if self.phases:
            state["unreported_phases"] = self.by_phase
        return state

    def forget(self) -> None:
        """Drop the losses that an event has reported."""
        self.totals = []
        self.by_phase = {name: [] for name in self.phases}
