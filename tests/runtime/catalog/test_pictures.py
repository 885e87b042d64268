"""The structural similarity, against its formula window by window."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from resources.snippets.metrics import pictures


def two_pictures(seed: int, *shape: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    first, noise = (torch.rand(shape, generator=generator, dtype=torch.float64) for _ in range(2))
    return first, (first + noise) / 2


def by_windows(first: Tensor, second: Tensor, size: int, sigma: float, data_range: float) -> float:
    """The mean over every window of one channel."""
    middle = (size - 1) / 2
    weights = [
        math.exp(-((row - middle) ** 2 + (column - middle) ** 2) / (2 * sigma**2))
        for row in range(size)
        for column in range(size)
    ]
    weights = [weight / sum(weights) for weight in weights]
    small, smaller = (0.03 * data_range) ** 2, (0.01 * data_range) ** 2
    values = []
    for top in range(first.shape[0] - size + 1):
        for left in range(first.shape[1] - size + 1):
            x, y = (each[top : top + size, left : left + size].flatten().tolist() for each in (first, second))
            mean_x, mean_y = (sum(w * v for w, v in zip(weights, each, strict=True)) for each in (x, y))
            spread = sum(w * ((v - mean_x) ** 2 + (u - mean_y) ** 2) for w, v, u in zip(weights, x, y, strict=True))
            shared = sum(w * (v - mean_x) * (u - mean_y) for w, v, u in zip(weights, x, y, strict=True))
            means = (2 * mean_x * mean_y + smaller) / (mean_x**2 + mean_y**2 + smaller)
            values.append(means * (2 * shared + small) / (spread + small))
    return sum(values) / len(values)


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from([3, 5]), st.sampled_from([0.8, 1.5]), st.sampled_from([1.0, 255.0]))
def test_each_window_counts_the_same(seed: int, size: int, sigma: float, data_range: float) -> None:
    first, second = two_pictures(seed, 2, 2, 6, 7)
    expected = [
        by_windows(a * data_range, b * data_range, size, sigma, data_range)
        for a, b in zip(first.flatten(0, 1), second.flatten(0, 1), strict=True)
    ]

    value = pictures.structural_similarity(first * data_range, second * data_range, data_range, size, sigma)
    assert value.item() == pytest.approx(sum(expected) / len(expected))


def test_equal_and_opposite_pictures() -> None:
    picture = two_pictures(0, 2, 1, 12, 12)[0]

    assert pictures.structural_similarity(picture, picture).item() == pytest.approx(1)
    assert pictures.structural_similarity(picture, 1 - picture).item() < 0


def test_many_pictures_are_compared_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_pictures(0, 5, 1, 12, 12)
    whole = pictures.structural_similarity(first, second)
    monkeypatch.setattr(pictures, "PICTURE_VALUES_AT_ONCE", 300)

    assert torch.equal(pictures.structural_similarity(first, second), whole)


def test_pictures_smaller_than_the_window_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pictures \(12, 8\) are smaller than 11 pixels"):
        pictures.structural_similarity(torch.rand(1, 1, 12, 8), torch.rand(1, 1, 12, 8))
