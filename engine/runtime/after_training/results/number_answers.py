"""The answers of a network that predicts numbers, and their metrics in the unit of the data."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.protocol.result_answers import ColumnMetrics, NumberMetrics, NumberResults
from engine.runtime.training_setup.question import Question
from engine.runtime.worst_samples import errors
from resources.snippets.metrics.errors import mean_absolute_error, r2_score, root_mean_squared_error
from resources.snippets.units import Units

MAX_KEPT = 2**23  # numbers that are kept: 128 MiB with their truth
MAX_COLUMNS = 20  # with metrics of their own
MAX_POINTS = 1500
BINS = 41


@dataclass(slots=True)
class NumberAnswers:
    """Answers and truths in the unit of the data. ``samples``: that will come. ``units``: of outputs and fields.

    ``kept_values``, ``kept_truth``: of every ``every``-th sample, (samples, columns). ``error``: of each sample.
    """

    question: Question
    samples: int
    units: Units | None = None
    every: int = 1
    lost: int = 0  # samples whose answer is not a number
    error: list[Tensor] = field(default_factory=list)
    kept_values: list[Tensor] = field(default_factory=list)
    kept_truth: list[Tensor] = field(default_factory=list)
    kept_at: list[Tensor] = field(default_factory=list)
    answer_count: int = 0

    def in_unit(self, output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Answers and truths of a batch, (samples, columns), in the unit of the data if that of the output is known."""
        units = self.units
        if units is not None and self.question.key in units.outputs:
            output = units.of_output(self.question.key, output)
            target = units.of_field(self.question.comparison.field, target)
        count = len(target)
        answer, truth = output.cpu().reshape(count, -1), target.cpu().reshape(count, -1)
        return answer.double(), truth.double()

    def add(self, output: Tensor, target: Tensor) -> None:
        """One batch: an output of the network and the field that it is compared with, on any device."""
        answer, truth = self.in_unit(output, target)
        if not self.kept_values:
            self.every = max(1, -(-self.samples * truth.shape[1] // MAX_KEPT))
        self.error.append(errors(answer, truth, is_class=False))
        valid = answer.isfinite().all(1)
        self.lost += int((~valid).sum())
        at = torch.arange(self.answer_count, self.answer_count + len(answer))
        selection = valid & (at % self.every == 0)
        self.answer_count += len(answer)
        self.kept_values.append(answer[selection])
        self.kept_truth.append(truth[selection])
        self.kept_at.append(at[selection])

    @property
    def all_errors(self) -> Tensor:
        """The error of each sample: the mean distance of its numbers from the truth."""
        return torch.cat(self.error)

    @property
    def pairs(self) -> tuple[Tensor, Tensor]:
        """The answers and truths that are kept."""
        return torch.cat(self.kept_values), torch.cat(self.kept_truth)


def number_results(answers: NumberAnswers, names: tuple[str, ...], unit: str, measure: str) -> NumberResults:
    """The metrics of all answers. ``names``: of the columns. ``unit``, ``measure``: see `NumberResults`."""
    answer, truth = answers.pairs
    columns = range(answer.shape[1]) if 1 < answer.shape[1] <= MAX_COLUMNS else ()
    column_metrics: list[ColumnMetrics] = [
        {"name": names[at] if at < len(names) else str(at), **_metrics(answer[:, at], truth[:, at])} for at in columns
    ]
    edges, counts = _histogram((answer - truth).flatten())
    return {
        "unit": unit,
        "measure": measure,
        **_metrics(answer, truth),
        "columns": column_metrics,
        "points": _points(answers, answer, truth),
        "edges": edges,
        "counts": counts,
        "counted_every": answers.every,
    }


def _metrics(answer: Tensor, truth: Tensor) -> NumberMetrics:
    return {
        "mae": float(mean_absolute_error(answer, truth)),
        "rmse": float(root_mean_squared_error(answer, truth)),
        "r2": float(r2_score(answer, truth)),
    }


def _points(answers: NumberAnswers, answer: Tensor, truth: Tensor) -> list[tuple[int, float, float]]:
    """Evenly many of all samples, with the first number of each."""
    step = max(1, -(-len(answer) // MAX_POINTS))
    at = torch.cat(answers.kept_at)[::step].tolist()
    return list(zip(at, truth[::step, 0].tolist(), answer[::step, 0].tolist(), strict=True))


def _histogram(residuals: Tensor) -> tuple[list[float], list[int]]:
    """Bins on both sides of 0 with equal widths; the outermost hold what is beyond nearly all residuals."""
    if not len(residuals):
        return [], []
    most = float(residuals.abs().kthvalue(max(1, round(0.995 * len(residuals)))).values) or 1.0
    edges = torch.linspace(-most, most, BINS + 1, dtype=torch.float64)
    place = torch.bucketize(residuals, edges[1:-1])
    return edges.tolist(), torch.bincount(place, minlength=BINS).tolist()
