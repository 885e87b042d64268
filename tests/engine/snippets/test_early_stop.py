"""The best epoch, by a plain definition: the watched metric, then the loss, then the earlier epoch."""

import math

from hypothesis import given
from hypothesis import strategies as st

from resources.snippets.training.early_stop import is_best

METRICS = st.sampled_from([0.0, 0.5, 0.75, 1.0, math.nan, math.inf])
REPORTS = st.lists(st.fixed_dictionaries({"val_accuracy": METRICS, "val_loss": METRICS}), max_size=8)


@given(REPORTS, st.booleans())
def test_equal_metrics_are_distinguished_by_the_loss(reports: list[dict[str, float]], lower: bool) -> None:
    best: dict[str, float] = {}
    for report in reports:
        if is_best(report, best, "val_accuracy", lower_is_better=lower):
            best = report

    numbers = [report for report in reports if math.isfinite(report["val_accuracy"])]
    if not numbers:
        assert best == {}
        return
    figure = (min if lower else max)(report["val_accuracy"] for report in numbers)
    equal = [report for report in numbers if report["val_accuracy"] == figure]
    losses = [report["val_loss"] for report in equal if math.isfinite(report["val_loss"])]
    assert best["val_accuracy"] == figure
    if math.isfinite(equal[0]["val_loss"]):
        assert best["val_loss"] == min(losses)


def test_the_loss_is_that_of_the_same_samples() -> None:
    before = {"train_accuracy": 1.0, "train_loss": 0.5, "val_loss": 0.1}
    after = {"train_accuracy": 1.0, "train_loss": 0.4, "val_loss": 0.2}
    assert is_best(after, before, "train_accuracy", lower_is_better=False)
    assert not is_best(before, after, "train_accuracy", lower_is_better=False)


def test_watching_the_loss_itself_needs_nothing_more() -> None:
    assert not is_best({"val_loss": 0.5}, {"val_loss": 0.5}, "val_loss", lower_is_better=True)
    assert is_best({"val_loss": 0.4}, {"val_loss": 0.5}, "val_loss", lower_is_better=True)
