"""The losses and metrics of a whole part of the data, from its batches."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Outputs = Tensor | dict[str, Tensor]
Measure = Callable[[Outputs, dict[str, Tensor]], dict[str, Tensor]]
MAX_KEPT_VALUES = 16_000_000  # more are measured in pieces


class Metrics:
    """Keeps the outputs and targets of every batch until `result`.

    Metrics that are not means over batches (F1, R2, RMSE) are then exact. Parts of the data that are too large to keep
    are measured in pieces, whose metrics are averaged by their numbers of samples.
    """

    def __init__(
        self,
        losses: Measure,
        metrics: Measure,
        targets: Sequence[str],
        max_kept_values: int = MAX_KEPT_VALUES,
    ) -> None:
        self.losses, self.metrics, self.targets, self.max_kept_values = (
            losses,
            metrics,
            targets,
            max_kept_values,
        )
        self.outputs: dict[str, list[Tensor]] = {}
        self.batches: dict[str, list[Tensor]] = {name: [] for name in targets}
        self.is_single_output = False  # the network returns a tensor, not a dict of them
        self.samples = 0  # kept
        self.kept_values = 0
        self.measured_samples = 0
        self.sums: dict[str, float] = {}

    def add(self, outputs: Outputs, batch: dict[str, Tensor]) -> None:
        """Keep one batch; nothing is computed, so nothing is waited for."""
        samples = len(next(iter(batch.values())))
        self.is_single_output = not isinstance(outputs, dict)
        by_name = outputs if isinstance(outputs, dict) else {"": outputs}
        has_batch_axis = True
        for name, values in by_name.items():
            self.outputs.setdefault(name, []).append(values.detach())
            self.kept_values += values.numel()
            has_batch_axis = has_batch_axis and values.dim() > 0 and values.shape[0] == samples
        for name, pieces in self.batches.items():
            pieces.append(batch[name])
            self.kept_values += batch[name].numel()
        self.samples += samples
        if self.kept_values > self.max_kept_values or not has_batch_axis:
            self.measure()

    def measure(self) -> None:
        """Measure what is kept, and drop it."""
        if not self.samples:
            return
        joined = {name: join(pieces) for name, pieces in self.outputs.items()}
        outputs: Outputs = joined[""] if self.is_single_output else joined
        batch = {name: join(pieces) for name, pieces in self.batches.items()}
        with torch.no_grad():
            losses = dict(self.losses(outputs, batch))
            total = losses.pop("total")
            values_by_name = losses | self.metrics(outputs, batch) | {"loss": total}
        for name, value in values_by_name.items():
            self.sums[name] = self.sums.get(name, 0.0) + float(value) * self.samples
        self.measured_samples += self.samples
        self.outputs, self.batches = {}, {name: [] for name in self.targets}
        self.samples = self.kept_values = 0

    def result(self) -> dict[str, float]:
        """Every loss and metric by name; ``loss`` is the weighted total of the losses."""
        self.measure()
        return {name: total / self.measured_samples for name, total in self.sums.items()}


def join(pieces: list[Tensor]) -> Tensor:
    """The pieces as one tensor; a single one as it is."""
    return pieces[0] if len(pieces) == 1 else torch.cat(pieces)
