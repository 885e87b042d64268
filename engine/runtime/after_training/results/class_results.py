"""The per_class of a network that chooses classes."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor

from engine.protocol.result_answers import Bin, ClassMetrics, ClassResults, Curve, MeanMetrics
from engine.runtime.after_training.results.class_answers import ClassAnswers
from engine.runtime.after_training.results.curves import MAX_POINTS, curve, reliability
from resources.snippets.metrics.confidence import average_precision_score, calibration_error, roc_auc_score
from resources.snippets.metrics.scores import ClassCounts

MAX_CURVES = 24  # of the classes that are recognized worst
MAX_AREAS = 1000  # classes whose areas are computed
TWO_POINTS = 1000  # of the curve of two classes, along which a threshold moves


def class_results(answers: ClassAnswers) -> ClassResults:
    """The per_class of all answers; ``answers`` must have at least one."""
    counts, names = answers.counts, answers.names
    if counts is None:
        raise ValueError("there are no answers")
    shares, truth = torch.cat(answers.kept_values), torch.cat(answers.kept_truth)
    areas = _areas(answers, shares, truth)
    per_class = [_metrics(counts, at, name, *areas[at]) for at, name in enumerate(names)]
    whole = counts.targets.sum()
    result: ClassResults = {
        "names": list(names),
        "accuracy": _accuracy(answers, counts, int(whole)),
        "classes": per_class,
        "macro": _means(counts, "macro"),
        "weighted": _means(counts, "weighted"),
        "roc_auc": _mean(auc for auc, _ in areas),
        "average_precision": _mean(precision for _, precision in areas),
        "calibration_error": _calibration(answers, shares, truth),
        "curves": _curves(answers, shares, truth, per_class),
        "reliability": _reliability(answers, shares, truth),
        "counted_every": answers.every,
    }
    if answers.matrix is not None:
        result["matrix"] = answers.matrix.tolist()
    if answers.has_two:
        result["threshold"] = answers.threshold
    return result


def _accuracy(answers: ClassAnswers, counts: ClassCounts, targets: int) -> float:
    if not answers.is_tags:
        return float(counts.hits.sum()) / max(1, targets)
    missed = counts.predictions + counts.targets - 2 * counts.hits
    return 1 - float(missed.sum()) / max(1, answers.answer_count * len(answers.names))


def _metrics(counts: ClassCounts, at: int, name: str, auc: float | None, precision: float | None) -> ClassMetrics:
    def share(pair: tuple[Tensor, Tensor]) -> float | None:
        return float(counts.average(pair, class_index=at)) if int(pair[1][at]) else None

    return {
        "name": name,
        "precision": share(counts.precision),
        "recall": share(counts.recall),
        "f1": share(counts.f1),
        "support": int(counts.targets[at]),
        "predicted": int(counts.predictions[at]),
        "roc_auc": auc,
        "average_precision": precision,
    }


def _means(counts: ClassCounts, average: str) -> MeanMetrics:
    precision, recall, f1 = (
        float(counts.average(pair, average)) for pair in (counts.precision, counts.recall, counts.f1)
    )
    return {"precision": precision, "recall": recall, "f1": f1}


def _areas(answers: ClassAnswers, shares: Tensor, truth: Tensor) -> list[tuple[float | None, float | None]]:
    """ROC-AUC and average precision of each class against the others."""
    if len(answers.names) > MAX_AREAS or not len(shares):
        return [(None, None)] * len(answers.names)
    areas = []
    for at in range(len(answers.names)):
        yes, chance = _against_others(answers, shares, truth, at)
        auc = roc_auc_score(chance, yes, from_logits=False, task="binary")
        precision = average_precision_score(chance, yes, from_logits=False, task="binary")
        areas.append((_number(auc), _number(precision) if yes.any() else None))
    return areas


def _against_others(answers: ClassAnswers, shares: Tensor, truth: Tensor, at: int) -> tuple[Tensor, Tensor]:
    yes = truth[:, at] == 1 if answers.is_tags else truth == at
    return yes, shares[:, at].contiguous()


def _calibration(answers: ClassAnswers, shares: Tensor, truth: Tensor) -> float | None:
    if not len(shares):
        return None
    task = "binary" if answers.is_tags else "multiclass"
    return _number(calibration_error(shares, truth, from_logits=False, task=task))


def _reliability(answers: ClassAnswers, shares: Tensor, truth: Tensor) -> list[Bin]:
    if answers.is_tags:
        return reliability(shares.flatten(), truth.flatten() == 1)
    top, predicted = shares.max(1) if len(shares) else (shares.sum(1), truth)
    return reliability(top, predicted == truth)


def _curves(answers: ClassAnswers, shares: Tensor, truth: Tensor, per_class: list[ClassMetrics]) -> list[Curve]:
    """Of two classes one curve, that of the second; of many classes those of the worst."""
    every = range(len(per_class))
    if answers.has_two:
        classes, points = [1], TWO_POINTS
    else:
        decided = [at for at in every if per_class[at]["average_precision"] is not None]
        worst = sorted(decided, key=lambda at: per_class[at]["average_precision"] or 0.0)[:MAX_CURVES]
        classes, points = sorted(worst), MAX_POINTS if len(worst) <= MAX_CURVES // 2 else MAX_POINTS // 2
    return [
        curve(answers.names[at], chance, yes, points)
        for at in classes
        for yes, chance in [_against_others(answers, shares, truth, at)]
        if len(chance)
    ]


def _number(value: Tensor) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _mean(values: Iterable[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return sum(numbers) / len(numbers) if numbers else None
