"""Any file is a table, or is refused with its name and a remedy; never another error."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from resources.snippets.known_format.table import read_new_table
from resources.snippets.load_result import LoadedSamples
from resources.snippets.samples import DataError
from resources.snippets.table.dates import DATE_ORDERS, days_in
from resources.snippets.table.notation import STYLES, number_in
from resources.snippets.tables import load_csv, load_csv_features
from tests.engine.snippets.conftest import READERS

PIECES = (
    *("a", "b", "y", "1", "2.5", "1,5", "1.234", "-", "None", "nan", "inf", "007", "2024-01-05", "03/04/2024"),
    *("12:30", "kg", "TRUE", "true", "unknown", "---", "5. M\u00e4rz 2024", "Fr. 1.2.24"),
    *("\u20ac5", "5%", "#", "sep=;", ",", ";", "|", '"', '""', "\ufeff", "\u00fc"),
)
pieces = st.sampled_from((*PIECES, "\t", "\n", "\r\n", "\n\n", "\r", "\0", " "))
texts = st.lists(pieces, max_size=40).map("".join)
settings = st.fixed_dictionaries(
    {},
    optional={
        "header": st.sampled_from(("auto", "yes", "no")),
        "skip": st.none() | st.integers(0, 5),
        "decimal": st.sampled_from(("auto", "point", "comma")),
        "dates": st.sampled_from(("auto", "day_first", "month_first")),
        "encoding": st.sampled_from(("auto", "utf-8", "cp1252", "utf-16", "utf-16-le", "shift_jis")),
        "marks": st.lists(st.sampled_from(("-", "a", "1", "12:30")), max_size=2).map(tuple),
        "sheet": st.sampled_from(("", "x")),
        "missing": st.sampled_from(("refuse", "drop", "mean")),
        "task": st.sampled_from(("auto", "classification", "regression")),
        "roles": st.dictionaries(
            st.sampled_from(("a", "b", "y", "column_1")), st.sampled_from(("number", "category", "date", "ignore"))
        ),
        "features": st.lists(st.sampled_from(("a", "b", "column_1")), max_size=2).map(tuple),
    },
)


def looked_at(path: Path, **given_settings: object) -> LoadedSamples | None:
    """The rows, all in order, or ``None`` where the file was refused."""
    try:
        rows = load_csv(path, **{"target": "y", **given_settings})  # type: ignore[arg-type]
    except DataError as wrong:
        assert str(path) in wrong.message  # noqa: PT017 (or there is no error)
        assert wrong.hint  # noqa: PT017
        return None
    assert len(rows) == len(rows.places)
    features = rows.fields["features"]
    assert features.dtype == np.float32
    assert features.shape == (len(rows), sum(max(1, len(each)) for _, each in rows.columns))
    assert not np.isinf(features).any()
    assert set(rows.fields) - {"features"} <= {"label", "target"}
    for name, names in rows.classes.items():
        assert rows.fields[name].max(initial=0) < len(names)
    return rows


@given(st.binary(max_size=300))
@example(b"\x1f\x8b")
@example(b"PK\x03\x04")
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"a,y\n1,2\n\xff")
def test_any_bytes_are_read_or_refused(tmp_path_factory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    looked_at(path)


@given(texts, settings)
@example("", {})
@example("\n\n\n", {})
@example("y\n1", {})
@example(",,\n,,\n", {})
@example("a,y\n", {"header": "no"})
@example("a,y\n1,2\n", {"skip": 5})
@example('a,y\n"1,2\n', {})
@example("aa", {"encoding": "utf-16"})
def test_any_text_is_read_or_refused_whatever_is_set(tmp_path_factory, text: str, params: dict[str, object]) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    looked_at(path, **params)


CELLS = ["1", "2.5", "1,5", "1.234,5", "-", "None", "a", "b", "007", "2024-01-05", "31.12.2024", "12/31/24", "$5", "5%"]
CELLS += ["12:30", "1:05:30", "TRUE", "true", "unknown", "kg", "+", "."]
cells = st.sampled_from((*CELLS, ""))


@given(st.lists(st.tuples(cells, cells, st.sampled_from("uvw")), min_size=2, max_size=30), settings)
@example([("2.5", "1", "u"), ("1,5", "1", "u"), ("a", "1", "u")], {})
def test_what_trained_is_read_again_alike(
    tmp_path_factory, rows: list[tuple[str, ...]], params: dict[str, object]
) -> None:
    """Prediction on the training file gives the same features, whatever was decided about the columns."""
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text("a;b;y\n" + "".join(";".join(row) + "\n" for row in rows), encoding="utf-8")
    params = {name: value for name, value in params.items() if name not in ("skip", "header", "encoding")}
    table = looked_at(path, **params)
    if table is None:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    lines_kept = [lines[int(place.removeprefix("line ")) - 1] for place in table.places]
    path.write_text("\n".join([lines[0], *lines_kept, ""]), encoding="utf-8")
    again = load_csv_features(path, table.columns, "mean", table.decisions)  # type: ignore[arg-type]
    np.testing.assert_array_equal(again.fields["features"], table.fields["features"])
    alone = read_new_table(str(path), {**table.form, "missing": "mean"}, READERS)
    np.testing.assert_array_equal(alone.fields["features"], table.fields["features"])


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 3)))
def test_a_number_is_read_in_every_notation(value: float) -> None:
    plain = f"{value:.3f}"
    assert number_in(plain, "point") == value
    assert number_in(f"{value:,.3f}", "point") == value
    swapped = f"{value:,.3f}".translate(str.maketrans(",.", ".,"))
    assert number_in(swapped, "comma") == value
    assert number_in(f"\u20ac {swapped}", "comma") == value
    assert number_in(f"{value:,.3f}".replace(",", "\u202f").replace("-", "\u2212"), "point") == value


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers_of_single_cells(text: str) -> None:
    for style in STYLES:
        value = number_in(text, style)
        assert value is None or isinstance(value, float)
    for order in DATE_ORDERS:
        day = days_in(text, order)
        assert day is None or isinstance(day, float)


@given(st.dates().map(lambda day: (day, day.toordinal())))
def test_a_date_is_read_in_every_order(pair) -> None:
    day, number = pair
    year = f"{day.year:04}"
    assert days_in(f"{year}-{day.month:02}-{day.day:02}", "ymd") == number
    assert days_in(f"{day.day}.{day.month}.{year}", "dmy") == number
    assert days_in(f"{day.month}/{day.day}/{year}", "mdy") == number


def test_a_packed_file_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"\xff" + b"0," * 2_000_000))
    monkeypatch.setattr("resources.snippets.table.source.opening.memory_left", lambda: 2e6)
    with pytest.raises(DataError, match="of memory and more"):
        load_csv(path, "y")


def test_a_cell_of_very_many_letters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,y\n" + "x" * (2**24 + 1) + ",1\n")
    with pytest.raises(DataError, match="line 2"):
        load_csv(path, "y")
