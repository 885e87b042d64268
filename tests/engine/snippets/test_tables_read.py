"""Tables from practice: each is read as intended, and a guess names the setting that decides."""

import numpy as np
import pytest

from resources.snippets.samples import DataError
from resources.snippets.tables import load_csv
from tests.engine.snippets.tables import OK, ROWS, Write, only_guess, shuffled, table


def test_a_decimal_comma_makes_numbers(file: Write) -> None:
    cells = [f"{18 + at % 12},5" for at in range(ROWS)]
    rows = load_csv(file(table("temp;hum;ok", cells, shuffled(), OK, separator=";")), "ok")
    assert rows.fields["features"].shape == (ROWS, 2)
    assert rows.fields["features"][:3, 0].tolist() == [18.5, 19.5, 20.5]
    assert rows.roles == {"temp": "number (decimal comma)", "hum": "number", "ok": "target"}
    assert rows.decisions == {"temp": "comma"}
    assert not rows.guesses


NUMBERS = {
    "thousands": (["1,234.5", "12,345.0", "1,000,000.25"], [1234.5, 12345.0, 1000000.25]),
    "points between thousands": (["1.234,5", "12.345,0", "1.000.000,25"], [1234.5, 12345.0, 1000000.25]),
    "spaces between thousands": (["1 234,5", "12\u00a0345,5", "1\u202f000\u202f000"], [1234.5, 12345.5, 1000000]),
    "Swiss thousands": (["1'234.50", "12\u2019345.00", "7.25"], [1234.5, 12345.0, 7.25]),
    "Indian thousands": (["1,00,000.5", "12,34,567.0", "5.5"], [100000.5, 1234567.0, 5.5]),
    "dollars": (["$1,200.50", "-$3.00", "($4.25)"], [1200.5, -3.0, -4.25]),
    "euros behind": (["12,50 \u20ac", "-3,00 \u20ac", "1.200,00 \u20ac"], [12.5, -3.0, 1200.0]),
    "codes of currencies": (["EUR 12.50", "EUR 3.00", "EUR 7.25"], [12.5, 3.0, 7.25]),
    "percent": (["12.5 %", "3%", "100 %"], [12.5, 3.0, 100.0]),
    "a unit": (["12.5 kg", "3 kg", "100.25 kg"], [12.5, 3.0, 100.25]),
    "a true minus": (["\u22125.5", "+3.25", "7.5"], [-5.5, 3.25, 7.5]),
    "a minus behind": (["1.200,50-", "3,25", "7,5"], [-1200.5, 3.25, 7.5]),
    "powers of ten": (["1,5e3", "2,25E-1", "7,5"], [1500.0, 0.225, 7.5]),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_read_as_people_write_them(name: str, file: Write) -> None:
    cells, expected = NUMBERS[name]
    quoted = [f'"{cell}"' for cell in cells] * 20
    rows = load_csv(file(table("x,w,ok", quoted, shuffled(), OK)), "ok")
    assert rows.fields["features"][:3, 0].tolist() == np.float32(expected).tolist()
    assert rows.roles["x"].startswith("number")
    assert not rows.guesses


@pytest.mark.parametrize(("separator", "value"), [(";", 1.234), (",", 1234.0)])
def test_what_can_be_read_in_two_ways_is_reported_with_its_setting(separator: str, value: float, file: Write) -> None:
    cells = [f'"{1 + at % 5},{234 + at}"' for at in range(ROWS)]
    path = file(table(f"x{separator}w{separator}ok", cells, shuffled(), OK, separator=separator))
    rows = load_csv(path, "ok")
    assert rows.fields["features"][0, 0] == np.float32(value)
    guess = only_guess(rows)
    assert guess.param == "decimal"
    assert "1,234" in guess.message
    decided = load_csv(path, "ok", decimal=str(guess.value))
    assert not decided.guesses
    assert np.array_equal(decided.fields["features"], rows.fields["features"])
    other = load_csv(path, "ok", decimal={"point": "comma", "comma": "point"}[str(guess.value)])
    assert not np.array_equal(other.fields["features"], rows.fields["features"])


def test_an_ambiguous_column_follows_the_others(file: Write) -> None:
    sure, unsure = [f"{at},5" for at in range(ROWS)], [f"1.{100 + at}" for at in shuffled()]
    path = file(table("x;y;ok", sure, unsure, OK, separator=";"))
    rows = load_csv(path, "ok")
    assert rows.fields["features"][0].tolist() == [0.5, 1100.0]
    assert only_guess(rows).param == "decimal"
    assert load_csv(path, "ok", decimal="point", roles={"x": "ignore"}).fields["features"][0, 0] == np.float32(1.1)


@pytest.mark.parametrize("mark", ["-", "None", "#N/A", ".", "--", "n.a.", "\u2014", "missing"])
def test_a_mark_among_numbers_is_a_missing_value(mark: str, file: Write) -> None:
    numbers: list[object] = [*shuffled()]
    numbers[4] = mark
    path = file(table("w,h,ok", numbers, shuffled(step=29), OK))
    rows = load_csv(path, "ok", missing="drop")
    assert len(rows) == ROWS - 1
    assert rows.missing == {"w": 1}
    guess = only_guess(rows)
    assert f"59 numbers and 1 text, {mark!r} in line 6, read as a missing value" in guess.message
    assert (guess.param, guess.value) == ("roles", (("w", "number"),))
    assert not load_csv(path, "ok", missing="drop", roles=guess.value).guesses  # type: ignore[arg-type]
    with pytest.raises(DataError, match="line 6, column 'w': the value is missing"):
        load_csv(path, "ok")


def test_a_numeric_target_keeps_its_numbers_beside_a_mark(file: Write) -> None:
    prices: list[object] = [100 + at * 13 for at in range(ROWS)]
    prices[7] = "None"
    path = file(table("w,h,price", shuffled(), shuffled(step=29), prices))
    rows = load_csv(path, "price", missing="drop")
    assert rows.fields["target"].shape == (ROWS - 1, 1)
    guess = only_guess(rows)
    assert "'price' holds 59 numbers and 1 text, 'None' in line 9" in guess.message
    again = load_csv(path, "price", missing="drop", roles=guess.value)  # type: ignore[arg-type]
    assert not again.guesses
    assert np.array_equal(again.fields["target"], rows.fields["target"])


def test_one_odd_text_among_numbers_is_refused_with_the_ways_out(file: Write) -> None:
    numbers: list[object] = [*shuffled()]
    numbers[10] = "tall"
    path = file(table("w,h,ok", numbers, shuffled(step=29), OK))
    with pytest.raises(DataError) as caught:
        load_csv(path, "ok")
    assert "line 12, column 'w': 'tall' is not a number, as 59 others are" in caught.value.message
    assert {"number", "category", "ignore"} <= set(caught.value.hint.replace(",", "").split())
    remedy = caught.value.remedy
    assert remedy is not None
    assert (remedy.param, remedy.value) == ("roles", (("w", "number"),))
    with pytest.raises(DataError, match="line 12, column 'w': the value is missing") as then:
        load_csv(path, "ok", roles=remedy.value)  # type: ignore[arg-type]
    assert then.value.remedy is not None
    assert (then.value.remedy.param, then.value.remedy.value) == ("missing", "drop")
    assert load_csv(path, "ok", roles={"w": "number"}, missing="drop").missing == {"w": 1}
    assert "category" in load_csv(path, "ok", roles={"w": "category"}).roles["w"]
    assert load_csv(path, "ok", roles={"w": "ignore"}).left_out == ["w (ignored)"]


DATES = {
    "ISO": ["2024-01-31", "2024-02-01", "2024-03-01"],
    "with a time": ["2024-01-31 00:00", "2024-02-01T00:00:00Z", "2024-03-01 00:00:00"],
    "German": ["31.01.2024", "1.2.2024", "01.03.2024"],
    "American": ["01/31/2024", "2/1/2024", "3/1/2024"],
    "British": ["31/01/2024", "1/2/2024", "01/03/2024"],
    "months in words": ["31 Jan 2024", "February 1, 2024", "1-Mar-2024"],
    "short years": ["31.01.24", "01.02.24", "01.03.24"],
}


@pytest.mark.parametrize("name", DATES)
def test_dates_become_days_since_the_first(name: str, file: Write) -> None:
    quoted = [f'"{each}"' for each in DATES[name]] * 20
    rows = load_csv(file(table("day,w,ok", quoted, shuffled(), OK)), "ok")
    assert rows.fields["features"][:3, 0].tolist() == [0, 1, 30]
    assert rows.roles["day"] == "date (days since 2024-01-31)"
    assert not rows.guesses


def test_dates_that_can_be_read_in_two_ways_are_reported_with_their_setting(file: Write) -> None:
    path = file(table("day,w,ok", ["03/04/2024", "05/06/2024", "07/08/2024"] * 20, shuffled(), OK))
    guess = only_guess(load_csv(path, "ok"))
    assert (guess.param, guess.value) == ("dates", "month_first")
    assert "'03/04/2024' is read as 2024-03-04, not as 2024-04-03" in guess.message
    assert not load_csv(path, "ok", dates="month_first").guesses
    assert load_csv(path, "ok", dates="day_first").fields["features"][1, 0] == 63


def test_years_of_two_digits_that_may_be_of_another_century_are_reported(file: Write) -> None:
    born = [f"{at % 28 + 1}/{at % 12 + 1}/{50 + at % 50}" for at in range(ROWS)]
    path = file(table("born,size,kind", born, shuffled(), OK))
    guess = only_guess(load_csv(path, "kind"))
    assert "'born' has years of two digits" in guess.message
    assert "/68 as 2068-" in guess.message
    assert guess.value == (("born", "date"),)
    assert not load_csv(path, "kind", roles=guess.value).guesses
    for first in (70, 10):  # of one century, near to today
        sure = [f"{at % 28 + 1}/{at % 12 + 1}/{first + at % 20}" for at in range(ROWS)]
        assert not load_csv(file(table("born,size,kind", sure, shuffled(), OK)), "kind").guesses
    whole = [f"{at % 28 + 1}/{at % 12 + 1}/{1950 + at % 50}" for at in range(ROWS)]
    assert not load_csv(file(table("born,size,kind", whole, shuffled(), OK)), "kind").guesses


def test_a_column_that_is_mostly_empty_can_be_left_out_by_its_hint(file: Write) -> None:
    cabin = ["" if at % 3 else "C85" for at in range(ROWS)]
    age = ["" if at == 4 else at % 41 for at in range(ROWS)]
    path = file(table("age,cabin,kind", age, cabin, OK))
    with pytest.raises(DataError) as caught:
        load_csv(path, "kind")
    assert caught.value.hint.endswith("Or set the role of 'cabin' to ignore: it lacks 40 of 60 values.")
    with pytest.raises(DataError) as caught:
        load_csv(path, "kind", roles={"cabin": "ignore"})
    assert "role" not in caught.value.hint
    assert len(load_csv(path, "kind", missing="drop", roles={"cabin": "ignore"})) == ROWS - 1


def test_a_cell_of_two_readings_is_reported_with_both(file: Write) -> None:
    cells = [f"{1 + at % 9}.{100 + at}" for at in range(ROWS)]
    path = file(table("km;price;kind", cells, cells, OK, separator=";"))
    guess = only_guess(load_csv(path, "kind"))
    assert "in column 'km' '1.100' is read as 1.1, not as 1100, and 1 more column likewise" in guess.message


def test_a_text_among_dates_is_refused(file: Write) -> None:
    days = [f"2024-01-{1 + at % 28:02}" for at in range(ROWS)]
    days[5] = "soon"
    path = file(table("day,w,ok", days, shuffled(), OK))
    with pytest.raises(DataError, match="line 7, column 'day': 'soon' is not a date") as caught:
        load_csv(path, "ok")
    assert caught.value.remedy is not None
    assert load_csv(path, "ok", roles=caught.value.remedy.value, missing="drop").missing == {"day": 1}  # type: ignore[arg-type]


def test_one_role_names_the_target(file: Write) -> None:
    path = file(table("w,h,ok", shuffled(), shuffled(step=29), OK))
    rows = load_csv(path, roles={"ok": "target"})
    assert rows.classes["label"] == ("a", "b")
    with pytest.raises(DataError, match="both to be the target"):
        load_csv(path, "w", roles={"ok": "target"})
    with pytest.raises(DataError, match="'w' and 'h' are both to be the target, and 1 more"):
        load_csv(path, roles=dict.fromkeys(("w", "h", "ok"), "target"))
    with pytest.raises(DataError, match="no column is the target"):
        load_csv(path)
    with pytest.raises(DataError, match="there is no column 'weight'"):
        load_csv(path, roles={"weight": "target"})


def test_the_role_of_a_column_that_another_table_lacks_is_reported(file: Write) -> None:
    path = file(table("w,h,ok", shuffled(), shuffled(step=29), OK))
    guess = only_guess(load_csv(path, "ok", roles={"weight": "ignore", "w": "number"}))
    assert "'weight', which the table has no column for" in guess.message
    assert (guess.param, guess.value) == ("roles", (("w", "number"),))


def test_an_empty_column_is_left_out(file: Write) -> None:
    rows = load_csv(file(table("w,remark,ok", shuffled(), [""] * ROWS, OK)), "ok")
    assert rows.left_out == ["remark (empty)"]
    assert rows.fields["features"].shape == (ROWS, 1)


def test_whole_thousands_with_points_are_reported(file: Write) -> None:
    numbers = [f"{1 + at % 9}.{100 + at}" for at in range(ROWS)]
    path = file(table("price;w;ok", numbers, shuffled(), OK, separator=";"))
    guess = only_guess(load_csv(path, "ok"))
    assert (guess.param, guess.value) == ("decimal", "point")
    assert load_csv(path, "ok", decimal="comma").fields["features"][0, 0] == 1100


def test_numbers_in_single_quotes_are_numbers(file: Write) -> None:
    rows = load_csv(file(table("x,w,ok", [f"'{at}.5'" for at in range(ROWS)], shuffled(), OK)), "ok")
    assert rows.roles["x"] == "number"
    assert rows.fields["features"][2, 0] == 2.5
