"""Curves of one class against the others, and how far probabilities can be trusted."""

import torch
from torch import Tensor

from engine.protocol.result_answers import Bin, Curve

MAX_POINTS = 400
BINS = 15  # as in `calibration_error`


def curve(name: str, probability: Tensor, is_class: Tensor, points: int = MAX_POINTS) -> Curve:
    """The counts at each different probability, from the highest on, at most ``points`` of them.

    Shapes: ``probability`` (N,) in [0, 1]; ``is_class`` (N,) bool.
    """
    ordered, order = probability.sort(descending=True)
    yes = is_class[order].long()
    hits, ends = yes.cumsum(0), (ordered.diff() != 0).nonzero().flatten()
    ends = torch.cat([ends, torch.tensor([len(ordered) - 1])]) if len(ordered) else ends
    if len(ends) > points:
        ends = ends[_spread(hits[ends], ends + 1 - hits[ends], points)]
    return {
        "name": name,
        "positives": int(yes.sum()),
        "negatives": len(yes) - int(yes.sum()),
        "thresholds": ordered[ends].tolist(),
        "hits": hits[ends].tolist(),
        "false_alarms": (ends + 1 - hits[ends]).tolist(),
    }


def _spread(hits: Tensor, false_alarms: Tensor, points: int) -> Tensor:
    """The indices of points that are evenly spread along the curve."""
    steps = hits.double() / hits[-1].clamp(min=1) + false_alarms.double() / false_alarms[-1].clamp(min=1)
    lengths = torch.linspace(0, float(steps[-1]), points, dtype=torch.float64)
    places: Tensor = torch.unique(torch.searchsorted(steps, lengths).clamp(max=len(steps) - 1))
    return places


def reliability(probability: Tensor, right: Tensor, bins: int = BINS) -> list[Bin]:
    """Equally wide ranges of the probability; those without an answer have a count of 0.

    Shapes: ``probability`` (N,) in [0, 1]; ``right`` (N,) bool.
    """
    place = ((probability * bins).ceil().long() - 1).clamp(0, bins - 1)
    count = torch.bincount(place, minlength=bins)
    sums = torch.zeros(2, bins, dtype=torch.float64)
    sums[0].scatter_add_(0, place, probability.double())
    sums[1].scatter_add_(0, place, right.double())
    means = sums / count.clamp(min=1)
    return [
        {
            "low": at / bins,
            "high": (at + 1) / bins,
            "count": int(count[at]),
            "probability": float(means[0, at]),
            "right": float(means[1, at]),
        }
        for at in range(bins)
    ]
