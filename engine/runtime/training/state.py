"""The state of a training step and of its metrics, as tensors and JSON."""

import torch
from torch import Tensor

from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.manifest import MetricsState, PhaseMetricsState, PhaseState, ScoreState, StepState
from engine.runtime.load import Phase, PhasedStep, Training
from engine.runtime.measure import Scores
from engine.runtime.training.optimization import (
    Names,
    Optimizer,
    optimizer_state,
    restore_optimizer,
    restore_schedule,
    schedule_state,
)
from resources.snippets.training.metrics import Metrics, join
from resources.snippets.training.phase_metrics import PhaseMetrics

Tensors = dict[str, Tensor]


def optimizers(training: Training) -> dict[str, Optimizer]:
    """The optimizers by phase; that of a step without phases has the name ``""``."""
    if isinstance(training, PhasedStep):
        return {name: phase.optimizer for name, phase in training.phases.items()}
    return {"": training.optimizer}


def step_state(training: Training, names: Names) -> tuple[Tensors, StepState]:
    """The state of every optimizer and LR schedule, and of every phase."""
    if not isinstance(training, PhasedStep):
        tensors, rest = optimizer_state(training.optimizer, names)
        schedule = getattr(training, "schedule", None)
        schedule_entries = schedule_state(schedule) if schedule else None
        return {f"optimizer/{name}": value for name, value in tensors.items()}, {
            "optimizer": rest,
            "pace": schedule_entries,
        }
    state: Tensors = {}
    phases: dict[str, PhaseState] = {}
    for name, phase in training.phases.items():
        tensors, rest = optimizer_state(phase.optimizer, names)
        state |= {f"phases/{name}/optimizer/{key}": value for key, value in tensors.items()}
        state |= {
            f"phases/{name}/gradients/{names[weight]}": cpu_copy(gradient)
            for weight, gradient in zip(phase.weights, phase.gradients, strict=True)
            if gradient is not None
        }
        schedule_entries = schedule_state(phase.schedule) if phase.schedule else None
        phases[name] = {"optimizer": rest, "pace": schedule_entries, "passes": phase.passes}
    return state, {"phases": phases}


def restore_step(training: Training, names: Names, checkpoint: Checkpoint) -> None:
    """Restore the `step_state` of a checkpoint.

    Raises: ``KeyError``, ``ValueError``, ``TypeError`` when it is of another step.
    """
    metadata = checkpoint.metadata
    if not isinstance(training, PhasedStep):
        schedule = getattr(training, "schedule", None)
        if schedule and metadata["pace"]:
            restore_schedule(schedule, metadata["pace"])
        restore_optimizer(training.optimizer, names, checkpoint.part("optimizer"), metadata["optimizer"])
        return
    for name, phase in training.phases.items():
        state = metadata["phases"][name]
        _restore_phase(phase, names, checkpoint, f"phases/{name}", state)


def _restore_phase(phase: Phase, names: Names, checkpoint: Checkpoint, place: str, state: PhaseState) -> None:
    if phase.schedule and state["pace"]:
        restore_schedule(phase.schedule, state["pace"])
    restore_optimizer(phase.optimizer, names, checkpoint.part(f"{place}/optimizer"), state["optimizer"])
    phase.passes = state["passes"]
    gradients = checkpoint.part(f"{place}/gradients")
    saved = [gradients.get(names[weight]) for weight in phase.weights]
    if any(
        gradient is not None and gradient.shape != weight.shape
        for weight, gradient in zip(phase.weights, saved, strict=True)
    ):
        raise ValueError("gradients of other shapes than the weights")
    phase.gradients = [
        None if gradient is None else gradient.to(weight.device)
        for weight, gradient in zip(phase.weights, saved, strict=True)
    ]


def score_state(scores: Scores) -> tuple[Tensors, ScoreState]:
    """The state of the losses and metrics of an epoch that has begun."""
    tensors: Tensors = {}
    if isinstance(scores, PhaseMetrics):
        tensors = {f"losses/{name}": cpu_copy(torch.stack(values)) for name, values in scores.unread.items()}
        means: PhaseMetricsState = {
            "samples": {name: list(sizes) for name, sizes in scores.samples.items()},
            "sums": dict(scores.sums),
            "counts": dict(scores.counts),
        }
        return tensors, {"means": means}
    for kind, lists in (("outputs", scores.outputs), ("batches", scores.batches)):
        tensors |= {f"{kind}/{name}": cpu_copy(join(pieces)) for name, pieces in lists.items() if pieces}
    metrics: MetricsState = {
        "bare": scores.is_single_output,
        "rows": scores.samples,
        "kept": scores.kept_values,
        "measured": scores.measured_samples,
        "sums": dict(scores.sums),
    }
    return tensors, {"figures": metrics}


def restore_scores(scores: Scores, checkpoint: Checkpoint, device: torch.device) -> None:
    """Restore the `score_state` of a checkpoint.

    Raises: ``KeyError``, ``ValueError`` when it has none.
    """
    if isinstance(scores, PhaseMetrics):
        means = checkpoint.metadata["means"]
        scores.sums, scores.counts, scores.samples = means["sums"], means["counts"], means["samples"]
        losses = checkpoint.part("losses")
        if {name: len(values) for name, values in losses.items()} != {
            name: len(sizes) for name, sizes in scores.samples.items()
        }:
            raise ValueError("losses and their numbers of samples")
        scores.unread = {name: list(values.to(device).unbind()) for name, values in losses.items()}
        return
    _restore_metrics(scores, checkpoint, device)


def _restore_metrics(scores: Metrics, checkpoint: Checkpoint, device: torch.device) -> None:
    state = checkpoint.metadata["figures"]
    scores.is_single_output, scores.samples, scores.kept_values = state["bare"], state["rows"], state["kept"]
    scores.measured_samples, scores.sums = state["measured"], state["sums"]
    scores.outputs = {name: [value.to(device)] for name, value in checkpoint.part("outputs").items()}
    for name, value in checkpoint.part("batches").items():
        scores.batches[name] = [value.to(device)]


def cpu_copy(value: Tensor) -> Tensor:
    """A copy on the CPU, without its history."""
    return value.detach().cpu().clone(memory_format=torch.contiguous_format)
