import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from resources.snippets.samples import DataError
from resources.snippets.table.reader import read_table
from resources.snippets.tables import load_csv, load_csv_features

GOOD = "width,height,kind\n1,2,cat\n3.5,-4e1,dog\n5,6,cat\n7,8,dog\n"


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str | bytes, name: str = "pets.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_text_is_classes_in_alphabetical_order(file) -> None:
    rows = load_csv(file(GOOD), "kind")
    assert rows.fields["features"].tolist() == [[1, 2], [3.5, -40], [5, 6], [7, 8]]
    assert rows.fields["features"].dtype == np.float32
    assert rows.fields["label"].tolist() == [0, 1, 0, 1]
    assert rows.fields["label"].dtype == np.int64
    assert rows.classes == {"label": ("cat", "dog")}
    assert rows.place(1) == "line 3"


def test_few_whole_numbers_are_classes_and_others_are_not(file) -> None:
    few = "x,y\n" + "".join(f"{n},{10 - n % 3}\n" for n in range(12))
    rows = load_csv(file(few), "y")
    assert rows.classes == {"label": ("8", "9", "10")}
    assert rows.fields["label"].tolist()[:3] == [2, 1, 0]
    assert load_csv(file(few), "y", task="regression").fields["target"].shape == (12, 1)
    many = "x,y\n" + "".join(f"{n},{n}\n" for n in range(30))
    assert "target" in load_csv(file(many), "y").fields
    assert len(load_csv(file(many), "y", task="classification").classes["label"]) == 30
    assert "target" in load_csv(file("x,y\n1,0.5\n2,1.5\n3,0.5\n4,1.5\n"), "y").fields


def test_chosen_features_come_in_the_order_chosen(file) -> None:
    rows = load_csv(file("a,b,c,y\n1,2,3,u\n4,5,6,v\n"), "y", features=("c", "a"))
    assert rows.fields["features"].tolist() == [[3, 1], [6, 4]]
    assert rows.columns == (("c", ()), ("a", ()))


def test_a_column_of_texts_becomes_zeros_and_ones(file) -> None:
    rows = load_csv(file("sex,age,y\nm,1,u\nf,2,v\nm,3,u\n"), "y")
    assert rows.columns == (("sex", ("f", "m")), ("age", ()))
    assert rows.fields["features"].tolist() == [[0, 1, 1], [1, 0, 2], [0, 1, 3]]


def test_quotes_marks_and_other_separators_are_understood(file) -> None:
    text = '\ufeff"wi;dth";height;kind\r\n1;2;"big, ""old""\r\ncat"\r\n\r\n3;4;dog\r\n'
    rows = load_csv(file(text), "kind")
    assert rows.classes["label"] == ('big, "old"\r\ncat', "dog")
    assert list(rows.places) == ["line 2", "line 5"]
    assert load_csv(file("a\tb\n1\tx\n2\ty\n"), "b").fields["features"].tolist() == [[1], [2]]


