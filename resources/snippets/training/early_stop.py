"""Which epoch is the best so far, and when to stop: when a metric no longer gets better."""

import math


def is_better(value: float, best: float | None, *, lower_is_better: bool, by: float = 0.0) -> bool:
    """Whether ``value`` beats ``best`` by more than ``by``; nan and infinity never do, all else beats nothing."""
    if not math.isfinite(value):
        return False
    if best is None:
        return True
    return value < best - by if lower_is_better else value > best + by


def is_best(
    report: dict[str, float], best: dict[str, float], metric: str, *, lower_is_better: bool
) -> bool:
    """Whether an epoch's report beats the ``best`` before it, which is empty at first.

    By ``metric``; among equals, as accuracies of few samples often are, by the loss of the same samples.
    """
    loss = f"{metric.partition('_')[0]}_loss"
    if best and report[metric] == best[metric]:
        return is_better(report[loss], best[loss], lower_is_better=True)
    return is_better(report[metric], best.get(metric), lower_is_better=lower_is_better)


class EarlyStop:
    """Counts epochs in which a metric did not get better by more than ``min_delta``."""

    def __init__(self, patience: int, min_delta: float, *, lower_is_better: bool) -> None:
        self.patience, self.min_delta, self.lower_is_better = patience, min_delta, lower_is_better
        self.best: float | None = None
        self.bad_epochs = 0

    def is_over(self, value: float) -> bool:
        """Whether this epoch, with that value of the metric, should be the last."""
        if is_better(value, self.best, lower_is_better=self.lower_is_better, by=self.min_delta):
            self.best, self.bad_epochs = value, 0
        else:
            self.bad_epochs += 1
        return self.bad_epochs >= self.patience
