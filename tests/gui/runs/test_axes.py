"""Axes: round ticks, ranges that show everything, texts for numbers."""

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.formatting.formats import number
from gui.formatting.run_text import (
    base_names,
    clock,
    duration,
    is_share,
    leading_metric,
    metric_label,
    metric_text,
    metric_title,
    when,
)
from gui.runs.curve_data.curve import Curve
from gui.runs.known_runs.short_names import short_names
from gui.runs.plots.ticks import durations, linear, logarithmic, nice_range, plain
from gui.runs.plots.visible_range import Part, fitting

sizes = st.floats(-1e9, 1e9).filter(lambda each: each == 0 or abs(each) > 1e-9)


def texts(ticks):
    return [tick.text for tick in ticks]


@given(sizes, sizes, st.integers(2, 8))
def test_a_nice_range_holds_the_values_and_has_few_marks(a, b, most) -> None:
    low, high = sorted((a, b))
    first, last = nice_range(low, high, most)
    slack = 0.05 * (last - first)
    assert first - slack <= low
    assert high <= last + slack
    marks = linear(first, last, most)
    assert 1 <= len(marks) <= most + 4
    assert all(first - slack <= mark.place <= last + slack for mark in marks)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 2.5, ["0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 50, ["0", "10", "20", "30", "40", "50"]),
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 2e-5, ["0", "5e-6", "1e-5", "1.5e-5", "2e-5"]),
        (0, 50_000, ["0", "10k", "20k", "30k", "40k", "50k"]),
        (0, 8000, ["0", "2000", "4000", "6000", "8000"]),
    ],
)
def test_marks_are_written_shortly(low, high, expected) -> None:
    assert texts(linear(low, high, 5)) == expected


def test_shares_are_written_in_percent_and_epochs_whole() -> None:
    assert texts(linear(0.6, 1.0, 5, percent=True)) == ["60", "70", "80", "90", "100%"]
    assert texts(linear(0, 3, 8, whole=True)) == ["0", "1", "2", "3"]
    assert texts(linear(0, 20, 8, whole=True)) == ["0", "5", "10", "15", "20"]
    assert texts(linear(0, 1, 4, whole=True)) == ["0", "0.25", "0.50", "0.75", "1.00"]


def test_logarithms_have_powers_and_parts_of_them() -> None:
    assert texts(logarithmic(-2.5, 0.4)) == ["0.01", "0.1", "1"]
    assert texts(logarithmic(-0.5, 0.4)) == ["0.5", "1", "2"]
    assert texts(logarithmic(4, 7)) == ["1e4", "1e5", "1e6", "1e7"]


def test_a_far_value_has_digits_enough_to_tell_its_neighbours() -> None:
    assert plain(123_456.5, 0.5) != plain(123_457.0, 0.5)


def curve(*y: float) -> Curve:
    points = Curve()
    points.add(np.arange(float(len(y))), np.array(y))
    return points


def test_an_outlier_of_the_noise_does_not_flatten_the_rest() -> None:
    calm, noisy = curve(2.0, 1.0, 0.5), curve(2.0, 400.0, 0.5)
    visible = fitting([Part(calm, 0, 3)], [Part(noisy, 0, 3)], (0, 3), (400, 200), log=False, percent=False)
    assert visible.y[1] < 4


def test_a_share_ends_at_all_of_it() -> None:
    visible = fitting([Part(curve(0.62, 0.9, 1.0), 0, 3)], [], (0, 3), (400, 200), log=False, percent=True)
    assert visible.y_ticks[-1].text == "100%"
    assert 1.0 < visible.y[1] < 1.05


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("y", [(), (0.0,), (3.0, 3.0), (math.nan,), (-1.0, 2.0), (1e-30, 1e30), (math.inf, 1.0)])
def test_every_curve_has_a_range(y, log) -> None:
    curves = [Part(curve(*y), 0.0, 2.0)] if y else []
    visible = fitting(curves, [], (0.0, 2.0), (300, 150), log=log, percent=False)
    assert all(map(math.isfinite, visible.y))
    assert visible.y[0] < visible.y[1]


