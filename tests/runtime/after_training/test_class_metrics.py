"""The metrics of answers, against their definitions worked out sample by sample."""

import math
from itertools import pairwise

import pytest
import torch

from engine.codegen.field_usage import Comparison
from engine.runtime.after_training.results import class_answers, number_answers
from engine.runtime.after_training.results.class_answers import ClassAnswers
from engine.runtime.after_training.results.class_results import class_results
from engine.runtime.after_training.results.curves import curve
from engine.runtime.after_training.results.number_answers import NumberAnswers, number_results
from engine.runtime.training_setup.question import Question

CLASSES = Question(Comparison("loss", None, "label", is_class=True), "classes", ("a", "b", "c"), "scores")
DECISION = Question(Comparison("loss", None, "label", is_class=False), "classes", ("no", "yes"), "scores")
TAGS = Question(Comparison("loss", None, "tags", is_class=False), "tags", (), "scores")
NUMBERS = Question(Comparison("loss", None, "target", is_class=False), "numbers", ())


def answered(question: Question, scores: torch.Tensor, target: torch.Tensor, **settings: float) -> ClassAnswers:
    """The answers of three batches of unequal size."""
    answers = ClassAnswers(question, len(scores), **settings)
    for begin, end in ((0, 7), (7, 20), (20, len(scores))):
        answers.add(scores[begin:end], target[begin:end])
    return answers


def area(probability: list[float], is_class: list[bool]) -> float:
    """The chance that a sample of the class is likelier than another one."""
    yes = [each for each, true in zip(probability, is_class, strict=True) if true]
    no = [each for each, true in zip(probability, is_class, strict=True) if not true]
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


def precision_area(probability: list[float], is_class: list[bool]) -> float:
    """The mean precision at the probability of each sample of the class."""
    pairs = list(zip(probability, is_class, strict=True))
    accepted = [[true for other, true in pairs if other >= each] for each, own in pairs if own]
    return sum(sum(each) / len(each) for each in accepted) / len(accepted)


def test_each_metric_of_a_class_is_what_its_definition_says() -> None:
    random = torch.Generator().manual_seed(0)
    scores = (2 * torch.randn(60, 3, generator=random)).round() / 2  # some are equal
    truth = torch.randint(3, (60,), generator=random)
    results = class_results(answered(CLASSES, scores, truth))

    shares, predicted = scores.softmax(1), scores.argmax(1).tolist()
    true = truth.tolist()
    matrix = [
        [sum(t == a and p == b for t, p in zip(true, predicted, strict=True)) for b in range(3)] for a in range(3)
    ]
    assert results["matrix"] == matrix
    for at, each in enumerate(results["classes"]):
        hits, predictions, targets = matrix[at][at], sum(row[at] for row in matrix), sum(matrix[at])
        assert (each["name"], each["support"], each["predicted"]) == ("abc"[at], targets, predictions)
        assert each["precision"] == pytest.approx(hits / predictions)
        assert each["recall"] == pytest.approx(hits / targets)
        assert each["f1"] == pytest.approx(2 / (predictions / hits + targets / hits))
        chance, is_class = shares[:, at].tolist(), [each == at for each in true]
        assert each["roc_auc"] == pytest.approx(area(chance, is_class))
        assert each["average_precision"] == pytest.approx(precision_area(chance, is_class))
    metrics = results["classes"]
    assert results["macro"]["f1"] == pytest.approx(sum(each["f1"] for each in metrics) / 3)
    assert results["weighted"]["recall"] == pytest.approx(results["accuracy"])  # they are the same by definition
    assert results["roc_auc"] == pytest.approx(sum(each["roc_auc"] for each in metrics) / 3)
    gaps = [each["count"] * abs(each["probability"] - each["right"]) for each in results["reliability"]]
    assert results["calibration_error"] == pytest.approx(sum(gaps) / 60)
    assert sum(each["count"] for each in results["reliability"]) == 60


def test_a_class_without_samples_has_no_share_that_they_would_decide() -> None:
    results = class_results(answered(CLASSES, torch.eye(3)[torch.arange(40) % 2], torch.arange(40) % 2))
    (missing,) = [each for each in results["classes"] if each["name"] == "c"]
    metrics = ("precision", "recall", "f1", "roc_auc", "average_precision")
    assert [missing[name] for name in metrics] == [None] * 5
    assert (results["accuracy"], results["macro"]["f1"], results["roc_auc"]) == (1.0, 1.0, 1.0)


