"""Metrics of the scores themselves, at no threshold; each is one number, as a tensor without axes."""

import torch
import torch.nn.functional as F
from torch import Tensor

from resources.snippets.metrics.scores import as_real, truth_of


def roc_auc_score(
    input: Tensor,
    target: Tensor,
    from_logits: bool = True,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Chance that a positive sample has a higher score than a negative one, where equal scores count half.

    Shapes as in `f1_score`. Of several classes, each against the rest, or of several columns, the mean over
    those that have positives and negatives; without any it is not a number.
    """
    scores, yes, no = _by_class(input, target, from_logits, task, ignore_index)
    ordered, order = scores.sort(dim=1)
    negatives = no.gather(1, order)
    smaller = _sum_before(negatives, torch.searchsorted(ordered, scores))
    not_larger = _sum_before(negatives, torch.searchsorted(ordered, scores, right=True))
    pairs = yes.sum(dim=1) * no.sum(dim=1)
    won = ((smaller + not_larger) * yes).sum(dim=1) / (2 * pairs).clamp(min=1)
    return won.sum() / (pairs > 0).sum()


def average_precision_score(
    input: Tensor,
    target: Tensor,
    from_logits: bool = True,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Mean of the precision at the score of each positive sample, in [0, 1]: the area below precision over recall.

    Shapes as in `f1_score`. Of several classes or columns, the mean over those that have positives.
    """
    scores, yes, no = _by_class(input, target, from_logits, task, ignore_index)
    ordered, order = scores.sort(dim=1)
    first = torch.searchsorted(ordered, scores)
    true_positives = yes.sum(dim=1, keepdim=True) - _sum_before(yes.gather(1, order), first)
    false_positives = no.sum(dim=1, keepdim=True) - _sum_before(no.gather(1, order), first)
    positives = yes.sum(dim=1)
    precision = true_positives / (true_positives + false_positives).clamp(min=1)
    means = (precision * yes).sum(dim=1) / positives.clamp(min=1)
    return means.sum() / (positives > 0).sum()


def calibration_error(
    input: Tensor,
    target: Tensor,
    bins: int = 15,
    from_logits: bool = True,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Mean distance of a prediction's probability from the share that is right, over equally wide ``bins`` of it.

    Shapes as in `f1_score`. Of several classes, the probability of the likeliest; else that of "yes".
    """
    truth, classes = truth_of(input, target, task)
    valid = (truth != ignore_index).flatten()
    if classes:
        shares = as_real(input).softmax(dim=1) if from_logits else as_real(input)
        probability, predicted = (values.flatten() for values in shares.max(dim=1))
        right = predicted == truth.flatten()
    else:
        probability = (input.sigmoid() if from_logits else as_real(input)).flatten()
        right = truth.flatten() == 1
    place = ((probability * bins).ceil().long() - 1).clamp(0, bins - 1)
    gap = torch.where(valid, probability - right.to(probability.dtype), 0)
    gaps = torch.zeros(bins, dtype=gap.dtype, device=gap.device).scatter_add(0, place, gap)
    return gaps.abs().sum() / valid.sum()


def perplexity(input: Tensor, target: Tensor, ignore_index: int = -100) -> Tensor:
    """Exponential of the mean negative log likelihood of the classes (N, ...) under the logits (N, C, ...)."""
    return F.cross_entropy(as_real(input), target.long(), ignore_index=ignore_index).exp()


def _by_class(
    input: Tensor, target: Tensor, from_logits: bool, task: str, ignore_index: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The scores, and 1 for positive and for negative samples: each a row for every class or column."""
    truth, classes = truth_of(input, target, task)
    scores = as_real(input).log_softmax(dim=1) if classes and from_logits else input
    yes, valid = truth == 1, truth != ignore_index
    if classes:
        numbers = torch.arange(classes, device=truth.device)
        yes = truth.unsqueeze(-1).eq(numbers).movedim(-1, 1)
        valid = valid.unsqueeze(1).expand(yes.shape)
    return _rows(scores), _rows(yes & valid).long(), _rows(~yes & valid).long()


def _rows(values: Tensor) -> Tensor:
    """A row for each entry of axis 1; values of one axis are one row."""
    columns = values.shape[1] if values.ndim > 1 else 1
    return (values.movedim(1, 0) if values.ndim > 1 else values).reshape(columns, -1).contiguous()


def _sum_before(values: Tensor, places: Tensor) -> Tensor:
    """The sum of the values of each row before its places."""
    return F.pad(values.cumsum(dim=1), (1, 0)).gather(1, places)