def test_metrics_are_written_as_people_read_them() -> None:
    assert metric_text("val_accuracy", 0.98765) == "98.8%"
    assert metric_text("accuracy", 1.0) == "100%"
    assert metric_text("val_loss", 0.08149) == "0.081"
    assert metric_text("val_mae", 42.3712) == "42.37"
    assert [number(each) for each in (1234567.0, 3.1e-5, 1e-300, -2.5e12)] == [
        "1,234,567",
        "3.10e-5",
        "1.00e-300",
        "-2.50e12",
    ]
    assert number(math.inf) == "inf"
    assert number(math.nan) == "nan"
    assert is_share("train_top_accuracy")
    assert base_names(["train_loss", "val_loss", "val_r2"]) == ["loss", "r2"]
    leading = [leading_metric(names) for names in (["loss", "r2", "mae"], ["loss"], ["loss", "r2"])]
    assert leading == ["mae", None, "r2"]
    assert (metric_title("r2"), metric_title("accuracy"), metric_title("top_k")) == ("R²", "Accuracy", "Top k")


def test_times_are_written_as_people_read_them() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert [clock(12), clock(725), clock(3723)] == ["00:12", "12:05", "1:02:03"]
    assert [duration(5.71), duration(16), duration(75), duration(3723)] == ["5.7 s", "16 s", "1 min 15 s", "1 h 2 min"]
    assert when("2026-11-22T11:00:00+00:00", now).startswith("today")
    assert when("2026-11-21T11:00:00+00:00", now).startswith("yesterday")
    assert "2025" in when("2025-03-01T11:00:00+00:00", now)
    assert when("nonsense") == ""


def test_short_names_keep_what_runs_do_not_share() -> None:
    a, b, c = (Path(f"/runs/{name}") for name in ("net-20260101-101010", "net-20260101-101112", "other"))
    assert short_names([a, b]) == {a: "10:10:10", b: "10:11:12"}
    assert short_names([a]) == {a: "net-20260101-101010"}
    assert short_names([a, b], {a: "wide", b: b.name}) == {a: "wide", b: b.name}
    assert short_names([a, b, c], {c: "c"}) == {a: "10:10:10", b: "10:11:12", c: "c"}
    assert short_names([a, b], {a: "same", b: "same"}) == {a: f"same ({a.name})", b: f"same ({b.name})"}
    assert short_names([a, c]) == {a: "net-20260101-101010", c: "other"}


@pytest.mark.parametrize(("name", "text"), [("mae", "MAE"), ("accuracy", "accuracy"), ("top_k", "top k"), ("r2", "R²")])
def test_a_metric_has_a_name_within_a_sentence(name, text) -> None:
    assert metric_label(name) == text


@pytest.mark.parametrize(
    ("high", "texts"),
    [
        (0.5, ["0", "0.1 s", "0.2 s", "0.3 s", "0.4 s", "0.5 s"]),
        (12, ["0", "2 s", "4 s", "6 s", "8 s", "10 s", "12 s"]),
        (100, ["0", "20 s", "40 s", "1:00 min", "1:20 min", "1:40 min"]),
        (600, ["0", "2 min", "4 min", "6 min", "8 min", "10 min"]),
        (7200, ["0", "20 min", "40 min", "1 h", "1:20 h", "1:40 h", "2 h"]),
        (86400 * 2, ["0", "12 h", "1 d", "36 h", "2 d"]),
        (86400 * 30, ["0", "5 d", "10 d", "15 d", "20 d", "25 d", "30 d"]),
    ],
)
def test_times_are_marked_as_people_count_them(high, texts) -> None:
    assert [tick.text for tick in durations(0.0, high, 6)] == texts


@given(st.floats(1e-3, 1e8), st.integers(2, 12))
def test_there_are_never_more_marks_of_time_than_there_is_room_for(high, most) -> None:
    ticks = durations(0.0, high, most)
    assert 1 <= len(ticks) <= most + 1
    assert [tick.place for tick in ticks] == sorted(tick.place for tick in ticks)
    assert len({tick.text for tick in ticks}) == len(ticks)
