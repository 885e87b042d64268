"""Metrics of predictions; each is one number, as a tensor without axes."""

from typing import NamedTuple

import torch
from torch import Tensor


def class_accuracy(input: Tensor, target: Tensor, ignore_index: int = -100) -> Tensor:
    """Share of targets whose class has the highest score, in [0, 1]; ``ignore_index`` is not counted.

    Shapes: scores (N, C, ...) with classes (N, ...), or with the shares (N, C, ...) of all classes.
    """
    truth = target.argmax(dim=1) if target.shape == input.shape else target
    valid = truth != ignore_index
    return ((input.argmax(dim=1) == truth) & valid).sum() / valid.sum()


def binary_accuracy(
    input: Tensor, target: Tensor, threshold: float = 0.0, ignore_index: int = -100
) -> Tensor:
    """Share of right yes-or-no answers, in [0, 1]; ``ignore_index`` is not counted.

    Shapes: scores and 0/1 answers, alike but for axes of size 1; a score above ``threshold`` means yes.
    """
    truth = target.reshape(input.shape).long()
    valid = truth != ignore_index
    return (((input > threshold) == truth) & valid).sum() / valid.sum()


def accuracy(
    input: Tensor, target: Tensor, threshold: float = 0.0, ignore_index: int = -100
) -> Tensor:
    """`class_accuracy` where the scores have an axis of classes that the target lacks, else `binary_accuracy`."""
    if input.ndim == target.ndim + 1 and input.shape[1] > 1:
        return class_accuracy(input, target, ignore_index)
    return binary_accuracy(input, target, threshold, ignore_index)


def top_k_accuracy(input: Tensor, target: Tensor, k: int = 5, ignore_index: int = -100) -> Tensor:
    """Share of targets (N, ...) that are among the ``k`` best of the scores (N, C, ...), in [0, 1].

    Raises: ``ValueError`` if there are fewer than ``k`` classes.
    """
    if k > input.shape[1]:
        raise ValueError(f"top-{k} accuracy needs at least {k} classes, got {input.shape[1]}")
    best = input.topk(k, dim=1).indices
    valid = target != ignore_index
    hit = (best == target.unsqueeze(1)).any(dim=1)
    return (hit & valid).sum() / valid.sum()


