"""Texts that mean a missing value among categories, spellings of one category, and times of day."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from resources.snippets.load_result import Guess, LoadedSamples
from resources.snippets.samples import DataError
from resources.snippets.table.dates import hours_in
from resources.snippets.tables import load_csv, load_csv_features

ROWS = 40
W = [at * 7 % 11 for at in range(ROWS)]
Write = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(**columns: Sequence[object]) -> Path:
        path = tmp_path / "data.csv"
        lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def cycle(*texts: object) -> list[object]:
    return [texts[at % len(texts)] for at in range(ROWS)]


OK = cycle("a", "b")


def only_guess(rows: LoadedSamples) -> Guess:
    (guess,) = rows.guesses
    return guess


MISSING = ("-", "--", ".", "#N/A", "n.a.", "<NA>", "\u2014", "N.A.")


@pytest.mark.parametrize("mark", MISSING)
def test_a_mark_among_categories_is_a_missing_value_and_reported(mark: str, file: Write) -> None:
    path = file(w=W, smoker=cycle("yes", "no", mark, "no"), ok=OK)
    with pytest.raises(DataError, match=f"'{mark}' counts as missing") as caught:
        load_csv(path, "ok")
    assert "line 4" in caught.value.message
    assert "role of 'smoker' to category" in caught.value.hint
    rows = load_csv(path, "ok", missing="drop")
    assert (len(rows), rows.missing) == (30, {"smoker": 10})
    assert dict(rows.columns)["smoker"] == ("no", "yes")
    guess = only_guess(rows)
    assert (guess.param, guess.value) == ("marks", (mark,))
    assert not load_csv(path, "ok", missing="drop", marks=(mark,)).guesses
    rows = load_csv(path, "ok", roles={"smoker": "category"})
    assert sorted(dict(rows.columns)["smoker"]) == sorted([mark, "no", "yes"])
    assert not rows.guesses


def test_a_mark_in_the_target_is_no_class(file: Write) -> None:
    path = file(w=W, ok=cycle("yes", "-", "no", "no"))
    with pytest.raises(DataError, match="'-' counts as missing"):
        load_csv(path, "ok")
    rows = load_csv(path, "ok", missing="drop")
    assert (rows.classes["label"], len(rows)) == (("no", "yes"), 30)
    assert load_csv(path, "ok", roles={"ok": "category"}).classes["label"] == ("-", "no", "yes")


def test_codes_with_a_mark_keep_their_zeros(file: Write) -> None:
    rows = load_csv(file(w=W, code=cycle("007", "012", "100", "-")), "code", missing="drop")
    assert rows.classes["label"] == ("007", "012", "100")


CATEGORIES = {
    "nothing of a kind": cycle("broad", "narrow", "none"),
    "states": cycle("ND", "SD", "MN"),
    "plus and minus": cycle("+", "-", "-"),
    "several signs": cycle("+", "-", "++", "--"),
}


@pytest.mark.parametrize("name", CATEGORIES)
def test_what_is_a_category_by_its_neighbours_needs_no_guess(name: str, file: Write) -> None:
    rows = load_csv(file(w=W, sign=CATEGORIES[name], ok=CATEGORIES[name]), "ok")
    assert set(dict(rows.columns)["sign"]) == set(CATEGORIES[name]) == set(rows.classes["label"])
    assert not rows.guesses


DOUBTFUL = {
    "unknown": cycle("yes", "no", "unknown"),
    "None": cycle("brick", "stone", "None", "wood"),
    "a mark beside one other text": cycle("x", "-"),
    "a mark in most rows": cycle("a", "-", "-", "b", "-"),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_may_be_a_category_of_its_own_stays_one_and_is_reported(name: str, file: Write) -> None:
    path = file(w=W, x=DOUBTFUL[name], ok=OK)
    rows = load_csv(path, "ok")
    assert set(dict(rows.columns)["x"]) == set(DOUBTFUL[name])
    guess = only_guess(rows)
    assert "marks" in guess.hint
    assert (guess.param, guess.value) == ("roles", (("x", "category"),))
    assert not load_csv(path, "ok", roles=guess.value).guesses  # type: ignore[arg-type]


def test_a_mark_that_is_a_category_elsewhere_has_no_fix_for_all_columns(file: Write) -> None:
    path = file(w=W, sign=cycle("+", "-"), x=cycle("yes", "no", "-"), ok=OK)
    guess = only_guess(load_csv(path, "ok", missing="drop"))
    assert (guess.param, guess.value) == ("marks", None)


def test_marks_of_the_project_are_missing_in_every_column(file: Write) -> None:
    path = file(w=[-999 if at % 4 == 1 else at % 7 for at in range(ROWS)], x=cycle("a", "b", "kA"), ok=OK)
    rows = load_csv(path, "ok", missing="mean", marks=("-999", "ka"))
    assert rows.missing == {"w": 10, "x": 13}
    assert np.isnan(rows.fields["features"][:, 0]).sum() == 10
    assert dict(rows.columns)["x"] == ("a", "b")
    assert not rows.guesses
    new = load_csv_features(path, rows.columns, "refuse", rows.decisions)  # type: ignore[arg-type]
    assert len(new.refusals) == int(np.isnan(rows.fields["features"]).any(axis=1).sum())
    assert all("missing" in each.reason for each in new.refusals)


def test_a_mark_is_missing_in_a_new_file_as_well(file: Write) -> None:
    learned = load_csv(file(w=W, x=cycle("yes", "no", "-"), ok=OK), "ok", missing="mean")
    path = file(w=[1, 2], x=["-", "no"])
    new = load_csv_features(path, learned.columns, "mean", learned.decisions)  # type: ignore[arg-type]
    assert np.isnan(new.fields["features"][0, 1:]).all()
    assert new.fields["features"][1].tolist() == [2, 1, 0]
    (refusal,) = load_csv_features(path, learned.columns, "refuse", learned.decisions).refusals  # type: ignore[arg-type]
    assert (refusal.place, "missing" in refusal.reason) == ("line 2", True)


ALIKE = [("True", "TRUE"), ("Berlin", "berlin"), ("New York", "New  York")]


@pytest.mark.parametrize("alike", ALIKE)
def test_categories_that_differ_in_spelling_alone_are_reported(alike: tuple[str, str], file: Write) -> None:
    path = file(w=W, x=cycle(*alike, "other"), ok=OK)
    guess = only_guess(load_csv(path, "ok"))
    assert all(repr(text) in guess.message for text in alike)
    assert "its role" in guess.hint
    assert (guess.param, guess.value) == ("roles", (("x", "category"),))
    assert not load_csv(path, "ok", roles={"x": "category"}).guesses


def test_the_message_about_several_columns_is_in_the_plural(file: Write) -> None:
    path = file(w=W, x=cycle("True", "TRUE", "no"), ok=cycle("True", "TRUE", "no"))
    guess = only_guess(load_csv(path, "ok"))
    assert "columns 'x', 'ok' hold" in guess.message
    assert "their roles" in guess.hint
    assert "its role" not in guess.hint


def test_times_of_day_are_hours(file: Write) -> None:
    clock = [f"{at % 24}:{at * 7 % 60:02}" for at in range(ROWS)]
    hours = [at % 24 + at * 7 % 60 / 60 for at in range(ROWS)]
    rows = load_csv(file(t=clock, w=W, ok=OK), "ok")
    assert rows.roles["t"] == "time (hours)"
    assert rows.fields["features"][:, 0].tolist() == np.float32(hours).tolist()
    assert not rows.guesses
    path = file(t=["12:45", "1:30 pm", "noon", ""], w=[1, 2, 3, 4])
    new = load_csv_features(path, rows.columns, "refuse", rows.decisions)  # type: ignore[arg-type]
    assert new.fields["features"].tolist() == [[12.75, 1], [13.5, 2]]
    assert [each.place for each in new.refusals] == ["line 4", "line 5"]
    assert "not a time such as 12:30" in new.refusals[0].reason


def test_a_wrong_time_is_named_or_missing_by_its_role(file: Write) -> None:
    path = file(t=cycle("8:30", "9:15", "17:05", "8:31", "late"), w=W, ok=OK)
    with pytest.raises(DataError, match=r"line 6, column 't': 'late' is not a time such as 12:30"):
        load_csv(path, "ok")
    rows = load_csv(path, "ok", missing="drop", roles={"t": "date"})
    assert (len(rows), rows.missing) == (32, {"t": 8})


def test_a_time_can_be_the_target(file: Write) -> None:
    rows = load_csv(file(w=W, t=[f"{at % 3}:{at % 60:02}:30" for at in range(ROWS)]), "t", roles={"t": "date"})
    assert rows.fields["target"][1, 0] == np.float32(1 + 1 / 60 + 30 / 3600)


HOURS = {"12:30": 12.5, "0:00": 0, "12:00 am": 0, "12:00 PM": 12, "1:30 p.m.": 13.5, "36:15": 36.25}
NO_HOURS = ("12:60", "13:00 pm", "3:1", "12", "12:3", "-1:30", "1:2:3", "")


def test_what_is_a_time(file: Write) -> None:
    assert {text: hours_in(text) for text in HOURS} == HOURS
    assert hours_in("1:02:30,5") == pytest.approx(1 + 150.5 / 3600)
    assert [text for text in NO_HOURS if hours_in(text) is not None] == []


def test_another_unit_in_a_new_file_is_refused(file: Write) -> None:
    learned = load_csv(file(mass=[f"{at % 9}.5 kg" for at in range(ROWS)], ok=OK), "ok")
    path = file(mass=["5 kg", "5000 g", "5"])
    new = load_csv_features(path, learned.columns, "refuse", learned.decisions)  # type: ignore[arg-type]
    assert new.fields["features"].tolist() == [[5.0], [5.0]]
    (refusal,) = new.refusals
    assert (refusal.place, "'5000 g' is in g" in refusal.reason) == ("line 3", True)
    assert "kg" in refusal.hint


@pytest.mark.parametrize("role", ["date", "category"])
def test_a_target_of_dates_is_classes_with_a_warning(role: str, file: Write) -> None:
    path = file(w=W, day=[f"2024-01-{1 + at % 9:02}" for at in range(ROWS)])
    guess = only_guess(load_csv(path, "day"))
    assert "each of which is a class" in guess.message
    rows = load_csv(path, "day", roles={"day": role})
    assert ("target" in rows.fields) == (role == "date")
    if role == "date":
        assert rows.fields["target"][:3, 0].tolist() == [0, 1, 2]
        assert rows.measure == "days since 2024-01-01"
    assert not rows.guesses


def test_numbers_that_become_equal_in_single_precision_are_reported(file: Write) -> None:
    close = [1_700_000_000 + at * 7 % 41 for at in range(ROWS)]
    path = file(t=close, w=W, ok=OK)
    guess = only_guess(load_csv(path, "ok"))
    assert f"holds {ROWS} different numbers, of which only 1 differ" in guess.message
    assert not load_csv(path, "ok", roles=guess.value).guesses  # type: ignore[arg-type]
    assert not load_csv(file(t=[1_700_000_000 + at * 5000 for at in W], w=W, ok=OK), "ok").guesses
    assert not load_csv(file(t=[each % 1000 for each in close], w=W, ok=OK), "ok").guesses
