"""Tables from practice: each is read as intended, and a guess names the setting that decides."""

import gzip
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from resources.snippets.loaded import Guess, LoadedSamples
from resources.snippets.samples import DataError
from resources.snippets.tables import load_csv, load_csv_features

ROWS = 60
Write = Callable[..., Path]


def table(head: str, *columns: Sequence[object], separator: str = ",") -> str:
    rows = [separator.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join([*([head] if head else []), *rows]) + "\n"


def shuffled(count: int = ROWS, step: int = 37) -> list[int]:
    """Whole numbers in no order, some of them twice."""
    return [at * step % 41 for at in range(count)]


OK = ["ab"[at * 7 % 3 == 0] for at in range(ROWS)]


def only_guess(rows: LoadedSamples) -> Guess:
    assert len(rows.guesses) == 1, [each.message for each in rows.guesses]
    return rows.guesses[0]


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


def test_a_mark_among_texts_is_a_category(file: Write) -> None:
    rows = load_csv(file(table("w,fence,ok", shuffled(), ["wood", "None", "-"] * 20, OK)), "ok")
    assert dict(rows.columns)["fence"] == ("-", "None", "wood")


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


def test_some_numbers_among_texts_are_a_category(file: Write) -> None:
    path = file(table("size,w,ok", ["S", "M", "L", "42"] * 15, shuffled(), OK))
    rows = load_csv(path, "ok")
    assert rows.columns[0] == ("size", ("42", "L", "M", "S"))
    guess = only_guess(rows)
    assert "holds 45 texts and 15 numbers" in guess.message
    assert not load_csv(path, "ok", roles=guess.value).guesses  # type: ignore[arg-type]


def test_a_recurring_text_among_numbers_is_a_category(file: Write) -> None:
    rows = load_csv(file(table("children,w,ok", ["0", "1", "2", "3+"] * 15, shuffled(), OK)), "ok")
    assert rows.columns[0] == ("children", ("0", "1", "2", "3+"))
    assert only_guess(rows).param == "roles"


def test_texts_that_name_the_rows_are_left_out(file: Write) -> None:
    path = file(table("case_id,w,ok", [f"case{at:02}" for at in range(ROWS)], shuffled(), OK))
    rows = load_csv(path, "ok")
    assert rows.fields["features"].shape == (ROWS, 1)
    assert any("case_id" in each for each in rows.left_out)
    assert rows.roles["case_id"] == "left out"
    guess = only_guess(rows)
    assert "'case_id' has a different text in each of the 60 rows" in guess.message
    assert guess.value == (("case_id", "ignore"),)
    assert not load_csv(path, "ok", roles={"case_id": "ignore"}).guesses
    assert load_csv(path, "ok", roles={"case_id": "category"}).fields["features"].shape == (ROWS, 61)


@pytest.mark.parametrize("first", [0, 1, 17])
def test_a_column_that_counts_the_rows_is_reported(first: int, file: Write) -> None:
    path = file(table("Id,w,ok", range(first, first + ROWS), shuffled(), sorted(OK)))
    rows = load_csv(path, "ok")
    guess = only_guess(rows)
    assert "'Id' counts the rows" in guess.message
    assert guess.value == (("Id", "ignore"),)
    assert load_csv(path, "ok", roles={"Id": "ignore"}).fields["features"].shape == (ROWS, 1)
    assert not load_csv(path, "ok", roles={"Id": "number"}).guesses


def test_keys_without_order_are_reported_as_no_help(file: Write) -> None:
    keys = [10_000 + at * 7919 % 90_000 for at in range(ROWS)]
    guess = only_guess(load_csv(file(table("customer_id,w,ok", keys, shuffled(), OK)), "ok"))
    assert "customer_id" in guess.message
    assert guess.value == (("customer_id", "ignore"),)


def test_many_categories_are_accepted_and_reported(file: Write) -> None:
    towns = [f"town{at % 90}" for at in range(400)]
    rows = load_csv(file(table("town,h,ok", towns, shuffled(400), [*"ab"] * 200)), "ok")
    assert rows.fields["features"].shape == (400, 91)
    assert "'town' has 90 categories" in only_guess(rows).message


def test_of_very_many_categories_the_rarest_are_one(file: Write) -> None:
    towns = [f"town{at % 300}" if at < 900 else "capital" for at in range(1000)]
    rows = load_csv(file(table("town,h,ok", towns, shuffled(1000), [*"ab"] * 500)), "ok")
    categories = dict(rows.columns)["town"]
    assert len(categories) == 256
    assert "capital" in categories
    assert categories[-1] == "(all others)"
    assert np.all(rows.fields["features"][:, :256].sum(axis=1) == 1)
    assert rows.fields["features"][:, 255].sum() == 3 * 46


def test_free_text_is_left_out_and_reported(file: Write) -> None:
    texts = [f"Dear Sir no. {at % 150}" for at in range(200)]
    rows = load_csv(file(table("letter,h,ok", texts, shuffled(200), [*"ab"] * 100)), "ok")
    assert rows.fields["features"].shape == (200, 1)
    guess = only_guess(rows)
    assert "free text" in guess.message
    assert guess.value == (("letter", "ignore"),)


def test_labels_are_kept_as_they_are_written(file: Write) -> None:
    codes = ["007", "012", "100"] * 20
    rows = load_csv(file(table("w,code", shuffled(), codes)), "code")
    assert rows.classes["label"] == ("007", "012", "100")
    assert rows.fields["label"][:3].tolist() == [0, 1, 2]


def test_labels_of_many_digits_never_become_floats(file: Write) -> None:
    codes = ["1234567890123456", "1234567890123457", "9999999999999999"] * 20
    rows = load_csv(file(table("w,code", shuffled(), codes)), "code")
    assert rows.classes["label"] == ("1234567890123456", "1234567890123457", "9999999999999999")


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


def test_a_first_line_of_numbers_is_a_row(file: Write) -> None:
    path = file(table("", shuffled(), shuffled(step=29), [0, 1] * 30))
    rows = load_csv(path, "column_3")
    assert len(rows) == ROWS
    assert rows.place(0) == "line 1"
    guess = only_guess(rows)
    assert "line 1 holds only numbers" in guess.message
    assert (guess.param, guess.value) == ("header", "no")
    assert not load_csv(path, "column_3", header="no").guesses


def test_a_file_without_names_says_so_where_a_column_is_asked_for(file: Write) -> None:
    with pytest.raises(DataError) as caught:
        load_csv(file(table("", [0] * ROWS, [0] * ROWS, shuffled(), [0, 1] * 30)), "label")
    assert "line 1 is read as a row, so no line names the columns" in caught.value.message
    assert "column_4" in caught.value.message


def test_rows_without_names_and_without_the_target_are_refused_with_a_way_out(file: Write) -> None:
    columns = load_csv(file(table("", [0, 1] * 30, shuffled(), shuffled(step=29))), "column_1").columns
    without_names = file("3,4\n5,6\n", "without_names.csv")
    with pytest.raises(DataError) as caught:
        load_csv_features(without_names, columns)
    assert "learned from the columns column_2, column_3" in caught.value.message
    assert "Write a line with these names above the rows" in caught.value.hint
    rows = load_csv_features(file("column_2,column_3\n3,4\n5,6\n", "named.csv"), columns)
    whole = load_csv_features(file("0,3,4\n0,5,6\n", "whole.csv"), columns)
    assert rows.fields["features"].tolist() == whole.fields["features"].tolist() == [[3, 4], [5, 6]]


def test_a_line_of_numbers_that_the_project_takes_for_names_stays_names_with_a_guess(file: Write) -> None:
    path = file("5.1,3.5,1\n" + table("", shuffled(), shuffled(step=29), [0, 1] * 30))
    rows = load_csv(path, "1")
    assert len(rows) == ROWS
    guess = only_guess(rows)
    assert "line 1 holds only numbers" in guess.message
    assert (guess.param, guess.value) == ("header", "no")
    rows = load_csv(path, "1", header="no")
    assert len(rows) == ROWS + 1
    assert rows.roles == {"column_1": "number", "column_2": "number", "column_3": "target"}
    assert not load_csv(path, "1", header="yes").guesses


def test_a_first_row_of_numbers_and_classes_is_a_row(file: Write) -> None:
    first = "5.1,3.5,setosa\n4.9,3.0,setosa\n"
    rows = load_csv(file(first + table("", shuffled(), shuffled(step=29), ["setosa", "virginica"] * 30)), "column_3")
    assert len(rows) == ROWS + 2
    assert "numbers above numbers" in only_guess(rows).message


@pytest.mark.parametrize("head", ["id,2019,2020,ok", ",0,1,2", "0,1,2,3"])
def test_names_may_be_numbers(head: str, file: Write) -> None:
    columns = [shuffled(), shuffled(step=29), shuffled(step=23), OK]
    rows = load_csv(file(table(head, *columns)), head.rpartition(",")[2])
    assert len(rows) == ROWS
    assert not any(each.param == "header" for each in rows.guesses)


@pytest.mark.parametrize("head", ["", '""', "Unnamed: 0"])
def test_an_index_column_is_left_out(head: str, file: Write) -> None:
    path = file(table(f"{head},w,h,ok", range(ROWS), shuffled(), shuffled(step=29), OK))
    for features in ((), ("w", "h")):
        rows = load_csv(path, "ok", features=features)
        assert [name for name, _ in rows.columns] == ["w", "h"]
        assert any("numbers the rows" in each for each in rows.left_out)
        assert not rows.guesses


def test_row_names_of_r_are_left_out(file: Write) -> None:
    path = file(table("w,h,ok", [f'"car {at}"' for at in range(ROWS)], shuffled(), shuffled(step=29), OK))
    rows = load_csv(path, "ok")
    assert [name for name, _ in rows.columns] == ["w", "h"]
    assert any("names the rows" in each for each in rows.left_out)


def test_a_column_without_a_name_that_holds_data_is_read_and_reported(file: Write) -> None:
    path = file(table("w,,ok", shuffled(), shuffled(step=29), OK))
    rows = load_csv(path, "ok")
    assert [name for name, _ in rows.columns] == ["w", "column_2"]
    assert "column 2 has no name" in only_guess(rows).message
    assert len(load_csv(path, "ok", roles={"column_2": "ignore"}).columns) == 1


@pytest.mark.parametrize("head", ["w,h,ok,", "w,h,ok"])
def test_commas_at_the_ends_of_lines_are_no_column(head: str, file: Write) -> None:
    rows = load_csv(file(table(head, shuffled(), shuffled(step=29), OK, [""] * ROWS)), "ok")
    assert [name for name, _ in rows.columns] == ["w", "h"]


def test_lines_of_commas_alone_are_no_rows(file: Write) -> None:
    rows = load_csv(file(table("w,h,ok", shuffled(), shuffled(step=29), OK) + ",,\n,,\n"), "ok")
    assert len(rows) == ROWS


def test_comments_above_the_table_are_left_out(file: Write) -> None:
    text = "# measured in May\n# by Bob's \"team\n" + table("w,h,ok", shuffled(), shuffled(step=29), OK)
    rows = load_csv(file(text), "ok")
    assert rows.place(0) == "line 4"
    assert rows.left_out == ["lines 1 to 2, which are comments"]


@pytest.mark.parametrize("above", ["Weather of 2024\nby the station\n", "Weather of 2024,,\n", "\nWeather\n\n"])
def test_titles_above_the_table_are_left_out_and_reported(above: str, file: Write) -> None:
    path = file(above + table("w,h,ok", shuffled(), shuffled(step=29), OK))
    rows = load_csv(path, "ok")
    assert [name for name, _ in rows.columns] == ["w", "h"]
    assert rows.place(0) == f"line {above.count(chr(10)) + 2}"
    guess = only_guess(rows)
    assert (guess.param, guess.value) == ("skip", above.count("\n"))
    assert not load_csv(path, "ok", skip=above.count("\n")).guesses


def test_names_after_a_comment_sign_are_names(file: Write) -> None:
    rows = load_csv(file(table("# w,h,y", shuffled(), shuffled(step=29), [0, 1] * 30)), "y")
    assert [name for name, _ in rows.columns] == ["w", "h"]
    assert len(rows) == ROWS


def test_a_ragged_line_below_a_title_is_named(file: Write) -> None:
    text = "My table\n" + table("w,h,ok", shuffled(), shuffled(step=29), OK) + "1,2\n"
    with pytest.raises(DataError, match="line 63: 2 values, but line 2 names 3 columns"):
        load_csv(file(text), "ok")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("declared", [True, False])
def test_every_usual_separator_is_found(separator: str, declared: bool, file: Write) -> None:
    text = table(separator.join(("w", "h", "ok")), shuffled(), shuffled(step=29), OK, separator=separator)
    rows = load_csv(file(f"sep={separator}\n{text}" if declared else text), "ok")
    assert [name for name, _ in rows.columns] == ["w", "h"]
    assert rows.place(0) == f"line {3 if declared else 2}"
    assert not rows.guesses


def test_a_space_before_a_quotation_mark_is_skipped(file: Write) -> None:
    text = "name, land, ok\n" + "".join(f'"run {at % 7}", "A, B", {OK[at]}\n' for at in range(ROWS))
    rows = load_csv(file(text), "ok")
    assert dict(rows.columns)["land"] == ("A, B",)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_with_a_mark_needs_no_guess(encoding: str, file: Write) -> None:
    rows = load_csv(file(table("gr\u00f6\u00dfe,ok", shuffled(), OK).encode(encoding)), "ok")
    assert rows.columns[0][0] == "gr\u00f6\u00dfe"
    assert not rows.guesses


def test_what_is_no_utf_8_is_read_as_western_european_and_reported(file: Write) -> None:
    path = file(table("gr\u00f6\u00dfe,ok", shuffled(), ["s\u00fc\u00df", "bitter"] * 30).encode("latin-1"))
    rows = load_csv(path, "ok")
    assert rows.classes["label"] == ("bitter", "s\u00fc\u00df")
    guess = only_guess(rows)
    assert (guess.param, guess.value) == ("encoding", "cp1252")
    assert "CSV UTF-8" in guess.hint
    assert not load_csv(path, "ok", encoding="cp1252").guesses
    with pytest.raises(DataError, match="is no text of the encoding utf-8"):
        load_csv(path, "ok", encoding="utf-8")


def test_a_packed_table_is_read(file: Write) -> None:
    packed = gzip.compress(table("w,h,ok", shuffled(), shuffled(step=29), OK).encode())
    assert len(load_csv(file(packed, "data.csv.gz"), "ok")) == ROWS
    with pytest.raises(DataError, match="damaged"):
        load_csv(file(packed[: len(packed) // 2], "half.csv.gz"), "ok")


FOREIGN = {
    "an Excel 97 workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "packed with bzip2": b"BZh91AY&SY" + bytes(20),
    "packed with xz": b"\xfd7zXZ\x00" + bytes(20),
    "a Parquet file": b"PAR1" + bytes(20),
    "an HDF5 file": b"\x89HDF\r\n\x1a\n" + bytes(20),
    "an SQLite database": b"SQLite format 3\x00" + bytes(20),
    "a web page": b"\n<!DOCTYPE html><html><body>Log in</body></html>",
    "a JSON file": b'{"rows": [1, 2]}',
    "a PDF document": b"%PDF-1.7\n",
    "an array of NumPy": b"\x93NUMPY" + bytes(80),
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_named_with_what_to_do(what: str, file: Write) -> None:
    with pytest.raises(DataError) as caught:
        load_csv(file(FOREIGN[what]), "ok")
    assert f"is {what}" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("data.csv", "is packed with zip, with data.csv inside"),
        ("content.xml", "is an OpenDocument spreadsheet"),
        ("label.npy", "is an NPZ file of arrays"),
        ("xl/workbook.bin", "is a binary Excel workbook"),
    ],
)
def test_an_archive_is_named(inside: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, "w,ok\n1,a\n")
    with pytest.raises(DataError) as caught:
        load_csv(path, "ok")
    assert what in caught.value.message


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


def test_a_number_can_be_a_category(file: Write) -> None:
    rows = load_csv(
        file(table("zip,w,ok", ["01234", "00501", "9"] * 20, shuffled(), OK)), "ok", roles={"zip": "category"}
    )
    assert rows.columns[0] == ("zip", ("9", "00501", "01234"))
    assert rows.fields["features"][0, :3].tolist() == [0, 0, 1]


def test_numbers_written_as_codes_are_reported(file: Write) -> None:
    guess = only_guess(load_csv(file(table("zip,w,ok", ["01234", "00501", "90210"] * 20, shuffled(), OK)), "ok"))
    assert guess.value == (("zip", "category"),)


def test_notes_below_the_table_are_left_out_and_reported(file: Write) -> None:
    text = table("w,h,ok", shuffled(), shuffled(step=29), OK)
    rows = load_csv(file(text + "\nSource: the station\n"), "ok")
    assert len(rows) == ROWS
    assert "line 63 holds one text below the table" in only_guess(rows).message
    with pytest.raises(DataError, match="line 62: 1 value, but line 1 names 3 columns"):
        load_csv(file(text + "12\n"), "ok")
    with pytest.raises(DataError, match="line 62: 1 value"):
        load_csv(file(text + "Source\n1,2,a\n"), "ok")


def test_an_empty_column_is_left_out(file: Write) -> None:
    rows = load_csv(file(table("w,remark,ok", shuffled(), [""] * ROWS, OK)), "ok")
    assert rows.left_out == ["remark (empty)"]
    assert rows.fields["features"].shape == (ROWS, 1)


def test_a_title_above_a_table_without_names_is_left_out(file: Write) -> None:
    text = "My numbers\n" + table("", shuffled(), shuffled(step=29), [0, 1] * 30)
    rows = load_csv(file(text), "column_3")
    assert len(rows) == ROWS
    assert {each.param for each in rows.guesses} == {"header", "skip"}
    with pytest.raises(DataError, match="line 2 is read as a row"):
        load_csv(file(text), "y")


def test_whole_thousands_with_points_are_reported(file: Write) -> None:
    numbers = [f"{1 + at % 9}.{100 + at}" for at in range(ROWS)]
    path = file(table("price;w;ok", numbers, shuffled(), OK, separator=";"))
    guess = only_guess(load_csv(path, "ok"))
    assert (guess.param, guess.value) == ("decimal", "point")
    assert load_csv(path, "ok", decimal="comma").fields["features"][0, 0] == 1100


def test_a_target_whose_texts_all_differ_is_reported(file: Write) -> None:
    rows = load_csv(file(table("w,name", shuffled(), [f"name {at}" for at in range(ROWS)])), "name")
    assert "a class for each row cannot be learned" in only_guess(rows).message


def test_numbers_in_single_quotes_are_numbers(file: Write) -> None:
    rows = load_csv(file(table("x,w,ok", [f"'{at}.5'" for at in range(ROWS)], shuffled(), OK)), "ok")
    assert rows.roles["x"] == "number"
    assert rows.fields["features"][2, 0] == 2.5
