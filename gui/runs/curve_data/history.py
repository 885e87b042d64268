"""The history of one run, built from its events: curves, state and the latest results."""

import math
import operator
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from engine.runs import events
from engine.runs.events import Event
from gui.formatting.run_text import base_names
from gui.runs.curve_data.clock import Clock
from gui.runs.curve_data.curve import Curve
from gui.runs.curve_data.event_pages import Views
from gui.runs.curve_data.phase_loss import PhaseLoss
from gui.runs.curve_data.run_losses import RunLosses, losses_of_run
from gui.runs.curve_data.smoothing import SmoothedCurve
from gui.runs.curve_data.speed import Speed

State = Literal["waiting", "running", "paused", "finished", "stopped", "failed"]

SMOOTHING = 0.9
MAX_MARKS = 100
MAX_NORMS = 64  # gradient norms stored per node
_ENDED: dict[str, State] = {"completed": "finished", "stopped": "stopped", "failed": "failed"}
_FEW_EPOCHS = 40  # up to here, the axis covers all epochs from the start
_FULL = 0.8  # of the axis: then it is extended
_STEPS = (20, 50, 100)  # lengths of the axis, then ten times as much, and so on
_FALL = 0.95  # of the former rate: a lower one is a drop


class History:
    """One run so far. The x values of curves are epochs; ``revision`` grows with every change."""

    def __init__(self, path: Path, smoothing: float = SMOOTHING) -> None:
        self.path = path
        self.revision = 0
        self._weight = smoothing
        self.reset()

    def reset(self) -> None:
        """Start again from nothing: the event file was cut or replaced."""
        self.revision += 1
        self.state: State = "waiting"
        self.started: events.Started | None = None
        self.loss, self.smooth = Curve(), SmoothedCurve(self._weight)
        self.phases: dict[str, PhaseLoss] = {}  # by name: the total loss of each phase
        self._losses: RunLosses | None = None
        self.metrics: dict[str, Curve] = {}
        self.lowest: dict[str, tuple[float, int]] = {}  # by metric: the value and its epoch
        self.highest: dict[str, tuple[float, int]] = {}
        self.epochs = 0  # to reach
        self.lr: float | None = None
        self.rates, self.clock = Curve(), Clock()
        self.drops: list[float] = []  # epochs at which the learning rate dropped
        self.best: float | None = None  # epoch at which the best weights were saved
        self.views = Views()
        self.norms: dict[str, deque[float]] = {}  # of gradients, by node path
        self.problems: list[events.Problem] = []
        self.finished: events.Finished | None = None
        self.speed = Speed()
        self._steps = 1  # per epoch
        self._latest_rates: deque[float] = deque(maxlen=2)

    @property
    def is_over(self) -> bool:
        """Whether the run has ended according to its events."""
        return self.state in _ENDED.values()

    @property
    def extent(self) -> float:
        """The number of epochs that a chart has to cover: also those to come, unless the run is over.

        A long run gets a round number first, and a larger one when that is nearly full: with all epochs at once, its
        curves would be a line at the left for hours.
        """
        if self.is_over:
            return max(self.position, 1.0)
        epochs = max(float(self.epochs), 1.0)
        return max(self.position, epochs if epochs <= _FEW_EPOCHS else _room_for(self.position, epochs))

    @property
    def now(self) -> float | None:
        """The current epoch of a run that is not over; ``None`` for others."""
        return self.position if not self.is_over and 0 < self.position < self.epochs else None

    @property
    def steps_per_epoch(self) -> int:
        """The steps of one epoch, at least 1."""
        return self._steps

    def add(self, new_events: Iterable[Event]) -> None:
        """Add new events, in order."""
        for event in new_events:
            self._take(event)
            self.clock.add(event)
            self.revision += 1

    def set_smoothing(self, weight: float) -> None:
        """Smooth the losses with another weight."""
        if weight != self._weight:
            self._weight = weight
            self.smooth = SmoothedCurve(weight)
            self.smooth.add(self.loss.x, self.loss.y)
            for phase in self.phases.values():
                phase.set_smoothing(weight)
            self.revision += 1

    @property
    def names(self) -> list[str]:
        """The names of the metrics of each epoch, without ``train_`` or ``val_``."""
        return base_names(self.metrics)

    @property
    def losses(self) -> RunLosses:
        """The losses and phases of the run; none before it has started."""
        if self._losses is None and self.started is not None:
            self._losses = losses_of_run(self.path)
        return self._losses or RunLosses()

    @property
    def position(self) -> float:
        """The current epoch, with its fraction."""
        return self.speed.epoch

    @property
    def share(self) -> float | None:
        """The completed share, in [0, 1]; ``None`` while it is unknown."""
        return min(1.0, self.speed.epoch / self.epochs) if self.epochs and self.started else None

    def latest(self, name: str) -> float | None:
        """The latest value of a metric."""
        curve = self.metrics.get(name)
        return curve.last[1] if curve and curve.last else None

    def _take(self, event: Event) -> None:
        if event.view:
            self.views.add(event)
        match event:
            case events.StepDone():
                self._step(event)
            case events.EpochDone():
                self._epoch(event)
            case events.GradientNorms():
                for node, norm in event.norms.items():
                    self.norms.setdefault(node, deque(maxlen=MAX_NORMS)).append(norm)
            case events.CheckpointSaved():
                if event.best:
                    self._set_best(event.step / self._steps)
            case _:
                self._turn(event)

    def _turn(self, event: Event) -> None:
        """Apply an event that changes the state of the run."""
        match event:
            case events.Started():
                self.started, self.epochs, self.state = event, event.epochs, "running"
                self._steps = max(1, event.steps_per_epoch)
            case events.Resumed():
                self.state, self.finished = "running", None
                self.epochs = event.epochs or self.epochs
                self.speed.rest()
            case events.Paused():
                self.state = "paused"
            case events.Continued():
                self.state = "running"
                self.speed.rest()
            case events.Problem():
                self.problems.append(event)
            case events.Finished():
                self.finished, self.state = event, _ENDED[event.reason]
                if event.best_epoch:
                    self._set_best(float(event.best_epoch))

    def _set_best(self, epoch: float) -> None:
        self.best = epoch
        self.views.set_best(round(epoch))

    def _step(self, event: events.StepDone) -> None:
        import numpy as np

        y = np.asarray(event.losses, dtype=np.float64)
        x = np.arange(event.first_step, event.first_step + len(y)) / self._steps
        self.loss.add(x, y)
        self.smooth.add(x, y)
        for name, totals in event.phases.items():
            self.phases.setdefault(name, PhaseLoss(self._weight)).add(x, totals)
        self.lr = event.lr
        self.rates.add(np.array([event.epoch]), np.array([event.lr]))
        self._watch_rate(event)
        self.speed.report(event.t_s, event.epoch, event.samples_per_s)

    def _watch_rate(self, event: events.StepDone) -> None:
        """Record a drop of a rate that was constant before: smooth schedules have none."""
        rates = self._latest_rates
        was_constant = len(rates) == 2 and rates[0] == rates[1]
        if was_constant and 0 <= event.lr < _FALL * rates[1] and len(self.drops) < MAX_MARKS:
            self.drops.append(event.first_step / self._steps)
        rates.append(event.lr)

    def _epoch(self, event: events.EpochDone) -> None:
        import numpy as np

        for name, value in event.metrics.items():
            for extremes, is_beaten in ((self.lowest, operator.lt), (self.highest, operator.gt)):
                if math.isfinite(value) and (name not in extremes or is_beaten(value, extremes[name][0])):
                    extremes[name] = value, event.epoch
            self.metrics.setdefault(name, Curve()).add(np.array([float(event.epoch)]), np.array([value]))


def _room_for(epochs: float, most: float) -> float:
    """The smallest of 20, 50, 100, 200, 500 ... of which ``epochs`` are less than `_FULL`; at most ``most``."""
    scale = 1
    while True:
        for step in _STEPS:
            room = step * scale
            if room > _FULL * most:
                return most
            if epochs < _FULL * room:
                return float(room)
        scale *= 10
