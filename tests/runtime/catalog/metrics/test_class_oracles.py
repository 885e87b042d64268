"""Metrics of classes and answers against torchmetrics and scikit-learn, on random data."""

from types import ModuleType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from resources.snippets.metrics import agreement, confidence, scores
from tests.runtime.catalog.metrics.samples import IGNORED, Samples, answers, check, choices

AVERAGES = ("macro", "micro", "weighted")
SHARES = ("precision_score", "recall_score", "f1_score")
NAMES = {"precision_score": "precision", "recall_score": "recall", "f1_score": "f1_score"}
"""The names in torchmetrics of metrics that scikit-learn names as we do."""


@given(choices())
def test_right_classes(tm: ModuleType, sk: ModuleType, it: Samples) -> None:
    predicted, options = it.scores.argmax(dim=1), {"num_classes": it.columns, "ignore_index": IGNORED}
    true, guess = it.valid(it.target), it.valid(predicted)
    rows = it.valid(it.scores.movedim(1, -1))

    check(
        scores.class_accuracy(*it, ignore_index=IGNORED),
        sk.accuracy_score(true, guess),
        tm.accuracy(*it, "multiclass", average="micro", **options),
    )
    for k in range(1, it.columns):
        check(
            scores.top_k_accuracy(*it, k=k, ignore_index=IGNORED),
            sk.top_k_accuracy_score(true, rows, k=k, labels=range(it.columns)),
            tm.accuracy(*it, "multiclass", average="micro", top_k=k, **options),
        )


@pytest.mark.parametrize("name", SHARES)
@given(it=choices())
def test_shares_of_classes(tm: ModuleType, sk: ModuleType, name: str, it: Samples) -> None:
    ours, theirs = getattr(scores, name), getattr(sk, name)
    other = getattr(tm.classification, f"multiclass_{NAMES[name]}")
    true, guess = it.valid(it.target), it.valid(it.scores.argmax(dim=1))
    options = {"num_classes": it.columns, "ignore_index": IGNORED}

    for average in AVERAGES:
        check(
            ours(*it, average=average, ignore_index=IGNORED),
            theirs(true, guess, average=average, zero_division=0),
            other(*it, average=average, **options),
        )
    of_classes = theirs(true, guess, average=None, labels=range(it.columns), zero_division=0)
    for number, value in enumerate(other(*it, average="none", **options)):
        check(ours(*it, class_index=number, ignore_index=IGNORED), value, of_classes[number])


@given(choices())
def test_overlaps_of_classes(tm: ModuleType, sk: ModuleType, it: Samples) -> None:
    predicted, valid = it.scores.argmax(dim=1), it.target != IGNORED
    of_samples = [
        sk.f1_score(true[here], guess[here], average="macro", zero_division=0)
        for true, guess, here in zip(it.target, predicted, valid, strict=True)
        if here.ndim and here.any()
    ]

    check(
        scores.mean_iou(*it, ignore_index=IGNORED),
        sk.jaccard_score(it.valid(it.target), it.valid(predicted), average="macro", zero_division=0),
        tm.jaccard_index(*it, "multiclass", num_classes=it.columns, ignore_index=IGNORED),
    )
    if of_samples:
        check(scores.dice_score(*it, ignore_index=IGNORED), sum(of_samples) / len(of_samples))
    target = it.target.clamp(min=0)
    if target.ndim > 1:
        dice = tm.segmentation.dice_score(predicted, target, it.columns, average="macro", input_format="index")
        check(scores.dice_score(it.scores, target), dice.mean())


@given(answers(columns=True, ignored=False, places=(3,)))
def test_overlaps_of_columns(tm: ModuleType, sk: ModuleType, it: Samples) -> None:
    answered = (it.scores > 0.8).long()
    true, guess = (values.movedim(1, -1).reshape(-1, it.columns) for values in (it.target, answered))
    occur = (true + guess).any(dim=0).nonzero().flatten().tolist()

    check(scores.mean_iou(*it, threshold=0.8), sk.jaccard_score(true, guess, average="macro", labels=occur))
    check(
        scores.dice_score(*it, threshold=0.8),
        tm.segmentation.dice_score(answered, it.target, it.columns, average="macro").nanmean(),
    )


@given(choices())
def test_agreement_of_classes(tm: ModuleType, sk: ModuleType, it: Samples) -> None:
    true, guess = it.valid(it.target), it.valid(it.scores.argmax(dim=1))
    options = {"num_classes": it.columns, "ignore_index": IGNORED}

    check(
        agreement.matthews_corr_coef(*it, ignore_index=IGNORED),
        sk.matthews_corrcoef(true, guess),
        tm.matthews_corrcoef(*it, "multiclass", **options),
    )
    for weights in ("none", "linear", "quadratic"):
        theirs = None if weights == "none" else weights
        check(
            agreement.cohen_kappa(*it, weights=weights, ignore_index=IGNORED),
            sk.cohen_kappa_score(true, guess, labels=range(it.columns), weights=theirs),
            tm.cohen_kappa(*it, "multiclass", weights=weights, **options),
        )


THRESHOLDS = st.sampled_from([0.3, 0.5, 0.8])


@given(answers(columns=False, ignored=True), THRESHOLDS)
def test_single_answers(tm: ModuleType, sk: ModuleType, it: Samples, threshold: float) -> None:
    true, guess = it.valid(it.target), it.valid(it.scores > threshold)
    ours = {"threshold": threshold, "ignore_index": IGNORED}

    check(scores.binary_accuracy(*it, **ours), sk.accuracy_score(true, guess), tm.accuracy(*it, "binary", **ours))
    for name in SHARES:
        check(
            getattr(scores, name)(*it, **ours),
            getattr(sk, name)(true, guess, zero_division=0),
            getattr(tm, NAMES[name])(*it, "binary", **ours),
        )
    check(scores.mean_iou(*it, **ours), sk.jaccard_score(true, guess), tm.jaccard_index(*it, "binary", **ours))
    check(agreement.matthews_corr_coef(*it, **ours), sk.matthews_corrcoef(true, guess))
    check(agreement.cohen_kappa(*it, **ours), sk.cohen_kappa_score(true, guess), tm.cohen_kappa(*it, "binary", **ours))


