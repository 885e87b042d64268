"""Excel workbooks: read where the package for them is installed, else a message has the command that installs it."""

import sys
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from resources.snippets.samples import DataError
from resources.snippets.tables import load_csv, load_csv_features


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rows(count: int = 24) -> list[list[object]]:
    head: list[object] = ["w", "day", "town", "ok"]
    return [head, *([at * 7 % 11 / 4, date(2024, 1, 1 + at), "ab"[at % 2], at % 3 == 0] for at in range(count))]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    rows_read = load_csv(workbook(tmp_path / "data.xlsx", {"Sheet1": rows()}), "ok")
    assert rows_read.roles == {
        "w": "number",
        "day": "date (days since 2024-01-01)",
        "town": "category of 2",
        "ok": "target",
    }
    assert rows_read.fields["features"][1].tolist() == [1.75, 1.0, 0.0, 1.0]
    assert rows_read.classes["label"] == ("FALSE", "TRUE")
    assert not rows_read.guesses


def test_lines_are_those_of_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "data.xlsx", {"Sheet1": [["Title"], [], *rows()]})
    rows_read = load_csv(path, "ok")
    assert rows_read.place(0) == "line 4"
    assert [each.param for each in rows_read.guesses] == ["skip"]


def test_of_several_sheets_the_first_with_rows_is_read_and_reported(tmp_path: Path) -> None:
    path = workbook(tmp_path / "data.xlsx", {"Notes": [], "Data": rows(), "More": rows(30)})
    rows_read = load_csv(path, "ok")
    assert len(rows_read) == 24
    assert [(each.param, each.value) for each in rows_read.guesses] == [("sheet", "Data")]
    assert len(load_csv(path, "ok", sheet="More")) == 30
    with pytest.raises(DataError, match="no sheet 'Other'; its sheets are Notes, Data, More"):
        load_csv(path, "ok", sheet="Other")


def test_a_new_workbook_is_read_at_the_sheet_that_was_learned_from(tmp_path: Path) -> None:
    path = workbook(tmp_path / "data.xlsx", {"Data": rows(), "More": rows(30)})
    learned = load_csv(path, "ok", sheet="More")
    assert len(load_csv_features(path, learned.columns, "refuse", learned.decisions)) == 30  # type: ignore[arg-type]
    other = workbook(tmp_path / "ask.xlsx", {"New": rows(7)})
    assert len(load_csv_features(other, learned.columns, "refuse", learned.decisions)) == 7  # type: ignore[arg-type]


def test_a_damaged_workbook_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "data.xlsx", {"Data": rows()})
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(DataError, match="broken"):
        load_csv(path, "ok")


def test_without_the_package_the_message_has_the_command(tmp_path: Path, monkeypatch) -> None:
    path = workbook(tmp_path / "data.xlsx", {"Data": rows()})
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(DataError) as caught:
        load_csv(path, "ok")
    assert "is an Excel workbook" in caught.value.message
    assert "pip install openpyxl" in caught.value.hint


def test_a_sheet_of_notes_in_front_is_passed_over(tmp_path: Path) -> None:
    rows_read = load_csv(workbook(tmp_path / "data.xlsx", {"Notes": [["Read me"], ["2024"]], "Data": rows()}), "ok")
    assert len(rows_read) == 24
    assert [(each.param, each.value) for each in rows_read.guesses] == [("sheet", "Data")]


def test_a_workbook_is_one_whatever_it_is_called(tmp_path: Path) -> None:
    path = workbook(tmp_path / "data.xlsx", {"Data": rows()}).rename(tmp_path / "data.csv")
    assert len(load_csv(path, "ok")) == 24


def test_an_encoding_of_a_workbook_is_not_used_and_reported(tmp_path: Path) -> None:
    rows_read = load_csv(workbook(tmp_path / "data.xlsx", {"Data": rows()}), "ok", encoding="latin-1")
    assert [(each.param, each.value) for each in rows_read.guesses] == [("encoding", "auto")]


def test_formulas_without_results_are_reported(tmp_path: Path) -> None:
    table = [[*row[:1], "twice" if at == 0 else f"=A{at + 1}*2", *row[1:]] for at, row in enumerate(rows())]
    rows_read = load_csv(workbook(tmp_path / "data.xlsx", {"Data": table}), "ok")
    (guess,) = rows_read.guesses
    assert "column 2 (twice) are formulas without results" in guess.message
    assert "twice" not in dict(rows_read.columns)


def test_times_and_durations_are_hours(tmp_path: Path) -> None:
    table = [[*row, "t" if at == 0 else time(at % 24, 30), "d" if at == 0 else timedelta(hours=at, minutes=15)]
             for at, row in enumerate(rows())]  # fmt: skip
    rows_read = load_csv(workbook(tmp_path / "data.xlsx", {"Data": table}), "ok")
    assert rows_read.roles["t"] == rows_read.roles["d"] == "time (hours)"
    assert rows_read.fields["features"][1, -2:].tolist() == [2.5, 2.25]
    assert rows_read.fields["features"][-1, -1] == 24.25
