"""Correlation and agreement of classes, against their definitions over pairs of samples."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resources.snippets.metrics import agreement

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)


def scores_of(classes: list[int]) -> torch.Tensor:
    return torch.eye(4)[torch.tensor(classes)]


def correlation(x: list[list[float]], y: list[list[float]]) -> float:
    """The correlation of rows of 0 and 1: their covariance, summed over the columns, over both deviations."""

    def covariance(a: list[list[float]], b: list[list[float]]) -> float:
        columns = zip(zip(*a, strict=True), zip(*b, strict=True), strict=True)
        return sum(
            sum((p - sum(one) / len(one)) * (q - sum(other) / len(other)) for p, q in zip(one, other, strict=True))
            for one, other in columns
        )

    spread = covariance(x, x) * covariance(y, y)
    return covariance(x, y) / math.sqrt(spread) if spread > 1e-12 else 0.0


@given(pairs, st.integers(0, 3))
def test_the_correlation_of_classes(cases: list[tuple[int, int]], ignored: int) -> None:
    predicted, true = map(list, zip(*cases, strict=True))
    valid = [case for case in cases if case[1] != ignored]
    value = agreement.matthews_corr_coef(scores_of(predicted), torch.tensor(true), ignore_index=ignored).item()

    expected = (
        correlation(*([scores_of([one]).flatten().tolist() for one in each] for each in zip(*valid, strict=True)))
        if valid
        else 0
    )
    assert value == pytest.approx(expected, abs=1e-9)


@given(pairs, st.sampled_from(["none", "linear", "quadratic"]))
def test_agreement_beyond_chance(cases: list[tuple[int, int]], weights: str) -> None:
    predicted, true = map(list, zip(*cases, strict=True))
    cost = {
        "none": lambda a, b: float(a != b),
        "linear": lambda a, b: abs(a - b),
        "quadratic": lambda a, b: (a - b) ** 2,
    }
    observed = sum(cost[weights](a, b) for a, b in cases) / len(cases)
    by_chance = sum(cost[weights](a, b) for a in predicted for b in true) / len(cases) ** 2
    value = agreement.cohen_kappa(scores_of(predicted), torch.tensor(true), weights).item()

    assert value == pytest.approx(1 - observed / by_chance) if by_chance else math.isnan(value)


def test_two_columns_of_answers_count_together() -> None:
    output, target = torch.tensor([[1.0, -1], [1, 1], [-1, -1]]), torch.tensor([[1, 0], [0, 1], [-100, 1]])
    # yes for yes twice, no for no once, one false yes, one false no
    assert agreement.matthews_corr_coef(output, target).item() == pytest.approx(
        (2 * 1 - 1 * 1) / math.sqrt(3 * 3 * 2 * 2)
    )
    assert agreement.cohen_kappa(output, target).item() == pytest.approx(1 - (2 / 5) / (12 / 25))
