"""Metrics of numbers, against their formulas in plain Python."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resources.snippets.metrics import errors

seeds = st.integers(0, 10_000)


def example(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@given(seeds, st.sampled_from([(6,), (6, 1), (6, 3), (3, 2, 2)]))
def test_errors_of_regression(seed: int, shape: tuple[int, ...]) -> None:
    output, target = (torch.randn(shape, generator=example(seed + more)) for more in (0, 1))
    off = [x - y for x, y in zip(output.flatten().tolist(), target.flatten().tolist(), strict=True)]

    assert errors.mean_absolute_error(output, target).item() == pytest.approx(sum(map(abs, off)) / len(off), rel=1e-5)
    mean_square = sum(x * x for x in off) / len(off)
    assert errors.mean_squared_error(output, target).item() == pytest.approx(mean_square, rel=1e-5)
    assert errors.root_mean_squared_error(output, target).item() == pytest.approx(math.sqrt(mean_square), rel=1e-5)


def test_relative_errors_leave_out_targets_of_0() -> None:
    output, target = torch.tensor([1.1, 5.0, -3.0]), torch.tensor([1.0, 0.0, -4.0])

    assert errors.mean_absolute_percentage_error(output, target).item() == pytest.approx((0.1 + 0.25) / 2)
    assert errors.mean_absolute_percentage_error(output, torch.zeros(3)).isnan()


@given(seeds, st.sampled_from([(6,), (6, 1), (3, 1, 2, 2)]), st.sampled_from([1.0, 255.0]))
def test_peak_signal_to_noise(seed: int, shape: tuple[int, ...], data_range: float) -> None:
    output, target = (torch.rand(shape, generator=example(seed + more), dtype=torch.float64) for more in (0, 1))
    off = [x - y for x, y in zip(output.flatten().tolist(), target.flatten().tolist(), strict=True)]
    expected = 20 * math.log10(data_range / math.sqrt(sum(x * x for x in off) / len(off)))

    assert errors.peak_signal_noise_ratio(output, target, data_range).item() == pytest.approx(expected)


def test_peak_signal_to_noise_by_hand() -> None:
    black = torch.zeros(1, 1, 2, 2)

    assert errors.peak_signal_noise_ratio(black + 0.1, black).item() == pytest.approx(20)
    assert errors.peak_signal_noise_ratio(black, black).item() == math.inf


@given(seeds, st.integers(1, 3))
def test_r2_is_the_mean_over_columns(seed: int, columns: int) -> None:
    output, target = (torch.randn(6, columns, generator=example(seed + more), dtype=torch.float64) for more in (0, 1))
    cases = []
    for column, true in zip(output.T.tolist(), target.T.tolist(), strict=True):
        mean = sum(true) / len(true)
        missed = sum((y - x) ** 2 for x, y in zip(column, true, strict=True))
        cases.append(1 - missed / sum((y - mean) ** 2 for y in true))

    assert errors.r2_score(output, target).item() == pytest.approx(sum(cases) / columns)


def test_r2_of_a_target_that_does_not_vary() -> None:
    same = torch.ones(4, 1)

    assert errors.r2_score(same, same).item() == 1
    assert errors.r2_score(same + 1, same).item() == 0


@pytest.mark.parametrize("figure", [errors.mean_absolute_error, errors.root_mean_squared_error, errors.r2_score])
def test_a_column_and_a_row_of_numbers_are_paired_not_crossed(figure) -> None:
    output, target = torch.tensor([1.0, 2.0, 4.0]), torch.tensor([1.0, 2.5, 4.0])

    assert figure(output[:, None], target).item() == pytest.approx(figure(output, target).item())
    assert figure(output, target[:, None]).item() == pytest.approx(figure(output, target).item())
    with pytest.raises(ValueError, match=r"predictions \(3,\) do not fit targets \(2,\)"):
        figure(output, target[:2])
