"""Laws of curves: reduced points keep every extreme, memory is bounded, and smoothing is a moving average."""

import math
from copy import copy
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gui.runs.curve_data import curve as curves
from gui.runs.curve_data.curve import BLOCK, Curve
from gui.runs.curve_data.pixel_columns import PixelColumns
from gui.runs.curve_data.smoothing import SmoothedCurve

values = st.floats(-1e6, 1e6)
series = st.integers(1, 700).flatmap(lambda count: arrays(np.float64, count, elements=values))
cuts = st.lists(st.integers(1, 300), max_size=6)


def pieces(y, cuts):
    """Points 0, 1, 2 ... with these values, a few at a time."""
    ends = [min(end, len(y)) for end in [*np.cumsum(cuts, dtype=int).tolist(), len(y)]]
    for start, end in pairwise([0, *ends]):
        yield np.arange(start, end, dtype=float), y[start:end]


def grown(y, cuts=()) -> Curve:
    """A curve that was added to piece by piece."""
    curve = Curve()
    for piece in pieces(y, cuts):
        curve.add(*piece)
    return curve


@given(series, cuts)
def test_points_are_kept_however_they_come(y, cuts) -> None:
    curve = grown(y, cuts)
    assert curve.y.tolist() == y.tolist()
    assert curve.x.tolist() == list(range(len(y)))
    assert curve.last == (len(y) - 1, y[-1])


@given(series, cuts, st.integers(1, 400))
def test_an_envelope_has_the_extremes_and_few_points(y, cuts, width) -> None:
    points = grown(y, cuts).envelope(0, len(y), width)
    assert points.y.min() == y.min()
    assert points.y.max() == y.max()
    assert len(points.x) <= max(2 * width + 2, 4)
    assert (np.diff(points.x) >= 0).all()


@given(series, st.integers(0, 700), st.integers(0, 700), st.integers(4, 100))
def test_a_part_of_a_curve_shows_the_extremes_of_that_part(y, a, b, width) -> None:
    left, right = sorted((min(a, len(y) - 1), min(b, len(y) - 1)))
    curve = grown(y)
    inside = y[left : right + 1]
    points = curve.envelope(left, right, width)

    assert points.y.min() <= inside.min()
    assert points.y.max() >= inside.max()
    assert curve.range(left, right) == (inside.min(), inside.max())


def test_columns_stand_still_while_a_curve_grows() -> None:
    y = np.random.default_rng(0).normal(size=5000)
    before, after = grown(y[:4900]).envelope(0, 6000, 100), grown(y).envelope(0, 6000, 100)
    assert before.x[:-4].tolist() == after.x[: len(before.x) - 4].tolist()
    assert before.y[:-4].tolist() == after.y[: len(before.y) - 4].tolist()


def test_memory_is_bounded_and_extremes_survive(monkeypatch) -> None:
    monkeypatch.setattr(curves, "MAX_POINTS", 4096)
    y = np.random.default_rng(1).normal(size=50_000)
    y[123], y[40_000] = 99.0, -99.0
    curve = Curve()
    for start in range(0, len(y), 500):
        curve.add(np.arange(start, start + 500, dtype=float), y[start : start + 500])

    assert len(curve) <= 4096
    assert curve.range(0, 50_000) == (-99.0, 99.0)
    assert (np.diff(curve.x) > 0).all()
    points = curve.envelope(0, 50_000, 100)
    assert (points.y.min(), points.y.max()) == (-99.0, 99.0)


def test_what_is_not_a_number_hides_nothing() -> None:
    y = np.ones(3 * BLOCK)
    y[5], y[70], y[71] = np.nan, -4.0, 7.0
    y[-1] = np.nan
    curve = grown(y)
    points = curve.envelope(0, len(y), 10)
    assert (np.nanmin(points.y), np.nanmax(points.y)) == (-4.0, 7.0)
    assert curve.range(0, len(y)) == (-4.0, 7.0)
    assert grown(np.array([np.nan])).range(0, 1) is None


