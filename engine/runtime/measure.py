"""Measures the losses and metrics of a part of the data batch by batch, for training with or without phases."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from engine.codegen.expression import COUNT
from engine.codegen.field_usage import PhaseReads, Reads
from engine.runtime.load import Model, Outputs
from resources.snippets.training.draws import evaluation_draws
from resources.snippets.training.metrics import Measure, Metrics
from resources.snippets.training.phase_metrics import PhaseMetrics

Scores = Metrics | PhaseMetrics


def new_scores(model: Model, metrics: Measure) -> Scores:
    """Losses and metrics of no samples yet. ``metrics``: the model's, in their unit."""
    if model.scales:
        return PhaseMetrics(model.scales, metrics, model.reads.metric_targets)
    return Metrics(model.losses, metrics, model.reads.targets)


def add_batch(scores: Scores, model: Model, network: nn.Module, batch: dict[str, Tensor]) -> Outputs | None:
    """Measure a batch that is not trained on, exactly as an exported ``train.py`` does.

    Gives the outputs of the network without a phase, if they were needed: with phases only for metrics.
    """
    if isinstance(scores, Metrics):
        outputs = forward(model, network, batch)
        scores.add(outputs, batch)
        return outputs
    losses = {}
    for phase in model.loss_phases:
        outputs = network(**_arguments(phase, batch), phase=phase.name)
        losses[phase.name] = model.losses(outputs, batch, phase=phase.name)
    scores.add(losses, batch)
    if not model.reads.has_metrics:
        return None
    outputs = forward(model, network, batch)
    scores.add_outputs(outputs, batch)
    return outputs


@contextmanager
def evaluation_mode(model: Model, seed: int, epoch: int, device: torch.device) -> Iterator[None]:
    """A context for evaluation: no gradients, unless the network computes some itself.

    Its random numbers depend only on the ``seed`` of the run and the ``epoch``, counted from 0.
    """
    with contextlib.ExitStack() as stack:
        if not model.reads.all_needs.gradients:
            stack.enter_context(torch.inference_mode())
        if model.reads.all_needs.draws:
            stack.enter_context(evaluation_draws(seed, epoch, device))
        yield


def forward(model: Model, network: Callable[..., Outputs], batch: dict[str, Tensor]) -> Outputs:
    """The outputs of a network for a batch, which may have more fields for losses and metrics."""
    return network(**_arguments(model.reads, batch))


def _arguments(reads: Reads | PhaseReads, batch: dict[str, Tensor]) -> dict[str, Any]:
    """The arguments of ``forward`` for a batch."""
    arguments: dict[str, Any] = {name: batch[name] for name in reads.inputs}
    if reads.needs.count:
        arguments[COUNT] = len(next(iter(batch.values())))
    return arguments
