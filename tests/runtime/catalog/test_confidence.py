"""Metrics of scores at no threshold, against pairs of samples counted one by one, and cases worked out by hand."""

import math
from collections.abc import Callable
from itertools import product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from resources.snippets.metrics import confidence

seeds = st.integers(0, 10_000)
TIES = st.booleans()


def numbers(seed: int, *shape: int, ties: bool = False) -> Tensor:
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return values.round() if ties else values


def answers(seed: int, high: int, *shape: int) -> Tensor:
    """Whole numbers below ``high``, of which a few are -100."""
    generator = torch.Generator().manual_seed(seed)
    target = torch.randint(high, shape, generator=generator)
    return torch.where(torch.rand(shape, generator=generator) < 0.2, -100, target)


def roc_auc(row: list[tuple[float, bool]]) -> float | None:
    pairs = list(product([x for x, yes in row if yes], [x for x, yes in row if not yes]))
    return sum((high > low) + (high == low) / 2 for high, low in pairs) / len(pairs) if pairs else None


def average_precision(row: list[tuple[float, bool]]) -> float | None:
    """The steps of recall, each times the precision there, from the highest threshold to the lowest."""
    positives = sum(yes for _, yes in row)
    area, before = 0.0, 0.0
    for threshold in sorted({x for x, _ in row}, reverse=True):
        claimed = [yes for x, yes in row if x >= threshold]
        recall = sum(claimed) / positives if positives else 0.0
        area, before = area + (recall - before) * sum(claimed) / len(claimed), recall
    return area if positives else None


CURVES = [(confidence.roc_auc_score, roc_auc), (confidence.average_precision_score, average_precision)]
Figure = Callable[..., Tensor]
Definition = Callable[[list[tuple[float, bool]]], float | None]


def agrees(value: Tensor, cases: list[float | None]) -> bool:
    values = [case for case in cases if case is not None]
    return value.item() == pytest.approx(sum(values) / len(values), abs=1e-6) if values else bool(value.isnan())


@pytest.mark.parametrize(("figure", "definition"), CURVES)
@given(seeds, st.sampled_from([(7,), (7, 1), (7, 3), (4, 3, 2)]), TIES)
def test_curves_of_yes_or_no(
    figure: Figure, definition: Definition, seed: int, shape: tuple[int, ...], ties: bool
) -> None:
    output, target = numbers(seed, *shape, ties=ties), answers(seed + 1, 2, *shape)
    columns = [(output, target)]
    if len(shape) > 1:
        columns = [(output[:, column], target[:, column]) for column in range(shape[1])]
    rows = [
        [(x, y == 1) for x, y in zip(scores.flatten().tolist(), true.flatten().tolist(), strict=True) if y != -100]
        for scores, true in columns
    ]

    assert agrees(figure(output, target, task="binary"), [definition(row) for row in rows])


@pytest.mark.parametrize(("figure", "definition"), CURVES)
@given(seeds, st.integers(2, 4), st.sampled_from([(), (3,)]), TIES)
def test_curves_of_classes(
    figure: Figure, definition: Definition, seed: int, classes: int, rest: tuple[int, ...], ties: bool
) -> None:
    output, target = numbers(seed, 6, classes, *rest, ties=ties), answers(seed + 1, classes, 6, *rest)
    shares = output.softmax(1)
    rows = [
        [(x, y == one) for x, y in zip(shares[:, one].flatten().tolist(), target.flatten().tolist(), strict=True)]
        for one in range(classes)
    ]
    rated = [y != -100 for y in target.flatten().tolist()]
    rows = [[entry for entry, counts in zip(row, rated, strict=True) if counts] for row in rows]

    assert agrees(figure(shares, target, from_logits=False), [definition(row) for row in rows])
    assert agrees(figure(shares.log(), target), [definition(row) for row in rows])


def test_the_curves_of_four_samples() -> None:
    output, target = torch.tensor([0.1, 0.4, 0.35, 0.8]), torch.tensor([0, 0, 1, 1])

    assert confidence.roc_auc_score(output, target).item() == pytest.approx(3 / 4)
    assert confidence.average_precision_score(output, target).item() == pytest.approx((1 + 2 / 3) / 2)


