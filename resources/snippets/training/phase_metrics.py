"""The losses of every phase and the metrics of a whole part of the data, from its batches."""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from resources.snippets.training.metrics import Measure, Metrics, Outputs

PhaseLosses = dict[str, dict[str, Tensor]]
"""The losses of a batch, by phase and name."""
MAX_UNREAD = 512  # values of a loss that are still on the device


class PhaseMetrics:
    """Keeps the losses of every pass, and the outputs from which metrics are computed, until `result`.

    A loss is the mean of its values, each with as much weight as its batch has samples; where no pass computed it, it
    is not a number. ``scales``: every loss with its factor in ``loss``, the sum of those that were computed.
    ``metrics``, ``targets``: as `Metrics` takes them.
    """

    def __init__(
        self,
        scales: Mapping[str, float],
        metrics: Measure = lambda *_: {},
        targets: Sequence[str] = (),
    ) -> None:
        self.scales = scales
        self.outputs = Metrics(lambda *_: {"total": torch.zeros(())}, metrics, targets)
        self.unread: dict[str, list[Tensor]] = {}
        self.samples: dict[str, list[int]] = {}
        self.sums: dict[str, float] = {}
        self.counts: dict[str, int] = {}

    def add(self, losses: PhaseLosses, batch: dict[str, Tensor]) -> None:
        """Keep the losses of one batch; nothing is waited for."""
        size = len(next(iter(batch.values())))
        for values in losses.values():
            for name, value in values.items():
                if name in self.scales:
                    self.unread.setdefault(name, []).append(value.detach())
                    self.samples.setdefault(name, []).append(size)
                    if len(self.unread[name]) >= MAX_UNREAD:
                        self.read(name)

    def add_outputs(self, outputs: Outputs, batch: dict[str, Tensor]) -> None:
        """Keep the outputs for one batch, which metrics are computed from."""
        self.outputs.add(outputs, batch)

    def read(self, name: str) -> None:
        """Fetch the values of a loss from the device."""
        values, samples = self.unread.pop(name, []), self.samples.pop(name, [])
        if values:
            pairs = zip(torch.stack(values).tolist(), samples, strict=True)
            self.sums[name] = sum((value * size for value, size in pairs), self.sums.get(name, 0.0))
            self.counts[name] = self.counts.get(name, 0) + sum(samples)

    def result(self) -> dict[str, float]:
        """Every loss and metric by name; ``loss`` is the weighted sum of the losses."""
        for name in self.scales:
            self.read(name)
        means = {
            name: self.sums[name] / self.counts[name] for name in self.scales if name in self.counts
        }
        metrics = self.outputs.result()
        metrics.pop("loss", None)
        losses = {name: means.get(name, math.nan) for name in self.scales}
        total = (
            sum(self.scales[name] * value for name, value in means.items()) if means else math.nan
        )
        return {**losses, **metrics, "loss": total}
