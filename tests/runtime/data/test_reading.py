"""Check, train and the window report what was read of the data; a guess is a warning with a fix."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.catalog.data.datasets import datasets
from engine.cli import main
from engine.graph.model import Data, Project
from engine.project import file as files
from engine.protocol.answers import Analysed, DataSummed, decode_answer, encode_answer
from engine.protocol.requests import Analyse, DataSummary
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.read_report import Reading, joined_texts, reading_of
from engine.runtime.data.survey import survey
from engine.runtime.handlers import RequestHandler
from resources.snippets import tables
from resources.snippets.load_result import Guess, LoadedSamples
from tests.runtime.data.test_data import example_settings
from tests.runtime.data.test_survey import DATA, classifier, table

GUESS = Guess("x is read as a number.", "Set features to z if it is none.", "features", ("z",), "Use z alone")


@pytest.fixture
def guessing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of tables that reports all there is to report."""
    whole = tables.load_csv

    def load(**values: object) -> LoadedSamples:
        rows = whole(**values)  # type: ignore[arg-type]
        roles = {"x": "number", "z": "number", "kind": "target"}
        return replace(rows, roles=roles, left_out=["id: numbers the rows"], scaled=["x divided by 2"], guesses=[GUESS])

    monkeypatch.setattr(tables, "load_csv", load)