def test_the_curves_of_equal_scores_are_those_of_chance() -> None:
    output, target = torch.zeros(4), torch.tensor([1.0, 0.0, 0.0, 0.0])

    assert confidence.roc_auc_score(output, target).item() == 0.5
    assert confidence.average_precision_score(output, target).item() == 0.25


def test_curves_of_one_class_only() -> None:
    output, positive = torch.tensor([0.2, -1.0, 3.0]), torch.ones(3)

    assert confidence.roc_auc_score(output, positive).isnan()
    assert confidence.roc_auc_score(output, 1 - positive).isnan()
    assert confidence.average_precision_score(output, positive).item() == 1
    assert confidence.average_precision_score(output, 1 - positive).isnan()


def test_many_pairs_are_counted_exactly() -> None:
    output = torch.arange(400_000.0)
    target = (output >= 100_000).long()

    assert confidence.roc_auc_score(output, target).item() == 1
    assert confidence.roc_auc_score(-output, target).item() == 0


def expected_error(cases: list[tuple[float, bool]], bins: int) -> float:
    total = 0.0
    for low in range(bins):
        inside = [case for case in cases if low < case[0] * bins <= low + 1 or case[0] == low == 0]
        total += abs(sum(probability for probability, _ in inside) - sum(right for _, right in inside))
    return total / len(cases)


@given(seeds, st.integers(1, 20), st.sampled_from([(), (3,)]))
def test_calibration_error_of_classes(seed: int, bins: int, rest: tuple[int, ...]) -> None:
    output, target = numbers(seed, 6, 3, *rest), answers(seed + 1, 3, 6, *rest)
    target.view(-1)[0] = 0
    rows = output.softmax(1).movedim(1, -1).reshape(-1, 3).tolist()
    cases = [
        (max(row), row.index(max(row)) == y)
        for row, y in zip(rows, target.flatten().tolist(), strict=True)
        if y != -100
    ]

    assert confidence.calibration_error(output, target, bins).item() == pytest.approx(expected_error(cases, bins))
    given_shares = confidence.calibration_error(output.softmax(1), target, bins, from_logits=False)
    assert given_shares.item() == pytest.approx(expected_error(cases, bins))


@given(seeds, st.integers(1, 20), st.sampled_from([(6,), (6, 1), (6, 3)]))
def test_calibration_error_of_yes_or_no(seed: int, bins: int, shape: tuple[int, ...]) -> None:
    output, target = numbers(seed, *shape), answers(seed + 1, 2, *shape)
    target.view(-1)[0] = 0
    pairs = zip(output.sigmoid().flatten().tolist(), target.flatten().tolist(), strict=True)
    cases = [(probability, y == 1) for probability, y in pairs if y != -100]

    value = confidence.calibration_error(output, target, bins, task="binary")
    assert value.item() == pytest.approx(expected_error(cases, bins))


def test_sure_and_right_is_calibrated_and_sure_and_wrong_is_not() -> None:
    sure = torch.tensor([1.0, 0.0, 1.0, 0.0])

    assert confidence.calibration_error(sure, sure.long(), from_logits=False).item() == 0
    assert confidence.calibration_error(sure, 1 - sure.long(), from_logits=False).item() == 1


@given(seeds, st.integers(2, 5), st.sampled_from([(), (3,)]))
def test_perplexity(seed: int, classes: int, rest: tuple[int, ...]) -> None:
    output, target = numbers(seed, 6, classes, *rest), answers(seed + 1, classes, 6, *rest)
    target.view(-1)[0] = 0
    rows = output.softmax(1).movedim(1, -1).reshape(-1, classes).tolist()
    shares = [row[y] for row, y in zip(rows, target.flatten().tolist(), strict=True) if y != -100]

    expected = math.prod(shares) ** (-1 / len(shares))
    assert confidence.perplexity(output, target).item() == pytest.approx(expected)
    assert confidence.perplexity(torch.zeros(4, 8), torch.arange(4)).item() == pytest.approx(8)
