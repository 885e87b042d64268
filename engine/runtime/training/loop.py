"""The training loop: steps, and between them reports, checkpoints and requests, at a bounded rate."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from engine.errors import RunProblem
from engine.project import disk_errors
from engine.runs.desired import DesiredState
from engine.runs.events import CheckpointSaved, Continued, EpochDone, Paused, StepDone
from engine.runs.folder import RunFolder
from engine.runtime.checkpoints import checkpoint, random_state
from engine.runtime.checkpoints.manifest import ProcessMetadata, RunMetadata
from engine.runtime.data.batch_loader import BatchLoader
from engine.runtime.measure import add_batch, evaluation_mode
from engine.runtime.training.control import Control
from engine.runtime.training.diagnostics import Gradients, Views
from engine.runtime.training.earlier_weights import at_step
from engine.runtime.training.job import Reason
from engine.runtime.training.learner import Learner
from engine.runtime.training.recorder import Recorder
from engine.runtime.training.sample_pictures import SamplePictures
from engine.runtime.training.step_losses import StepLosses
from resources.snippets.training.early_stop import is_best

LOOK_S = 0.05  # between two reads of losses: 20 reports a second
REQUEST_S = 0.1
SAVE_S = 10.0
VIEW_S = 0.5  # between two recordings of the network
XRAY_S = 0.1  # the same for nodes that a person watches
WAIT_S = 0.05  # between two checks of the request to a paused run


class NotFinite(Exception):
    """The loss of a step, or a weight after it, is nan or infinite."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """The settings of a loop: ``epochs`` to reach, what to measure after an epoch, ``metadata`` for every checkpoint.

    ``losses``: those that a resumed run had not reported yet.
    """

    epochs: int
    views: Callable[[], Views | None]
    metadata: ProcessMetadata
    losses: StepLosses


class Loop:
    """Trains a learner to the end."""

    def __init__(
        self,
        learner: Learner,
        loader: BatchLoader,
        folder: RunFolder,
        recorder: Recorder,
        control: Control,
        settings: LoopSettings,
    ) -> None:
        self.learner, self.loader, self.folder = learner, loader, folder
        self.recorder, self.control = recorder, control
        self.settings, self.epochs = settings, settings.epochs
        self._gradients = Gradients(learner.project, learner.network)
        self._samples = SamplePictures(learner, folder)
        self._losses = settings.losses
        now = time.monotonic()
        self._worked_from = self._saved_at = self._reported_at = now
        self._seconds_before = learner.position.seconds
        self._looked_at = self._request_at = self._viewed_at = self._gradients_at = -math.inf
        self._xray: tuple[str, ...] = ()
        self._epoch_from = now
        self._sample_count = 0  # learned since the last report
        self._viewed: set[int] = set()  # epochs of which confusion and samples were recorded

    def run(self) -> Reason:
        """Train until the last epoch, or until a request to stop. Raises: `NotFinite`, ``EngineError``."""
        position = self.learner.position
        is_stopped = self._follow_request()
        while not is_stopped and position.epoch < self.epochs and not position.is_over:
            is_stopped = self._epoch()
        self._read()
        self._report()
        self._view_rest()
        return "stopped" if is_stopped else "completed"

    def _epoch(self) -> bool:
        """Train an epoch, or the rest of one; returns whether a request to stop ended it."""
        learner, position = self.learner, self.learner.position
        last = self.loader.steps_per_epoch
        size = self.learner.project.training.batch_size
        self._epoch_from = time.monotonic()
        for batch in self.loader.batches(position.epoch, position.batch):
            loss, results = learner.learn(batch)
            learner.scores.add(results, batch)
            position.step += 1
            position.batch += 1
            self._losses.add(loss, results)
            self._sample_count += size
            now = time.monotonic()
            if now - self._looked_at >= LOOK_S and position.batch < last and self._look(now):
                return True
        self._end_epoch()
        return self._follow_request()

    def _look(self, now: float) -> bool:
        """Do what is due between two steps; returns whether to stop."""
        self._looked_at = now
        self._read()
        self._report()
        self._record_gradients(now)
        if now - self._saved_at >= SAVE_S:
            self.save()
        return now - self._request_at >= REQUEST_S and self._follow_request()

    def _follow_request(self) -> bool:
        """Follow the request to the run; returns whether to stop."""
        self._request_at = time.monotonic()
        if self.folder.has_vanished:  # its open files could be written to for ever
            raise self.folder.removal_problem()
        desired = self.control.look()
        request, self._xray = desired.state, desired.xray
        if request == "pause":
            request = self._pause()
        if request == "stop":
            self.save()
        return request == "stop"

    def _pause(self) -> DesiredState:
        self.save()
        self._report()
        step = self.learner.position.step
        self.recorder.event(Paused(step))
        began = time.monotonic()
        while (request := self.control.look().state) == "pause":
            time.sleep(WAIT_S)
        pause_s = time.monotonic() - began
        self._worked_from += pause_s
        self._epoch_from += pause_s
        self._reported_at += pause_s
        if request == "run":
            self.recorder.event(Continued(step))
        return request

    def _read(self) -> None:
        """Fetch the losses from the device, once for all steps since the last time. Raises: `NotFinite`."""
        values = self._losses.read()
        if not values:
            return
        self.recorder.losses(values)
        wrong = next((place for place, value in enumerate(values, 1) if not math.isfinite(value)), None)
        if wrong is not None:
            self._report()
            raise NotFinite(self.learner.position.step - len(values) + wrong)

    def _report(self) -> None:
        """Report the losses that were read and not reported yet."""
        losses = self._losses
        if not losses.totals:
            return
        now, position = time.monotonic(), self.learner.position
        first = position.step - losses.unread - len(losses.totals) + 1
        epoch = position.epoch + position.batch / max(1, self.loader.steps_per_epoch)
        speed = self._sample_count / max(1e-9, now - self._reported_at)
        phases = {name: tuple(values) for name, values in losses.by_phase.items()}
        self.recorder.event(StepDone(first, tuple(losses.totals), epoch, self.learner.lr, speed, phases))
        losses.forget()
        self._sample_count, self._reported_at, self._looked_at = 0, now, now

    def _record_gradients(self, now: float) -> None:
        if now - self._gradients_at < (XRAY_S if self._xray else VIEW_S):
            return
        self._gradients_at = now
        norms = self._gradients.norms(self._xray, self.learner.position.step)
        if norms:
            self.recorder.event(norms)

    def _end_epoch(self) -> None:
        learner, position = self.learner, self.learner.position
        self._read()
        report = {f"train_{name}": value for name, value in learner.scores.result().items()}
        learner.scores = learner.new_metrics()
        learner.average_epoch(self.loader.batches(position.epoch), position.epoch)
        views = self._due_views()
        if self.loader.validation:
            held_out = self._validate(views, position.epoch)
            report |= {f"val_{name}": value for name, value in held_out.items()}
        position.epoch, position.batch, position.metrics = position.epoch + 1, 0, report
        learner.end_epoch(report, position.epoch - 1)
        is_best = self._compare(report)
        now = time.monotonic()
        if now - self._looked_at >= LOOK_S or position.epoch >= self.epochs or position.is_over:
            self._report()
        self.recorder.event(EpochDone(position.epoch, report, now - self._epoch_from, step=position.step))
        if views:
            self._show(views, position.epoch)
        if samples := self._samples.draw(position.epoch):
            self.recorder.event(samples)
        self.save(is_best=is_best)

    def _show(self, views: Views, epoch: int) -> None:
        self._viewed.add(epoch)
        for event in (views.confusion(epoch), views.predictions(epoch)):
            if event:
                self.recorder.event(event)

    def _view_rest(self) -> None:
        """Measure the last epoch and the best one, if they were too short to be measured during training."""
        position = self.learner.position
        last = position.epoch if position.batch == 0 and position.epoch > 0 else None
        for epoch, step in ((last, None), (position.best_epoch, position.best_step)):
            if (
                epoch is None
                or epoch in self._viewed
                or not (self.loader.validation and (views := self.settings.views()))
            ):
                continue
            with at_step(self.learner, self.folder, step) as is_there:
                if is_there:
                    self._validate(views, epoch - 1)
                    self._show(views, epoch)

    def _due_views(self) -> Views | None:
        now = time.monotonic()
        if not self.loader.validation:
            return None
        if now - self._viewed_at < VIEW_S and self.learner.position.epoch + 1 < self.epochs:
            return None
        self._viewed_at = now
        return self.settings.views()

    def _validate(self, views: Views | None, epoch: int) -> dict[str, float]:
        return measure(self.learner, self.loader, self.loader.validation, epoch, views)

    def _compare(self, report: dict[str, float]) -> bool:
        """Update the best metrics and early stopping; returns whether this epoch is the best."""
        learner, position = self.learner, self.learner.position
        metric = learner.best_metric
        is_better = metric is None or is_best(
            report, position.best, metric.name, lower_is_better=metric.lower_is_better
        )
        if is_better:
            position.best, position.best_epoch, position.best_step = dict(report), position.epoch, position.step
        if learner.early_stop and learner.project.training.early_stop:
            position.is_over = learner.early_stop.is_over(report[learner.project.training.early_stop.watch])
        return is_better

    def save(self, *, is_best: bool = False) -> None:
        """Add a checkpoint, and delete old ones. Raises: `NotFinite`, and ``EngineError`` when the disk fails."""
        self._read()
        learner, position = self.learner, self.learner.position
        if not learner.is_finite():
            raise NotFinite(position.step + 1)
        position.seconds = self._seconds_before + time.monotonic() - self._worked_from
        offsets = self.recorder.sync()
        metadata: RunMetadata = {
            **self.settings.metadata,
            "offsets": offsets.state(),
            **self._losses.state(),
        }
        keep = {position.best_step} if position.best_step is not None else set()
        try:
            is_new = checkpoint.save(self.folder.checkpoints, learner.capture(metadata))
            checkpoint.prune(self.folder.checkpoints, keep)
        except OSError as error:
            raise disk_errors.problem("save a checkpoint in", self.folder.checkpoints, error) from error
        self._saved_at = time.monotonic()
        if is_new:
            self.recorder.event(CheckpointSaved(position.step, is_best))


def measure(
    learner: Learner, loader: BatchLoader, fields: dict[str, Tensor], epoch: int, views: Views | None = None
) -> dict[str, float]:
    """The losses and metrics of a part after an epoch, counted from 0; the network is left as it was."""
    scores = learner.new_metrics()
    network = learner.evaluated
    network.eval()
    with evaluation_mode(learner.model, learner.project.training.seed, epoch, learner.device):
        for batch in loader.part_batches(fields):
            outputs = add_batch(scores, learner.model, network, batch)
            if views and outputs is None and learner.model.reads.has_outputs:
                with random_state.fork(learner.device):
                    outputs = learner.forward(batch)
            if views and outputs is not None:
                views.add(outputs, batch)
        results = scores.result()
    network.train()
    if not results:
        raise RunProblem("This part of the data has no samples.", code="R014")
    return results
