"""Columns of texts: categories, labels, keys, and texts that are left out."""

import numpy as np
import pytest

from resources.snippets.tables import load_csv
from tests.engine.snippets.tables import OK, ROWS, Write, only_guess, shuffled, table


def test_a_mark_among_texts_is_a_category(file: Write) -> None:
    rows = load_csv(file(table("w,fence,ok", shuffled(), ["wood", "None", "-"] * 20, OK)), "ok")
    assert dict(rows.columns)["fence"] == ("-", "None", "wood")


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


def test_a_number_can_be_a_category(file: Write) -> None:
    rows = load_csv(
        file(table("zip,w,ok", ["01234", "00501", "9"] * 20, shuffled(), OK)), "ok", roles={"zip": "category"}
    )
    assert rows.columns[0] == ("zip", ("9", "00501", "01234"))
    assert rows.fields["features"][0, :3].tolist() == [0, 0, 1]


def test_numbers_written_as_codes_are_reported(file: Write) -> None:
    guess = only_guess(load_csv(file(table("zip,w,ok", ["01234", "00501", "90210"] * 20, shuffled(), OK)), "ok"))
    assert guess.value == (("zip", "category"),)


def test_a_target_whose_texts_all_differ_is_reported(file: Write) -> None:
    rows = load_csv(file(table("w,name", shuffled(), [f"name {at}" for at in range(ROWS)])), "name")
    assert "a class for each row cannot be learned" in only_guess(rows).message
