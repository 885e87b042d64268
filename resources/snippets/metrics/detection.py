"""Metrics of boxes; each is one number, as a tensor without axes.

A box has the edges left, top, right, bottom, in any unit, and a class from 0 on; a negative class is padding, so that
pictures with different numbers of boxes fit into one tensor.
"""

import torch
from torch import Tensor

from resources.snippets.operations.boxes import box_iou

BOX_PAIRS_AT_ONCE = 2**22  # pairs of boxes that are compared at once
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def mean_average_precision(
    input: Tensor, target: Tensor, thresholds: tuple[float, ...] = THRESHOLDS
) -> Tensor:
    """Area below precision over recall, in [0, 1]; the mean over ``thresholds`` and the classes that occur in truth.

    Shapes: predictions (N, P, 6) of left, top, right, bottom, score, class; truth (N, M, 5) without a score. From the
    highest score on, a prediction takes the free true box of its class with the greatest intersection over union, and
    is right where that reaches the threshold. The precision at a recall is the greatest at that recall or more. Not a
    number where there is no true box.
    """
    every, truth = (_with_padding(boxes).double() for boxes in (input, target))
    size = max(1, BOX_PAIRS_AT_ONCE // (every.shape[1] * truth.shape[1] * len(thresholds)))
    pieces = zip(torch.split(every, size), torch.split(truth, size), strict=True)
    right = torch.cat([_right(boxes, true, thresholds) for boxes, true in pieces])
    boxes = every.flatten(0, 1)
    by_score = boxes[:, 4].argsort(descending=True, stable=True)
    order = by_score[boxes[by_score, 5].argsort(stable=True)]
    classes, true_classes = boxes[order, 5].contiguous(), truth[..., 4].flatten().sort().values
    first = torch.searchsorted(classes, classes)
    places = torch.arange(len(classes), device=input.device)
    truths = _number_of(classes, true_classes)
    hits = (right.flatten(0, 1)[order] & (classes >= 0).unsqueeze(1)).long()
    before = torch.cat([torch.zeros_like(hits[:1]), hits.cumsum(dim=0)])
    true_positives = before[1:] - before[first]
    precision = true_positives / (places - first + 1).unsqueeze(1)
    areas = hits * _greatest_from_here(precision, first) / truths.clamp(min=1).unsqueeze(1)
    is_new = true_classes.diff(prepend=true_classes.new_full((1,), -1)) != 0
    return areas.sum() / (is_new & (true_classes >= 0)).sum() / len(thresholds)


def _right(boxes: Tensor, true: Tensor, thresholds: tuple[float, ...]) -> Tensor:
    """Whether each prediction (N, P, 6) takes a true box (N, M, 5), at each threshold: (N, P, thresholds)."""
    overlap = box_iou(boxes[..., :4], true[..., :4])
    fits = boxes[..., 5].unsqueeze(2) == true[..., 4].unsqueeze(1)
    overlap = torch.where(fits & (true[..., 4] >= 0).unsqueeze(1), overlap, -1)
    least = torch.tensor(thresholds, dtype=overlap.dtype, device=boxes.device)
    free = torch.ones(len(boxes), len(thresholds), true.shape[1], dtype=torch.bool).to(boxes.device)
    order = boxes[..., 4].argsort(dim=1, descending=True, stable=True)
    numbers = torch.arange(true.shape[1], device=boxes.device)
    takers = []
    for place in order.unbind(dim=1):
        row = overlap.gather(1, place.reshape(-1, 1, 1).expand(-1, 1, true.shape[1]))
        best = torch.where(free, row, -1).max(dim=2)
        takes = best.values >= least
        free = free & ~(takes.unsqueeze(2) & (best.indices.unsqueeze(2) == numbers))
        takers.append(takes)
    in_order = torch.stack(takers, dim=1)
    return torch.zeros_like(in_order).scatter(1, order.unsqueeze(2).expand_as(in_order), in_order)


def _with_padding(boxes: Tensor) -> Tensor:
    """The boxes, and one that is padding: pictures may have none."""
    return torch.cat([boxes, boxes.new_full((len(boxes), 1, boxes.shape[2]), -1)], dim=1)


def _number_of(values: Tensor, ordered: Tensor) -> Tensor:
    """How often each value is among the ordered ones."""
    end = torch.searchsorted(ordered, values, right=True)
    return end - torch.searchsorted(ordered, values)


def _greatest_from_here(values: Tensor, first: Tensor) -> Tensor:
    """The greatest of each value in [0, 1] and those after it in its group; ``first``: where its group begins."""
    lift = 2 * (len(first) - first).unsqueeze(1).double()  # a group is above all that come after it
    return (values + lift).flip(0).cummax(dim=0).values.flip(0) - lift