@pytest.mark.parametrize("kind", datasets())
def test_check_reads_what_training_reads(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    data = DATA[kind](tmp_path) if kind in DATA else Data(kind, example_settings(kind, request))
    loaded = load_data(Project(data=data), tmp_path)
    reading = survey(data, tmp_path).reading
    assert reading == loaded.reading
    assert reading.samples == loaded.sample_count
    assert set(reading.classes) == set(loaded.class_names.get(reading.answer, ()))
    if reading.classes:
        total = sum(reading.classes.values())  # of a mask, each class counts the samples in which it occurs
        assert total >= loaded.sample_count if loaded.specs[reading.answer].shape else total == loaded.sample_count


def test_classes_are_counted_by_name() -> None:
    labels = np.array([2, 0, 0], np.int64)
    reading = reading_of(LoadedSamples({"y": labels}, {"y": ("cat", "cow", "dog")}))
    assert reading.answer == "y"
    assert reading.classes == {"cat": 2, "cow": 0, "dog": 1}
    assert reading.lines() == ["Data: 3 samples; 3 classes of y: cat (2), cow (0), dog (1)."]


def test_columns_are_named_by_role() -> None:
    reading = Reading(1, columns={"a": "number", "town": "category of 2", "b": "number", "rent": "target"})
    assert reading.lines() == ["Data: 1 sample.", "4 columns: number: a, b; category of 2: town; target: rent."]


def test_rows_that_lack_a_value_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("age,cabin,paid\n1,,2.5\n,,3.5\n4,b,\n5,a,4.5\n6,b,5.5\n")
    dropped = reading_of(tables.load_csv(path, "paid", missing="drop"))
    assert dropped.lines()[-1] == "Left out: 3 of 5 rows with a missing value (most in cabin)."
    filled = reading_of(tables.load_csv(path, "paid", missing="mean"))
    assert filled.lines()[-2:] == [
        "Left out: 1 of 5 rows with a missing value (in paid).",
        "Changed while reading: 1 gap filled with means (in age), 2 gaps filled with the most frequent (in cabin).",
    ]
    path.write_text("age,cabin,paid\n1,a,2.5\n2,b,3.5\n")
    assert not reading_of(tables.load_csv(path, "paid", missing="drop")).left_out


def test_the_way_to_the_classes_is_named_as_the_project_writes_it(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for name in ("cat", "dog"):
            (tmp_path / "pics" / part / name).mkdir(parents=True)
            (tmp_path / "pics" / part / name / "1.png").touch()
    project = replace(classifier(Data("Iris")), data=Data("ImageFolder", {"path": "pics"}))
    (problem,) = (each for each in check_project(project, tmp_path).problems if each.code == "D001")
    assert problem.hint == "Set path to pics/train."


def test_long_lists_are_cut_in_text_and_whole_in_json() -> None:
    names = [f"c{number}" for number in range(5000)]
    reading = Reading(9, "y", dict.fromkeys(names, 1), dict.fromkeys(names, "number"), tuple(names), tuple(names))
    assert all("and 4,990 more" in line for line in reading.lines())
    assert all(len(line) < 300 for line in reading.lines())
    assert len(reading.as_json()["columns"]) == len(reading.as_json()["left_out"]) == 5000
    assert len(reading.as_json(3)["classes"]) == len(reading.as_json(3)["scaled"]) == 3
    assert len(joined_texts(["long " * 500])) < 100


def test_many_roles_are_cut() -> None:
    reading = Reading(9, columns={f"c{number}": f"category of {number}" for number in range(50)})
    assert "and 40 more roles" in reading.lines()[1]


@pytest.mark.usefixtures("guessing")
def test_a_guess_is_a_warning_with_one_click(tmp_path: Path) -> None:
    project = classifier(table(tmp_path, 40))
    report = check_project(project, tmp_path)
    (warning,) = (problem for problem in report.problems if problem.code == "D112")
    assert (warning.severity, warning.message, warning.hint) == ("warning", GUESS.message, GUESS.hint)
    assert warning.fix is not None
    assert warning.fix.label == GUESS.label
    warning.fix.edit.apply(project)
    assert project.data.params == {"path": "t.csv", "target": "kind", "features": ("z",)}


@pytest.mark.parametrize("guess", [Guess("m", "h"), Guess("m", "h", "features")])
def test_a_guess_without_a_value_has_no_fix_but_names_its_setting(guess: Guess, tmp_path: Path, monkeypatch) -> None:
    whole = tables.load_csv
    monkeypatch.setattr(tables, "load_csv", lambda **values: replace(whole(**values), guesses=[guess]))
    report = check_project(classifier(table(tmp_path, 40)), tmp_path)
    (warning,) = (problem for problem in report.problems if problem.code == "D112")
    assert warning.fix is None
    assert guess.param in warning.hint


def test_thousands_of_guesses_do_not_fill_the_screen(tmp_path: Path, monkeypatch) -> None:
    whole, many = tables.load_csv, [Guess(f"guess {number}") for number in range(3000)]
    monkeypatch.setattr(tables, "load_csv", lambda **values: replace(whole(**values), guesses=many))
    report = check_project(classifier(table(tmp_path, 40)), tmp_path)
    warnings = [problem.message for problem in report.problems if problem.code == "D112"]
    assert len(warnings) == 21
    assert "2,980" in warnings[-1]
    assert len(report.as_json()["data"]["guesses"]) == 3000


@pytest.mark.usefixtures("guessing")
def test_check_and_train_say_what_was_read(tmp_path: Path, capfd) -> None:
    project = classifier(table(tmp_path, 40), epochs=1, device="cpu", threads=1)
    files.write(tmp_path / "p.loom", project)
    lines = [
        "Data: 40 samples; 2 classes of label: a (20), b (20).",
        "3 columns: number: x, z; target: kind.",
        "Left out: id: numbers the rows.",
        "Changed while reading: x divided by 2.",
    ]

    assert main(["check", str(tmp_path / "p.loom"), "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["data"] == {
        "samples": 40,
        "fields": {"features": "table", "label": "label"},
        "classes": {"a": 20, "b": 20},
        "columns": {"x": "number", "z": "number", "kind": "target"},
        "left_out": ["id: numbers the rows"],
        "scaled": ["x divided by 2"],
        "guesses": [{"message": GUESS.message, "hint": GUESS.hint, "param": "features", "value": ["z"]}],
    }
    assert err.splitlines()[:4] == lines

    assert main(["check", str(tmp_path / "p.loom")]) == 0
    out, _ = capfd.readouterr()
    assert "\n".join(lines) in out
    assert "warning D112" in out

    assert main(["train", str(tmp_path / "p.loom"), "--run", str(tmp_path / "one")]) == 0
    out, err = capfd.readouterr()
    assert out.splitlines()[:4] == lines
    assert "warning D112" in err

    assert main(["train", str(tmp_path / "p.loom"), "--run", str(tmp_path / "two"), "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out.splitlines()[0])["event"] == "Started"
    assert err.splitlines()[:4] == lines


def test_data_that_cannot_be_read_says_nothing_of_samples(tmp_path: Path) -> None:
    report = check_project(classifier(Data("Csv", {"path": "none.csv", "target": "kind"})), tmp_path)
    assert report.reading is None
    assert report.as_json()["data"] is None


@pytest.mark.usefixtures("guessing")
def test_the_window_is_sent_what_was_read_and_the_fix(tmp_path: Path) -> None:
    project, handler = classifier(table(tmp_path, 40)), RequestHandler()
    summed = decode_answer(encode_answer(handler.answer(DataSummary(1, project, str(tmp_path)))))
    assert isinstance(summed, DataSummed)
    assert summed.summary["read"]["columns"] == {"x": "number", "z": "number", "kind": "target"}
    assert summed.summary["read"]["lines"][2] == "Left out: id: numbers the rows."
    analysed = decode_answer(encode_answer(handler.answer(Analyse(2, project, str(tmp_path)))))
    assert isinstance(analysed, Analysed)
    (warning,) = (problem for problem in analysed.problems if problem.code == "D112")
    assert warning.fix is not None
    warning.fix.edit.apply(project)
    assert project.data.params["features"] == ("z",)