def f1_score(
    input: Tensor,
    target: Tensor,
    average: str = "macro",
    class_index: int | None = None,
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Harmonic mean of precision and recall, in [0, 1]; shapes as in `accuracy`.

    Yes-or-no answers have one metric for "yes" per column of axis 1. ``average``: ``macro`` is the mean over the
    classes that occur, ``weighted`` counts each by its number of targets, ``micro`` pools all decisions.
    ``class_index``: the class, or column, that is measured alone. Raises: ``ValueError`` if there is no such class.
    """
    counts = _counts(input, target, threshold, task, ignore_index)
    return counts.average(counts.f1, average, class_index)


def precision_score(
    input: Tensor,
    target: Tensor,
    average: str = "macro",
    class_index: int | None = None,
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Share of the predictions of a class that are right, in [0, 1], 0 where there is none; as `f1_score`."""
    counts = _counts(input, target, threshold, task, ignore_index)
    return counts.average(counts.precision, average, class_index)


def recall_score(
    input: Tensor,
    target: Tensor,
    average: str = "macro",
    class_index: int | None = None,
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Share of the targets of a class that are found, in [0, 1], 0 where there is none; as `f1_score`."""
    counts = _counts(input, target, threshold, task, ignore_index)
    return counts.average(counts.recall, average, class_index)


def mean_iou(
    input: Tensor,
    target: Tensor,
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Intersection over union of each class, over all samples; the mean over the classes that occur.

    Shapes and classes as in `f1_score`.
    """
    counts = _counts(input, target, threshold, task, ignore_index)
    return counts.average((counts.hits, counts.predictions + counts.targets - counts.hits))


def dice_score(
    input: Tensor,
    target: Tensor,
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Overlap of predicted and true places, in [0, 1]: twice the shared ones over the sum of both.

    Shapes as in `f1_score`. The mean over the samples; of a sample, over the classes or columns that occur in it.
    Samples in which nothing occurs are not counted.
    """
    truth, classes = truth_of(input, target, task)
    valid = (truth != ignore_index).unsqueeze(1)
    if classes:
        numbers = torch.arange(classes, device=truth.device)
        predicted = input.argmax(dim=1).unsqueeze(-1).eq(numbers).movedim(-1, 1) & valid
        true = truth.unsqueeze(-1).eq(numbers).movedim(-1, 1) & valid
    else:
        predicted = (input > threshold).unsqueeze(1) & valid
        true = truth.unsqueeze(1).eq(1) & valid
        if input.ndim > 1:
            predicted, true = predicted.squeeze(1), true.squeeze(1)
    predicted, true = (places.reshape(*places.shape[:2], -1) for places in (predicted, true))
    both = predicted.sum(dim=2) + true.sum(dim=2)
    score = 2 * (predicted & true).sum(dim=2) / both.clamp(min=1)
    of_samples = score.sum(dim=1) / (both > 0).sum(dim=1).clamp(min=1)
    return of_samples.sum() / (both > 0).any(dim=1).sum()


class ClassCounts(NamedTuple):
    """How often each class is predicted rightly, predicted, and true; each whole numbers of shape (C,)."""

    hits: Tensor
    predictions: Tensor
    targets: Tensor

    @property
    def precision(self) -> tuple[Tensor, Tensor]:
        """Precision of each class, as counts: a part and the whole."""
        return self.hits, self.predictions

    @property
    def recall(self) -> tuple[Tensor, Tensor]:
        """Recall of each class, as counts: a part and the whole."""
        return self.hits, self.targets

    @property
    def f1(self) -> tuple[Tensor, Tensor]:
        """Harmonic mean of precision and recall of each class, as counts: a part and the whole."""
        return 2 * self.hits, self.predictions + self.targets

    def average(
        self,
        share: tuple[Tensor, Tensor],
        average: str = "macro",
        class_index: int | None = None,
    ) -> Tensor:
        """The shares of all classes, a part and the whole, as one number, or that of one class; 0 of 0 is 0."""
        part, whole = share
        shares = part / whole.clamp(min=1)
        if class_index is not None:
            if not 0 <= class_index < shares.numel():
                raise ValueError(f"there is no class {class_index} among {shares.numel()} scores")
            return shares.reshape(-1)[class_index]
        if average == "micro":
            return part.sum() / whole.sum().clamp(min=1)
        if average == "weighted":
            return (shares * self.targets).sum() / self.targets.sum().clamp(min=1)
        return shares.sum() / (self.predictions + self.targets > 0).sum().clamp(min=1)


def _counts(
    input: Tensor, target: Tensor, threshold: float, task: str, ignore_index: int
) -> ClassCounts:
    """The counts of each class; for yes-or-no answers, those of each column's "yes"."""
    truth, classes = truth_of(input, target, task)
    valid = truth != ignore_index
    if classes:
        predicted = input.argmax(dim=1)
        hits = _count(truth, valid & (predicted == truth), classes)
        return ClassCounts(hits, _count(predicted, valid, classes), _count(truth, valid, classes))
    others = [axis for axis in range(input.ndim) if axis != 1]
    predicted_yes, true_yes = (input > threshold) & valid, (truth == 1) & valid
    hits = (predicted_yes & true_yes).sum(dim=others)
    return ClassCounts(hits, predicted_yes.sum(dim=others), true_yes.sum(dim=others))


def truth_of(input: Tensor, target: Tensor, task: str) -> tuple[Tensor, int]:
    """The true classes, and how many there are; for yes-or-no answers, 0 and 1 in the input's shape, and 0."""
    if task == "auto":
        task = "multiclass" if input.ndim == target.ndim + 1 and input.shape[1] > 1 else "binary"
    if task == "binary":
        return like_input(target, input).long(), 0
    truth = target.argmax(dim=1) if target.shape == input.shape else target
    if input.shape[:1] + input.shape[2:] != truth.shape:
        raise ValueError(f"scores {tuple(input.shape)} do not fit classes {tuple(target.shape)}")
    return truth.long(), input.shape[1]


def _count(classes: Tensor, valid: Tensor, number: int) -> Tensor:
    """How often each of ``number`` classes occurs among the valid entries."""
    zeros = torch.zeros(number, dtype=torch.long, device=classes.device)
    return zeros.scatter_add(0, torch.where(valid, classes, 0).flatten(), valid.long().flatten())


def like_input(target: Tensor, input: Tensor) -> Tensor:
    """The target as real numbers, in the input's shape where they differ by axes of size 1.

    Broadcasting would pair all with all.
    """
    target = as_real(target)
    if target.shape == input.shape:
        return target
    if [size for size in target.shape if size != 1] != [size for size in input.shape if size != 1]:
        raise ValueError(
            f"predictions {tuple(input.shape)} do not fit targets {tuple(target.shape)}"
        )
    return target.reshape(input.shape)


def as_real(values: Tensor) -> Tensor:
    """The values as real numbers."""
    return values if values.is_floating_point() else values.float()