@pytest.mark.parametrize("name", SHARES)
@given(it=answers(columns=True, ignored=False), threshold=THRESHOLDS)
def test_shares_of_columns(sk: ModuleType, name: str, it: Samples, threshold: float) -> None:
    """A column that is not predicted and not true has no part in our mean; in scikit-learn it counts as 0."""
    ours, theirs = getattr(scores, name), getattr(sk, name)
    guess = it.scores > threshold
    occur = (guess | it.target.bool()).any(dim=0).nonzero().flatten().tolist()
    true, guess = it.target.numpy(), guess.long().numpy()

    for average in AVERAGES:
        expected = theirs(true, guess, average=average, labels=occur, zero_division=0)
        check(ours(*it, average=average, threshold=threshold), expected)


@given(answers(columns=True, ignored=True), THRESHOLDS)
def test_answers_of_columns(tm: ModuleType, sk: ModuleType, it: Samples, threshold: float) -> None:
    ours = {"threshold": threshold, "ignore_index": IGNORED}
    theirs = {**ours, "num_labels": it.columns}

    check(scores.binary_accuracy(*it, **ours), tm.accuracy(*it, "multilabel", average="micro", **theirs))
    for name in SHARES:
        other = getattr(tm, NAMES[name])
        micro = getattr(scores, name)(*it, average="micro", **ours)
        check(micro, other(*it, "multilabel", average="micro", **theirs))
        for number, value in enumerate(other(*it, "multilabel", average="none", **theirs)):
            check(getattr(scores, name)(*it, class_index=number, **ours), value)
    together = it.valid(it.target), it.valid(it.scores > threshold)
    check(agreement.matthews_corr_coef(*it, **ours), sk.matthews_corrcoef(*together))


RANKINGS = {"roc_auc_score": "auroc", "average_precision_score": "average_precision"}


@pytest.mark.parametrize("name", RANKINGS)
@given(it=choices(every=True))
def test_order_of_classes(tm: ModuleType, sk: ModuleType, name: str, it: Samples) -> None:
    shares = it.scores.softmax(dim=1)
    one_hot = it.valid(it.target)[:, None] == range(it.columns)
    ours, options = getattr(confidence, name), {"ignore_index": IGNORED}
    expected = (
        getattr(sk, name)(one_hot, it.valid(shares.movedim(1, -1)), average="macro"),
        getattr(tm, RANKINGS[name])(shares, it.target, "multiclass", num_classes=it.columns, **options),
    )

    check(ours(*it, **options), *expected)
    check(ours(shares, it.target, from_logits=False, **options), *expected)


@pytest.mark.parametrize("name", RANKINGS)
@pytest.mark.parametrize("columns", [False, True])
@given(data=st.data())
def test_order_of_answers(tm: ModuleType, sk: ModuleType, name: str, columns: bool, data: st.DataObject) -> None:
    it = data.draw(answers(columns=columns, ignored=True))
    options = {"from_logits": False, "task": "binary", "ignore_index": IGNORED}
    ours, theirs, other = getattr(confidence, name), getattr(sk, name), getattr(tm, RANKINGS[name])
    parts = [(it.scores[..., n], it.target[..., n]) for n in range(it.columns)] if columns else [tuple(it)]
    parts = [(score[true != IGNORED], true[true != IGNORED]) for score, true in parts]
    mixed = [(score, true) for score, true in parts if 0 < true.sum() < len(true)]
    assume(mixed and all(true.sum() for _, true in parts))
    of_columns = mixed if name == "roc_auc_score" else parts

    check(ours(*it, **options), sum(theirs(true, score) for score, true in of_columns) / len(of_columns))
    if len(mixed) == len(parts):
        task = {"task": "multilabel", "num_labels": it.columns} if columns else {"task": "binary"}
        check(ours(*it, **options), other(*it, ignore_index=IGNORED, **task))


@given(choices(), st.integers(1, 20))
def test_trust_in_classes(tm: ModuleType, it: Samples, bins: int) -> None:
    theirs = {"n_bins": bins, "norm": "l1", "num_classes": it.columns, "ignore_index": IGNORED}
    check(
        confidence.calibration_error(*it, bins=bins, ignore_index=IGNORED),
        tm.calibration_error(it.scores.softmax(dim=1), it.target, "multiclass", **theirs),
    )


@given(answers(columns=False, ignored=True), st.integers(1, 20))
def test_trust_in_answers(tm: ModuleType, it: Samples, bins: int) -> None:
    """A probability at the edge of two bins is in the lower one, as in Guo et al.; torchmetrics takes the upper."""
    probabilities = it.scores * 0.97 + 0.0123
    theirs = {"n_bins": bins, "norm": "l1", "ignore_index": IGNORED}
    check(
        confidence.calibration_error(
            probabilities, it.target, bins=bins, from_logits=False, task="binary", ignore_index=IGNORED
        ),
        tm.calibration_error(probabilities, it.target, "binary", **theirs),
    )


@given(choices())
def test_perplexity(tm: ModuleType, it: Samples) -> None:
    logits = it.scores.movedim(1, -1).reshape(len(it.target), -1, it.columns)
    check(
        confidence.perplexity(*it, ignore_index=IGNORED),
        tm.text.perplexity(logits, it.target.reshape(len(it.target), -1), ignore_index=IGNORED),
    )
