"""The work of one process on a run: from a checkpoint to an outcome, also after an error."""

import contextlib
from pathlib import Path

import torch

from engine.errors import EngineError
from engine.project import disk_errors, durable
from engine.runs.events import Event, Finished, Problem, Resumed, decode
from engine.runs.folder import RunFolder
from engine.runtime.checkpoints.environment import differences, environment
from engine.runtime.checkpoints.manifest import ProcessMetadata
from engine.runtime.checkpoints.run_folder_check import source_hashes
from engine.runtime.checkpoints.run_length import length_record, recorded_length, run_schedule_mode
from engine.runtime.load import load_model
from engine.runtime.placement import Placement
from engine.runtime.training.control import Control
from engine.runtime.training.crash_log import log_crash
from engine.runtime.training.create import make_loader
from engine.runtime.training.diagnostics import Views
from engine.runtime.training.failure import diagnosis, explain
from engine.runtime.training.job import Emit, Outcome, Reason
from engine.runtime.training.learner import Learner
from engine.runtime.training.loop import Loop, LoopSettings, NotFinite
from engine.runtime.training.recorder import Recorder
from engine.runtime.training.resumption import Resumption
from engine.runtime.training.step_losses import StepLosses
from engine.runtime.training_setup.prepare import Prepared
from resources.snippets.units import Units


class Session:
    """Training in one run folder, which the caller holds."""

    def __init__(
        self, folder: RunFolder, prepared: Prepared, placement: Placement, task: Resumption, emit: Emit
    ) -> None:
        self.folder, self.prepared, self.placement = folder, prepared, placement
        self.device = placement.device
        self.task, self.checkpoint, self.length, self.emit = task, task.checkpoint, task.length, emit
        self.epochs = task.length.epochs
        self.threads = int(self.checkpoint.metadata["threads"])
        self.model = load_model(prepared.source.text, prepared.project, folder.model)
        self.units: Units | None = None

    def run(self, *, is_new: bool) -> Outcome:
        """Train to the end, or until a request to stop."""
        torch.set_num_threads(self.threads)
        self.placement.make_repeatable()
        control = Control(self.folder.desired)
        recorder = Recorder(self.folder, self.emit, float(self.checkpoint.metadata["began"]))
        with log_crash(self.folder.log), contextlib.closing(recorder), control.signals():
            self._announce(recorder, is_new=is_new)
            try:
                learner, loop = self._learner_and_loop(recorder, control)
            except Exception as error:
                raise explain(error, self.prepared, self.device) from error
            try:
                with self.folder.report_removal():
                    reason = loop.run()
            except NotFinite as error:
                reason = self._record_failure(
                    recorder, diagnosis(learner, loop.loader, self.folder, self.prepared, error.step)
                )
            except Exception as error:  # noqa: BLE001 (re-raised unless a person can act on it)
                reason = self._record_failure(recorder, explain(error, self.prepared, self.device))
            return self._record_end(recorder, learner, reason, is_interrupted=control.is_interrupted)

    def _announce(self, recorder: Recorder, *, is_new: bool) -> None:
        if is_new:
            lines = self.folder.events.read_bytes().splitlines()
            for event in map(decode, lines):
                if event:
                    self.emit(event)
            return
        now = environment(self.device, self.threads)
        text = differences(self.checkpoint.metadata, now)
        before = recorded_length(self.checkpoint.metadata, self.prepared.project)
        mode = run_schedule_mode(self.prepared.project, before, self.length)
        ends = tuple(leg.end for leg in self.length.legs)
        recorder.event(
            Resumed(
                self.checkpoint.step, self.epochs, now["device"], self.threads, text, mode or "", ends, self.task.note
            )
        )
        for warning in self.task.warnings:
            recorder.event(Problem.of(warning))

    def _learner_and_loop(self, recorder: Recorder, control: Control) -> tuple[Learner, Loop]:
        loader = make_loader(self.prepared, self.model, self.device)
        before = self.checkpoint.metadata
        self.units = self.prepared.units() if before.get("in_unit") else None
        project, steps = self.prepared.project, loader.steps_per_epoch
        learner = Learner(self.model, project, self.device, steps, self.length.legs, self.units)
        learner.restore(self.checkpoint)
        metadata: ProcessMetadata = {
            "began": before["began"],
            "in_unit": before.get("in_unit", False),
            **length_record(self.length),
            "graph_hash": before["graph_hash"],
            **source_hashes(self.prepared.step_hashes),
            "project_hash": before["project_hash"],
            "data_hash": before.get("data_hash", ""),
            "first_event": before.get("first_event", ""),
            **environment(self.device, self.threads),
        }
        loop = Loop(
            learner,
            loader,
            self.folder,
            recorder,
            control,
            LoopSettings(self.epochs, self._views, metadata, StepLosses(learner.phase_names, self.checkpoint.metadata)),
        )
        return learner, loop

    def _views(self) -> Views | None:
        comparison = self.model.reads.first
        if comparison is None:
            return None
        data = self.prepared.data
        names = data.class_names.get(comparison.field, ())
        return Views(comparison, names, data.validation.index.tolist(), self.units)

    def _record_failure(self, recorder: Recorder, wrong: EngineError) -> Reason:
        """Record what went wrong; where even that cannot be written, it is raised."""
        try:
            recorder.event(Problem(wrong.code, "error", wrong.message, wrong.hint, wrong.node))
        except EngineError:
            raise wrong from None
        return "failed"

    def _record_end(self, recorder: Recorder, learner: Learner, reason: Reason, *, is_interrupted: bool) -> Outcome:
        position, note = learner.position, self._note(learner, reason)
        event: Event = Finished(
            reason,
            position.epoch,
            position.metrics,
            position.best,
            position.best_epoch,
            step=position.step,
            seconds=round(position.seconds, 3),
            note=note,
        )
        recorder.event(event)
        recorder.sync()
        return Outcome(
            self.folder.path,
            reason,
            position.epoch,
            position.metrics,
            position.best,
            position.best_epoch,
            is_interrupted,
            note,
        )

    def _note(self, learner: Learner, reason: Reason) -> str:
        stop, position = learner.project.training.early_stop, learner.position
        if reason != "completed" or stop is None or not position.is_over or position.epoch >= self.epochs:
            return ""
        epochs = "1 epoch" if stop.patience == 1 else f"{stop.patience} epochs"
        return f"Early stopping ended it before epoch {self.epochs}: {stop.watch} had not got better for {epochs}."


def write_losses(path: Path | None, losses: bytes) -> None:
    """Write the losses to a file that a person named. Raises: ``EngineError``."""
    if path is None:
        return
    try:
        durable.replace(path, losses)
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error
