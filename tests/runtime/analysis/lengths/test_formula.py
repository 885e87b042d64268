"""The size of an axis as a formula of its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.analysis.lengths.formula import Formula, formula_of

FAR = 131071


@given(st.integers(1, 3), st.sampled_from([1, 2, 3, 4, 6, 8, 16, 60, 320]), st.integers(-50, 50))
def test_the_formula_of_enough_sizes_is_the_one_that_gave_them(times: int, divisor: int, plus: int) -> None:
    def size(length: int) -> int:
        return (times * length + plus) // divisor

    points = [(length, size(length)) for length in (251, 252, FAR)]
    formula = formula_of(points)
    for _ in range(12):
        assert formula is not None
        if formula.is_certain:
            break
        length = formula.deciding_length(251)
        points.append((length, size(length)))
        formula = formula_of(points)
    assert formula is not None
    assert formula.is_certain
    for length in range(251, 251 + divisor * 2):
        assert (formula.times * length + formula.least) // formula.divisor == size(length)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Formula(1, 1, 0, 0), "T"),
        (Formula(1, 1, -2, -2), "T-2"),
        (Formula(2, 1, 0, 0), "2T"),
        (Formula(2, 1, 3, 3), "2T+3"),
        (Formula(1, 2, 0, 0), "T//2"),
        (Formula(1, 2, 1, 1), "(T+1)//2"),
        (Formula(3, 2, 0, 0), "3T//2"),
    ],
)
def test_a_formula_is_written_short(formula: Formula, text: str) -> None:
    assert formula.text("T") == text


def test_sizes_that_do_not_grow_evenly_have_no_formula() -> None:
    assert formula_of([(length, 2 * (-(-length // 2))) for length in (251, 252, FAR)]) is None
    assert formula_of([(251, 500), (252, 499)]) is None
