"""The samples with the worst answers of a network, updated batch by batch."""

import torch
from torch import Tensor

NONE = -1.0  # the error of a sample that is right


def errors(scores: Tensor, truth: Tensor, *, is_class: bool) -> Tensor:
    """How wrong each sample is; `NONE` for one that is right, or of no known class.

    Shapes: of classes ``scores`` (B, C) and ``truth`` (B,), and an error is how much more probable the
    predicted class is than the true one, in [0, 1]. Else both (B, ...), and an error is the mean distance.
    """
    if not is_class:
        distance = (scores.flatten(1) - truth.reshape(len(truth), -1).to(scores.dtype)).abs().mean(1)
        return distance.nan_to_num(nan=float("inf"))
    return class_errors(scores.softmax(1), truth)


def class_errors(shares: Tensor, truth: Tensor) -> Tensor:
    """The errors of samples whose classes have probabilities: ``shares`` (B, C), ``truth`` (B,)."""
    is_valid = (truth >= 0) & (truth < shares.shape[1])
    true = shares.gather(1, truth.clamp(0, shares.shape[1] - 1)[:, None])[:, 0]
    top, predicted = shares.max(1)
    return torch.where(is_valid & (predicted != truth), top - true, NONE)


class Worst:
    """Keeps the ``count`` worst samples: their places in the part, scores and truths."""

    def __init__(self, count: int, *, is_class: bool) -> None:
        self._count, self._is_class = count, is_class
        self._worst: tuple[Tensor, Tensor, Tensor, Tensor] | None = None  # errors, places, scores, truths

    def add(self, first: int, scores: Tensor, truth: Tensor) -> None:
        """One batch, which begins at place ``first``."""
        batch_errors = errors(scores, truth, is_class=self._is_class)
        places = torch.arange(first, first + len(batch_errors), device=batch_errors.device)
        batch = (batch_errors, places, scores, truth)
        both = [torch.cat(pair) for pair in zip(self._worst, batch, strict=True)] if self._worst else [*batch]
        order = both[0].topk(min(self._count, len(both[0]))).indices
        self._worst = (both[0][order], both[1][order], both[2][order], both[3][order])

    def result(self) -> tuple[list[int], Tensor, Tensor] | None:
        """Places, scores and truths, the worst first, without those that are right; ``None`` where there are none."""
        if self._worst is None:
            return None
        sample_errors, places, scores, truth = self._worst
        wrong = sample_errors > NONE
        return places[wrong].tolist(), scores[wrong], truth[wrong]
