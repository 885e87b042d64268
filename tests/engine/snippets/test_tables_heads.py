"""The first and the last lines of a table, the marks between its cells, and what is not a table."""

import gzip
import zipfile
from pathlib import Path

import pytest

from resources.snippets.samples import DataError
from resources.snippets.tables import load_csv, load_csv_features
from tests.engine.snippets.tables import OK, ROWS, Write, only_guess, shuffled, table


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
    with pytest.raises(DataError, match="is not text of the encoding utf-8"):
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


def test_notes_below_the_table_are_left_out_and_reported(file: Write) -> None:
    text = table("w,h,ok", shuffled(), shuffled(step=29), OK)
    rows = load_csv(file(text + "\nSource: the station\n"), "ok")
    assert len(rows) == ROWS
    assert "line 63 holds one text below the table" in only_guess(rows).message
    with pytest.raises(DataError, match="line 62: 1 value, but line 1 names 3 columns"):
        load_csv(file(text + "12\n"), "ok")
    with pytest.raises(DataError, match="line 62: 1 value"):
        load_csv(file(text + "Source\n1,2,a\n"), "ok")


def test_a_title_above_a_table_without_names_is_left_out(file: Write) -> None:
    text = "My numbers\n" + table("", shuffled(), shuffled(step=29), [0, 1] * 30)
    rows = load_csv(file(text), "column_3")
    assert len(rows) == ROWS
    assert {each.param for each in rows.guesses} == {"header", "skip"}
    with pytest.raises(DataError, match="line 2 is read as a row"):
        load_csv(file(text), "y")
