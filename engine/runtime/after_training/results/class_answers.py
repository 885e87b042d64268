"""The answers of a network that chooses classes, collected batch by batch in bounded memory."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.runtime.training_setup.question import Question
from engine.runtime.worst_samples import NONE, class_errors
from resources.snippets.metrics.scores import ClassCounts

MAX_KEPT = 2**24  # probabilities that are kept for curves: 64 MiB
MAX_MATRIX = 200  # classes of a confusion matrix


@dataclass(slots=True)
class ClassAnswers:
    """The answers so far: counts of all of them, and a few numbers of each sample, or of some answers.

    ``samples``: how many there will be. ``threshold``: of two classes, see `ClassResults`. ``truth``, ``predicted``:
    of each sample, -1 where it has many answers. ``error``, ``sure``: likewise; a sample is as sure as the predicted
    class is likelier than the next one. ``kept_values``, ``kept_truth``: of every ``every``-th answer.
    """

    question: Question
    samples: int
    threshold: float | None = None
    names: tuple[str, ...] = ()
    every: int = 1
    lost: int = 0  # answers that are not numbers
    matrix: Tensor | None = None
    counts: ClassCounts | None = None
    truth: list[Tensor] = field(default_factory=list)
    predicted: list[Tensor] = field(default_factory=list)
    error: list[Tensor] = field(default_factory=list)
    sure: list[Tensor] = field(default_factory=list)
    kept_values: list[Tensor] = field(default_factory=list)
    kept_truth: list[Tensor] = field(default_factory=list)
    answer_count: int = 0
    is_single: bool = True  # one answer for each sample, or one of each tag

    @property
    def is_tags(self) -> bool:
        """Whether each class is a decision of its own."""
        return self.question.task == "tags"

    @property
    def has_two(self) -> bool:
        """Whether a threshold decides between two classes."""
        return not self.is_tags and len(self.names) == 2

    def text(self, answer: Tensor) -> str:
        """The name of a class, or those of the tags that are on."""
        if self.is_tags:
            return ", ".join(name for name, on in zip(self.names, answer.tolist(), strict=True) if on) or "none"
        number = int(answer)
        return self.names[number] if 0 <= number < len(self.names) else f"class {number}"

    def predict(self, shares: Tensor) -> Tensor:
        """The predicted class of each answer; of tags, 0 and 1."""
        if self.is_tags:
            return (shares > 0.5).long()
        if self.has_two and self.threshold is not None:
            return (shares[:, 1] > self.threshold).long()
        return shares.argmax(1)

    def add(self, scores: Tensor, target: Tensor) -> None:
        """One batch: an output of the network and the field that it is compared with, on any device."""
        shares, truth = (each.cpu() for each in self.question.shares(scores.float(), target))
        self._begin(shares)
        predicted = self.predict(shares)
        rows, row_truth = _rows(shares), (_rows(truth) if self.is_tags else truth.flatten())
        row_predicted = _rows(predicted) if self.is_tags else predicted.flatten()
        labels = row_truth if self.is_tags else row_truth[:, None]
        valid = ((labels >= 0) & (labels < len(self.names))).all(1) & rows.isfinite().all(1)
        self.lost += int((~rows.isfinite().all(1)).sum())
        self._count(row_truth[valid], row_predicted[valid])
        self._add_samples(shares, truth, predicted)
        at = torch.arange(self.answer_count, self.answer_count + len(rows))
        self.answer_count += len(rows)
        selection = valid & (at % self.every == 0)
        self.kept_values.append(rows[selection])
        self.kept_truth.append(row_truth[selection])

    def _begin(self, shares: Tensor) -> None:
        if self.names:
            return
        self.names = self.question.class_names(shares.shape[1])
        whole = self.samples * (shares[:1].numel())
        self.every = max(1, -(-whole // MAX_KEPT))

    def _count(self, truth: Tensor, predicted: Tensor) -> None:
        classes = len(self.names)
        if self.is_tags:
            counts = ClassCounts((truth & predicted).sum(0), predicted.sum(0), truth.sum(0))
        else:
            columns = (truth[truth == predicted], predicted, truth)
            counts = ClassCounts(*(torch.bincount(each, minlength=classes) for each in columns))
            if classes <= MAX_MATRIX:
                pairs = torch.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes)
                self.matrix = pairs if self.matrix is None else self.matrix + pairs
        before = self.counts
        self.counts = ClassCounts(*map(torch.add, before, counts)) if before else counts

    def _add_samples(self, shares: Tensor, truth: Tensor, predicted: Tensor) -> None:
        """Error and sureness of each sample: the means of its answers."""
        count = len(shares)
        if self.is_tags:
            error = torch.where(truth == predicted, 0.0, (shares - truth).abs())
            sure = (2 * shares - 1).abs()
        else:
            error = _of_classes(shares, truth, predicted)
            top = shares.topk(2, dim=1).values if shares.shape[1] > 1 else torch.cat([shares, 0 * shares], 1)
            sure = top[:, 0] - top[:, 1]
            if self.has_two and self.threshold is not None:
                sure = (shares[:, 1] - self.threshold).abs()
        self.error.append(error.reshape(count, -1).mean(1).nan_to_num(nan=float("inf")))
        self.sure.append(sure.reshape(count, -1).mean(1))
        self.is_single = truth.dim() == (2 if self.is_tags else 1)
        single = truth.dim() == 1
        self.truth.append(truth if single else torch.full((count,), -1))
        self.predicted.append(predicted if single else torch.full((count,), -1))

    @property
    def all_errors(self) -> Tensor:
        """The error of each sample; not above 0 where it is right."""
        return torch.cat(self.error)


def _of_classes(shares: Tensor, truth: Tensor, predicted: Tensor) -> Tensor:
    """The error of each answer, at most 0 where it is right; with a threshold, the unlikelier class may be right."""
    rows = _rows(shares)
    flat_truth, flat_predicted = truth.flatten(), predicted.flatten()
    error = class_errors(rows, flat_truth)
    missed = (error == NONE) & (flat_truth != flat_predicted) & (flat_truth >= 0) & (flat_truth < rows.shape[1])
    tolerant = rows.gather(1, flat_truth.clamp(0, rows.shape[1] - 1)[:, None])[:, 0]
    error = torch.where(missed, 1 - tolerant, error)
    return torch.where(flat_truth == flat_predicted, 0.0, error.clamp(min=0)).reshape(truth.shape)


def _rows(values: Tensor) -> Tensor:
    """The entries of axis 1 as columns, everything else as rows."""
    return values.movedim(1, -1).reshape(-1, values.shape[1])