def test_a_threshold_moves_answers_along_the_curve() -> None:
    scores = torch.linspace(-3, 3, 41)
    truth = (torch.arange(41) % 3 == 0).long()
    whole = class_results(answered(DECISION, scores, truth))
    (line,) = whole["curves"]
    assert (line["name"], line["positives"], line["negatives"]) == ("yes", 14, 27)
    assert (line["hits"][-1], line["false_alarms"][-1]) == (14, 27)
    for at in (3, 20, 33):
        moved = class_results(answered(DECISION, scores, truth, threshold=line["thresholds"][at] - 1e-6))
        assert moved["matrix"][1][1] == line["hits"][at]
        assert moved["matrix"][0][1] == line["false_alarms"][at]
        assert moved["roc_auc"] == whole["roc_auc"]


def test_tags_are_decisions_of_their_own() -> None:
    scores = torch.tensor([[3.0, -2.0], [1.0, 2.0], [-1.0, 0.5], [-2.0, -1.0]]).repeat(6, 1)
    truth = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]).repeat(6, 1)
    results = class_results(answered(TAGS, scores, truth))
    first, second = results["classes"]
    assert (first["precision"], first["recall"], first["support"]) == (0.5, 0.5, 12)
    assert (second["precision"], second["recall"], second["roc_auc"]) == (1.0, 1.0, 1.0)
    assert results["accuracy"] == 0.75
    assert "matrix" not in results


def test_memory_is_bounded_and_counts_stay_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_answers, "MAX_KEPT", 60)
    monkeypatch.setattr(number_answers, "MAX_KEPT", 20)
    random = torch.Generator().manual_seed(1)
    scores, truth = torch.randn(90, 3, generator=random), torch.randint(3, (90,), generator=random)
    answers = answered(CLASSES, scores, truth)
    results = class_results(answers)
    assert sum(len(each) for each in answers.kept_values) * 3 <= 60
    assert results["counted_every"] == 5
    assert results["accuracy"] == pytest.approx(float((scores.argmax(1) == truth).float().mean()))
    assert sum(map(sum, results["matrix"])) == 90
    numbers = NumberAnswers(NUMBERS, 90)
    numbers.add(scores[:, :1], truth[:, None].float())
    assert len(numbers.pairs[0]) <= 20
    assert len(numbers.all_errors) == 90


def test_answers_that_are_not_numbers_are_counted_apart() -> None:
    scores = torch.eye(3).repeat(8, 1)
    scores[4, 1] = math.nan
    answers = answered(CLASSES, scores, torch.arange(24) % 3)
    results = class_results(answers)
    assert answers.lost == 1
    assert sum(map(sum, results["matrix"])) == 23
    assert int(answers.all_errors.argmax()) == 4


def test_the_pixels_of_a_mask_are_answers_of_one_sample() -> None:
    truth = (torch.arange(30 * 16).reshape(30, 1, 4, 4) % 5 == 0).float()
    scores = torch.where(truth > 0, 2.0, -2.0)
    scores[3] = -scores[3]
    answers = answered(Question(DECISION.comparison, "classes", ("no", "yes"), "scores"), scores, truth)
    results = class_results(answers)
    assert results["accuracy"] == pytest.approx(29 / 30)
    assert int(answers.all_errors.argmax()) == 3
    assert sum(each["support"] for each in results["classes"]) == 30 * 16


def test_a_long_curve_keeps_its_shape() -> None:
    random = torch.Generator().manual_seed(0)
    truth = torch.rand(20_000, generator=random) < 0.1
    chance = (torch.randn(20_000, generator=random) + 2 * truth).sigmoid()
    line = curve("yes", chance, truth, 200)
    assert 100 < len(line["thresholds"]) <= 200
    rates = [
        (a / line["negatives"], h / line["positives"])
        for a, h in zip([0, *line["false_alarms"]], [0, *line["hits"]], strict=True)
    ]
    below = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(rates))
    assert below == pytest.approx(area(chance[:2000].tolist(), truth[:2000].tolist()), abs=0.02)


def test_the_errors_of_numbers_are_what_their_definitions_say() -> None:
    truth = torch.tensor([[1.0, 10.0], [2.0, 20.0], [4.0, 30.0], [5.0, 40.0]])
    answers = NumberAnswers(NUMBERS, 4)
    for row in range(4):
        answers.add(truth[row : row + 1] + torch.tensor([[1.0, -2.0 * row]]), truth[row : row + 1])
    results = number_results(answers, ("x", "y"), "height", "cm")
    x, y = results["columns"]
    assert (x["mae"], x["rmse"], x["r2"]) == pytest.approx((1.0, 1.0, 1 - 4 / 10))
    assert (y["mae"], y["rmse"], y["r2"]) == pytest.approx((3.0, math.sqrt(14), 1 - 56 / 500))
    assert results["r2"] == pytest.approx((x["r2"] + y["r2"]) / 2)
    assert sum(results["counts"]) == 8
    assert results["points"][2] == (2, 4.0, 5.0)
    assert answers.all_errors.tolist() == pytest.approx([0.5, 1.5, 2.5, 3.5])