def test_the_nearest_point_is_read() -> None:
    curve = Curve()
    assert curve.nearest(1.0, 5.0) is None
    curve.add(np.array([1.0, 2.0, 4.0]), np.array([10.0, 20.0, 40.0]))
    assert curve.nearest(2.4, 0.5) == (2.0, 20.0)
    assert curve.nearest(3.6, 0.5) == (4.0, 40.0)
    assert curve.nearest(5.0, 0.5) is None


def test_a_thinned_curve_ends_where_the_curve_does() -> None:
    curve = grown(np.arange(1000.0))
    points = curve.thinned(0, 1000, 50)
    assert len(points.x) < 110
    assert (points.x[-1], points.y[-1]) == (999.0, 999.0)


@given(series, cuts, st.floats(0, 0.99))
def test_smoothing_is_the_moving_average_however_points_come(y, cuts, weight) -> None:
    smoothed = SmoothedCurve(weight)
    for piece in pieces(y, cuts):
        smoothed.add(*piece)
    level, expected = 0.0, []
    for count, value in enumerate(y):
        share = min(weight, count / (count + 9)) if count < round(9 * weight / (1 - weight)) else weight
        level = share * level + (1 - share) * value
        expected.append(level)
    assert smoothed.curve.y == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_smoothing_passes_over_what_is_not_finite() -> None:
    smoothed = SmoothedCurve(0.5)
    smoothed.add(np.arange(4.0), np.array([2.0, math.nan, math.inf, 4.0]))
    assert smoothed.curve.x.tolist() == [0.0, 3.0]
    assert smoothed.curve.y.tolist() == pytest.approx([2.0, 3.8])


def test_a_short_curve_is_not_drawn_late() -> None:
    smoothed = SmoothedCurve(0.9)
    fall = 10 * 0.9 ** np.arange(60)  # one step per epoch, as with little data
    smoothed.add(np.arange(60.0), fall)
    assert smoothed.curve.y[-1] < 10 * fall[-1]
    assert smoothed.curve.y[0] == fall[0]


@given(series, cuts, st.integers(2, 60))
def test_columns_are_those_of_all_points_however_they_come(y, cuts, count) -> None:
    x = np.arange(len(y), dtype=float)
    columns = PixelColumns(0, len(y), count)
    for x_piece, y_piece in pieces(y, cuts):
        columns.add(x_piece, y_piece, y_piece)
    xs, ys = columns.segments()
    place = np.minimum((x * (count / len(y))).astype(int), count - 1)

    for column in np.unique(place):
        middle = (column + 0.5) * len(y) / count
        upright = ys[np.isclose(xs, middle)]
        inside = y[place == column]
        assert upright.min() <= inside.min()
        assert upright.max() >= inside.max()
    assert (ys.min(), ys.max()) == (y.min(), y.max())


@given(series, cuts, st.integers(2, 60), st.lists(st.integers(0, 59), max_size=5))
def test_segments_are_the_same_whether_kept_or_computed_again(y, cuts, count, missing) -> None:
    columns = PixelColumns(0, len(y), count)
    for x_piece, y_piece in pieces(y, cuts):
        there = ~np.isin(x_piece, missing)
        columns.add(x_piece[there], y_piece[there], y_piece[there])
        again = copy(columns)
        again._is_whole = False
        assert [part.tolist() for part in columns.segments()] == [part.tolist() for part in again.segments()]


def test_neighbouring_columns_touch_and_gaps_are_crossed() -> None:
    columns = PixelColumns(0, 10, 10)
    columns.add(np.array([0.5, 1.5, 7.5]), np.array([0.0, 5.0, 2.0]), np.array([1.0, 6.0, 3.0]))

    xs, ys = columns.segments()

    assert xs.reshape(-1, 2).tolist() == [[0.5, 0.5], [1.5, 1.5], [7.5, 7.5], [1.5, 7.5]]
    assert ys.reshape(-1, 2).tolist() == [[0.0, 1.0], [1.0, 6.0], [2.0, 3.0], [5.5, 2.5]]