BAD = {
    "ragged": ("a,b,y\n1,2,u\n\n1,2\n", {}, "line 4: 2 values, but line 1 names 3 columns"),
    "too long": ("a,b,y\n1,2,u,9\n", {}, "line 2: 4 values, but line 1 names 3 columns"),
    "text among numbers": ("a,b,y\n1,2,u\n1,two,v\n", {}, "line 3, column 'b': 'two' is not a number"),
    "underscore": ("a,b,y\n1,2,u\n1,1_0,v\n", {}, "line 3, column 'b': '1_0' is not a number"),
    "text to regress": ("a,y\n1,u\n", {"task": "regression"}, "line 2, column 'y': 'u' is not a number"),
    "infinite": ("a,y\n1,u\ninf,v\n", {}, "line 3, column 'a': inf is too large"),
    "beyond float32": ("a,y\n1e200,u\n", {}, "line 2, column 'a': 1e+200 is too large"),
    "infinite class": ("a,y\n1,inf\n2,1\n3,inf\n4,1\n", {}, "line 2, column 'y': inf is too large"),
    "no rows": ("a,y\n", {}, "has no rows"),
    "empty": ("", {}, "is empty"),
    "blank": ("\n\n", {}, "is empty"),
    "unknown target": ("a,Label\n1,2\n", {"target": "label"}, "line 1: there is no column 'label'"),
    "unknown feature": ("a,y\n1,2\n", {"features": ("b",)}, "there is no column 'b'"),
    "two of a name": ("a,b,a,y\n1,2,3,4\n", {}, "line 1: columns 1 and 3 are both named 'a'"),
    "target as feature": ("a,y\n1,2\n", {"features": ("y",)}, "'y' is the target and a feature"),
    "feature twice": ("a,y\n1,2\n", {"features": ("a", "a")}, "feature 'a' is listed twice"),
    "only a target": ("y\n1\n", {}, "'y' is its only column"),
    "missing": ("a,b,y\n1,2,u\n1,,v\n,2,u\n", {}, "line 3, column 'b': the value is missing (2 in all)"),
    "missing target": ("a,y\n1,u\n1,?\n", {}, "line 3, column 'y': the value is missing"),
    "nothing left": ("a,y\n,u\nNA,v\n", {"missing": "drop"}, "every row lacks a value"),
    "open quote": ('a,y\n1,"u\n2,v\n', {}, "not a CSV file"),
    "zero byte": ("a,y\n1,u\n2\0,v\n", {}, "line 3 holds a zero byte"),
    "zero byte in text": ("a,y\n1,u\n2,v\0\n", {}, "line 3 holds a zero byte"),
    "UTF-16 without a mark, read as another": ("a,y\n1,u\n".encode("utf-16-le"), {"encoding": "latin-1"}, "zero byte"),
    "names": ("a,y\n" + "".join(f"name{n},{n % 2}\n" for n in range(65)), {}, "'a' holds 65 different texts"),
    "free text, one of which is a number": (
        "a,y\n" + "".join(f"word{n},{n % 2}\n" for n in range(70)) + "5,1\n",
        {},
        "'a' holds 70 different texts, and free text cannot be read as numbers",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_the_place(name: str, file) -> None:
    text, params, message = BAD[name]
    path = file(text)
    with pytest.raises(DataError) as caught:
        load_csv(path, **({"target": "y"} | params))
    assert message in caught.value.message
    assert caught.value.message.startswith(str(path))
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_the_message_about_free_text_says_what_reads_it(file) -> None:
    path = file("a,y\n" + "".join(f"Dear Sir no. {n},{n % 2}\n" for n in range(65)))
    with pytest.raises(DataError) as caught:
        load_csv(path, "y")
    assert "free text cannot be read as numbers" in caught.value.message
    assert "No kind of data set reads free text." in caught.value.hint
    assert "Npz" in caught.value.hint


def test_the_nearest_name_is_suggested_for_an_unknown_column(file) -> None:
    with pytest.raises(DataError, match="Did you mean 'Species'") as caught:
        load_csv(file("Width,Species\n1,a\n"), "specis")
    assert "the columns are Width, Species" in caught.value.message


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError, match="cannot be read") as caught:
            load_csv(path, "y")
        assert str(path) in caught.value.message


def test_rows_with_gaps_are_dropped_on_request(file) -> None:
    rows = load_csv(file("a,b,y\n1,2,u\n3,,v\n5,6,\n7,8,v\n"), "y", missing="drop")
    assert rows.fields["features"].tolist() == [[1, 2], [7, 8]]
    assert list(rows.places) == ["line 2", "line 5"]
    assert rows.missing == {"b": 1, "y": 1}
    assert rows.dropped == 2


def test_means_leave_gaps_in_features_and_drop_unanswered_rows(file) -> None:
    rows = load_csv(file("a,sex,y\n1,m,u\n,f,v\n5,,u\n7,m,\n"), "y", missing="mean")
    expected = [[1, 0, 1], [np.nan, 1, 0], [5, np.nan, np.nan]]
    np.testing.assert_array_equal(rows.fields["features"], np.array(expected, dtype=np.float32))
    assert rows.fields["label"].tolist() == [0, 1, 0]
    assert rows.dropped == 1


def test_a_text_in_a_dropped_row_makes_no_class(file) -> None:
    rows = load_csv(file("a,y\n1,u\n,w\n2,v\n"), "y", missing="drop")
    assert rows.classes["label"] == ("u", "v")


def test_new_rows_are_read_in_the_columns_of_training(file) -> None:
    trained = load_csv(file("sex,age,y\nm,1,u\nf,2,v\n"), "y")
    new = load_csv_features(file("age,name,sex\n9,Ann,f\n"), trained.columns)
    assert new.fields["features"].tolist() == [[1, 0, 9]]
    for cell in "x7":
        (wrong,) = load_csv_features(file(f"age,sex\n9,{cell}\n"), trained.columns).refusals
        assert (wrong.row, wrong.place) == (0, "line 2")
        assert wrong.reason == f"column 'sex': '{cell}' is not one of the categories."
        assert "f, m" in wrong.hint
    with pytest.raises(DataError, match="there is no column 'sex'"):
        load_csv_features(file("age\n9\n"), trained.columns)


GOOD_ROWS = [("m", "1"), ("f", "2.5"), ("f", "-3")]
BAD_ROWS = {
    "x,1": "'x' is not one of the categories",
    ",1": "the value is missing",
    "m,": "the value is missing",
    "m,old": "'old' is not a number",
    "m,1e300": "1e+300 is too large",
    "m": "1 value, but line 1 names 2 columns",
    "m,1,2": "3 values, but line 1 names 2 columns",
}


@given(st.lists(st.one_of(st.sampled_from(GOOD_ROWS), st.sampled_from(sorted(BAD_ROWS))), min_size=1, max_size=12))
def test_bad_rows_do_not_keep_the_others_from_an_answer(rows: list[tuple[str, str] | str]) -> None:
    good = [row for row in rows if isinstance(row, tuple)]
    bad = [(at, row) for at, row in enumerate(rows) if isinstance(row, str)]
    widths = [2, *(len(row.split(",")) if isinstance(row, str) else 2 for row in rows)]
    assume(max(widths, key=widths.count) == 2)  # else the names are not taken for a line of the table
    with TemporaryDirectory() as folder:
        path = Path(folder, "new.csv")
        path.write_text("sex,age\n" + "".join(f"{row if isinstance(row, str) else ','.join(row)}\n" for row in rows))
        columns = (("sex", ("f", "m")), ("age", ()))
        read_rows = load_csv_features(path, columns)
    expected = [[sex == "f", sex == "m", float(age)] for sex, age in good]
    assert read_rows.fields["features"].tolist() == expected
    assert list(read_rows.places) == [f"line {at + 2}" for at, row in enumerate(rows) if isinstance(row, tuple)]
    assert [(each.row, each.place) for each in read_rows.refusals] == [(at, f"line {at + 2}") for at, _ in bad]
    for each, (_, row) in zip(read_rows.refusals, bad, strict=True):
        assert BAD_ROWS[row] in each.reason
        assert each.hint
        assert "set missing" not in each.hint


def test_gaps_that_training_filled_are_no_reason_to_refuse_a_row(file) -> None:
    rows = load_csv_features(file("sex,age\n,1\nm,\nx,3\n"), (("sex", ("f", "m")), ("age", ())), missing="mean")
    assert np.isnan(rows.fields["features"]).tolist() == [[True, True, False], [False, False, True]]
    assert [each.place for each in rows.refusals] == ["line 4"]


cells = st.one_of(
    st.floats(-1e6, 1e6, width=32).map(repr),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=5),
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_any_table_that_was_written_is_read_back(tmp_path_factory, rows) -> None:
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("first", "second"), *rows])
    table = read_table(path)
    assert len(table.lines) == len(rows)
    lines = path.read_bytes().split(b"\n")
    columns = [table.cells(at) for at in range(2)]
    for at, row in enumerate(rows):
        assert [column[at].strip() for column in columns] == [cell.strip() for cell in row]
        start = lines[int(table.lines[at]) - 1].decode()
        assert start.lstrip('"').lstrip().startswith(row[0].split("\n")[0].split('"')[0].lstrip())
