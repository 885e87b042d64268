"""The layout of a table in its file: encodings without a mark, spaces between cells, units below the names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resources.snippets.samples import DataError
from resources.snippets.tables import load_csv, load_csv_features

ROWS = 40
Write = Callable[..., Path]
W = [at * 7 % 11 for at in range(ROWS)]
H = [f"{at * 5 % 7}.5" for at in range(ROWS)]
OK = ["ab"[at * 7 % 3 == 0] for at in range(ROWS)]


def lines(head: str, form: str) -> str:
    """A table with a line for each row, in the form of ``{w} {h} {ok}``."""
    rows = [form.format(at=at + 1, w=W[at], h=H[at], ok=OK[at]) for at in range(ROWS)]
    return "\n".join([head, *rows, ""])


PLAIN = "{w},{h},{ok}"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("names", ["w,h,ok", "\u0448\u0438\u0440,\u0432\u044b\u0441,ok"])
def test_utf_16_without_a_mark_is_read_and_reported(names: str, encoding: str, file: Write) -> None:
    path = file(lines(names, PLAIN).encode(encoding))
    rows = load_csv(path, "ok")
    assert [name for name, _ in rows.columns] == names.split(",")[:2]
    assert rows.fields["features"][:, 0].tolist() == W
    (guess,) = rows.guesses
    assert (guess.param, guess.value) == ("encoding", encoding)
    assert "UTF-16" in guess.message
    assert not load_csv(path, "ok", encoding=encoding).guesses


def test_the_letters_of_a_new_file_are_those_that_were_learned(file: Write) -> None:
    towns = ["\u043a\u0438\u0435\u0432", "\u043e\u0434\u0435\u0441\u0441\u0430"]
    text = "w,town,ok\n" + "".join(f"{W[at]},{towns[at % 2]},{OK[at]}\n" for at in range(ROWS))
    path = file(text.encode("cp1251"))
    learned = load_csv(path, "ok", encoding="cp1251")
    new = load_csv_features(path, learned.columns, "refuse", learned.decisions)  # type: ignore[arg-type]
    assert new.fields["features"].tolist() == learned.fields["features"].tolist()
    new = load_csv_features(file(text), learned.columns, "refuse", learned.decisions)  # type: ignore[arg-type]
    assert not new.refusals


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_stray_zero_byte_makes_no_utf_16(at: int, file: Write) -> None:
    text = lines("w,h,ok", PLAIN)
    with pytest.raises(DataError, match="zero byte") as caught:
        load_csv(file(text[:40] + "x" * at + "\0\n" + text[40:]), "ok")
    assert "utf-16" in caught.value.hint


SPACED = {
    "columns under each other": ("  w     h  ok", "{w:>3}  {h:>4}  {ok}  "),
    "one space": ("w h ok", "{w} {h} {ok}"),
    "tabs and spaces": ("w  h\tok", "{w}    {h}\t{ok}"),
    "quoted texts": ("w h ok", '{w}  {h}  "{ok}"'),
    "decimal commas": ("w h ok", "{w},5 {h} {ok}"),
    "the names of rows, as R writes them": ('"w" "h" "ok"', '"{at}" {w} {h} "{ok}"'),
}


@pytest.mark.parametrize("name", SPACED)
def test_cells_between_spaces_are_read(name: str, file: Write) -> None:
    rows = load_csv(file(lines(*SPACED[name])), "ok")
    first = [w + 0.5 if "commas" in name else w for w in W]
    assert rows.fields["features"].tolist() == [[w, float(h)] for w, h in zip(first, H, strict=True)]
    assert rows.classes["label"] == ("a", "b")
    assert not rows.guesses


def test_a_table_between_spaces_without_names_is_read(file: Write) -> None:
    """The form of UCI's tables: numbers under each other, a tab, and a quoted text."""
    text = "".join(
        f'{w:5.1f}   {h}    {at % 3}\t"model {at % 5}"\n' for at, (w, h) in enumerate(zip(W, H, strict=True))
    )
    rows = load_csv(file(text), "column_3")
    assert rows.roles == {
        "column_1": "number",
        "column_2": "number",
        "column_3": "target",
        "column_4": "category of 5",
    }


UNSPACED = {
    "spaces in texts": (lines("w,town,ok", "{w},New York,{ok}"), ["w", "town"]),
    "spaces behind commas": (lines("w, h, ok", "{w}, {h}, {ok}"), ["w", "h"]),
    "times beside commas": (lines("w;h;ok", "{w},5;1 {h};{ok}"), ["w", "h"]),
}


@pytest.mark.parametrize("name", UNSPACED)
def test_spaces_within_cells_separate_nothing(name: str, file: Write) -> None:
    text, names = UNSPACED[name]
    rows = load_csv(file(text), "ok")
    assert [column for column, _ in rows.columns] == names


def test_lines_that_nothing_separates_evenly_are_refused_with_what_to_do(file: Write) -> None:
    rows = "".join(f"{w} {'New York' if w % 2 else 'Rome'} {ok}\n" for w, ok in zip(W, OK, strict=True))
    for target in ("ok", "w town ok"):
        with pytest.raises(DataError) as caught:
            load_csv(file("w town ok\n" + rows), target)
        assert "No separator was found" in caught.value.hint
        assert "quoted" in caught.value.hint


UNITS = {
    "units": "kg,cm,",
    "one unit": "kg,,",
    "units in brackets": "(kg),[cm],-",
    "speeds": "m/s,km/h,",
    "types": "float,float,string",
}


@pytest.mark.parametrize("name", UNITS)
def test_a_line_of_units_is_left_out_and_reported(name: str, file: Write) -> None:
    rows = load_csv(file(lines(f"w,h,ok\n{UNITS[name]}", PLAIN)), "ok")
    assert len(rows) == ROWS
    assert rows.place(0) == "line 3"
    assert rows.roles == {"w": "number", "h": "number", "ok": "target"}
    (left,) = rows.left_out
    assert left.startswith("line 2, which holds units")
    assert UNITS[name].split(",")[0] in left


ROWS_OF_THEIR_OWN = {
    "a wrong cell": ("abc,1.5,a", "'abc' is not a number"),
    "a wrong cell above units": ("kg,1.5,a", "'kg' is not a number"),
    "empty cells": (",,a", "the value is missing"),
}


@pytest.mark.parametrize("name", ROWS_OF_THEIR_OWN)
def test_a_row_with_something_wrong_is_no_line_of_units(name: str, file: Write) -> None:
    line, message = ROWS_OF_THEIR_OWN[name]
    with pytest.raises(DataError, match=message) as caught:
        load_csv(file(lines(f"w,h,ok\n{line}", PLAIN)), "ok")
    assert "line 2" in caught.value.message


def test_a_line_of_units_is_left_out_of_a_new_file(file: Write) -> None:
    learned = load_csv(file(lines("w,h,ok\nkg,cm,", PLAIN)), "ok")
    new = load_csv_features(file("h,w\ncm,kg\n1.5,3\n", "ask.csv"), learned.columns)
    assert new.fields["features"].tolist() == [[3.0, 1.5]]
    assert (new.place(0), new.refusals) == ("line 3", [])


def test_a_sheet_of_a_file_that_has_none_is_reported(file: Write) -> None:
    path = file(lines("w,h,ok", PLAIN))
    (guess,) = load_csv(path, "ok", sheet="Tabelle1").guesses
    assert "no sheet 'Tabelle1'" in guess.message
    assert (guess.param, guess.value) == ("sheet", "")
    assert not load_csv(path, "ok", sheet="").guesses


BETWEEN = {
    "a line of spaces": ("   \n", ""),
    "a line of separators": (" , ,\n", ""),
    "a comment": ("# calibrated\n", "line 22, which is a comment"),
    "the names": ("w,h,ok\n", "line 22, which repeats the names"),
    "the names twice": ("w,h,ok\nw,h,ok\n", "lines 22 to 23, which repeat the names"),
    "comments": ("# a, b, c, d\n% x\n", "lines 22 to 23, which are comments"),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_lines_between_the_rows_that_hold_none_are_left_out(name: str, file: Write) -> None:
    between, message = BETWEEN[name]
    every = lines("w,h,ok", PLAIN).splitlines(keepends=True)
    path = file("".join([*every[:21], between, *every[21:], "\n  \n"]))
    rows = load_csv(path, "ok")
    assert len(rows) == ROWS
    assert rows.left_out == ([message] if message else [])
    new = load_csv_features(path, rows.columns)
    assert len(new) == ROWS
    assert not new.refusals


def test_a_very_long_cell_is_read(file: Write) -> None:
    every = lines("w,h,ok", "{w},{h},{ok}").replace(",ok", ",ok,note", 1).splitlines()
    notes = ["", *(f",{'z' * (200_000 if at == 3 else 2)}" for at in range(ROWS))]
    rows = load_csv(file("".join(line + note + "\n" for line, note in zip(every, notes, strict=True))), "ok")
    assert rows.roles["note"] == "category of 2"


def test_a_rule_below_the_names_is_left_out(file: Write) -> None:
    rows = load_csv(file(lines("| w | h | ok |\n|---|:---|---|", "| {w} | {h} | {ok} |")), "ok")
    assert rows.roles == {"w": "number", "h": "number", "ok": "target"}
    assert len(rows) == ROWS


def test_rows_with_more_cells_than_names_are_reported_with_both_lines(file: Write) -> None:
    with pytest.raises(DataError, match="line 2: 4 values, but line 1 names 3 columns") as caught:
        load_csv(file(lines("w,h,ok", "{w},5,{h},{ok}")), "ok")
    assert "decimal comma" in caught.value.hint


def test_skip_beyond_the_file_is_reported(file: Write) -> None:
    with pytest.raises(DataError, match="nothing below the first 500 lines, which skip leaves out"):
        load_csv(file(lines("w,h,ok", PLAIN)), "ok", skip=500)


DATES = {
    "German": [f"{1 + at % 28}. M\u00e4rz 2024" for at in range(ROWS)],
    "German, short": [f"{1 + at % 28}. Mrz. 24" for at in range(ROWS)],
    "French": [f"{1 + at % 28} mars 2024" for at in range(ROWS)],
    "Spanish": [f"{1 + at % 28} de marzo de 2024" for at in range(ROWS)],
    "of mails": [f'"Fri, {1 + at % 28:02} Mar 2024 00:00:00 +0000"' for at in range(ROWS)],
    "with a weekday": [f"Fr. {1 + at % 28:02}.03.2024" for at in range(ROWS)],
}


@pytest.mark.parametrize("name", DATES)
def test_dates_of_other_languages_are_dates(name: str, file: Write) -> None:
    text = "day,ok\n" + "".join(f"{day},{ok}\n" for day, ok in zip(DATES[name], OK, strict=True))
    rows = load_csv(file(text), "ok", dates="day_first")
    assert rows.roles["day"] == "date (days since 2024-03-01)"
    assert rows.fields["features"][:, 0].tolist() == [at % 28 for at in range(ROWS)]
