"""Rows typed by hand, and files of answers; the exported program does the same as the command."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli import main
from engine.errors import DataProblem, RunProblem
from engine.graph.model import Data
from engine.runtime.after_training.answer_files import answers_file
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from tests.training import assert_readable, run_script, template, train


@pytest.fixture(scope="module")
def of_table(tmp_path_factory) -> Path:
    """A run on a table with decimal commas and a category; ``out`` beside it is its program."""
    place = tmp_path_factory.mktemp("table")
    lines = [f"{at % 7},5;{'red' if at % 2 else 'blue'};{'ripe' if at % 2 else 'raw'}" for at in range(60)]
    (place / "own.csv").write_text("size;colour;state\n" + "\n".join(lines) + "\n")
    project = template("iris-mlp", epochs=6)
    project.graphs["Net"].nodes["head"].params["out_features"] = 2
    project.data = Data("Csv", {"path": str(place / "own.csv"), "target": "state"}, transforms=project.data.transforms)
    run = train(project, place / "run").folder
    export_run(run, "code", place / "out")
    return run


ROWS = ('"size=3,5",colour=red', '{"size": "3,5", "colour": "red"}', '{"colour": "red", "size": 3.5}')


@pytest.mark.parametrize("row", ROWS)
def test_a_typed_row_is_read_as_the_same_line_of_a_file(row: str, of_table: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "ask.csv").write_text("size;colour\n3,5;red\n")
    (in_file,) = predict(of_table, tmp_path / "ask.csv", device="cpu")
    (by_hand,) = predict(of_table, row, device="cpu")
    assert by_hand.place == "the row"
    assert (by_hand.label, by_hand.scores) == (in_file.label, in_file.scores)
    assert run_script(of_table.with_name("out"), monkeypatch, "--row", row, name="predict.py") == f"{by_hand.text()}\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("size=3.5", "lacks colour"),
        ("size=3.5,color=red", "It has color, which the network does not know"),
        ("size 3.5", "'size 3.5' is not a column with its value"),
        ("size=1,size=2,colour=red", "two values for 'size'"),
        ("", "is empty"),
        ("{", "is not a JSON object"),
        ('{"size": [1], "colour": "red"}', "'size' holds a list"),
    ],
)
def test_a_row_that_is_none_is_refused_in_a_sentence(row: str, reason: str, of_table: Path) -> None:
    with pytest.raises(DataProblem) as refusal:
        predict(of_table, row, device="cpu")
    assert reason in refusal.value.message
    assert refusal.value.message.startswith("The row")
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("size=,colour=red", "the value is missing"),
        ("size=3,colour=green", "The network knows blue, red"),
        ('{"size": null, "colour": "red"}', "the value is missing"),
    ],
)
def test_a_row_with_a_wrong_cell_has_no_answer(row: str, reason: str, of_table: Path, monkeypatch, capfd) -> None:
    (answer,) = predict(of_table, row, device="cpu")
    assert answer.refusal
    assert reason in answer.text()
    with pytest.raises(SystemExit):
        run_script(of_table.with_name("out"), monkeypatch, "--row", row, name="predict.py")
    assert capfd.readouterr().err.splitlines() == [answer.text()]


def test_files_of_answers_hold_places_classes_and_probabilities(
    of_table: Path, tmp_path: Path, monkeypatch, capfd
) -> None:
    ask, table, lines = tmp_path / "ask.csv", tmp_path / "a.csv", tmp_path / "a.txt"
    ask.write_text("size;colour\n3,5;red\n1,5;green\n")
    assert main(["predict", str(of_table), "--input", str(ask), "-o", str(table)]) == 1
    good, bad = csv.DictReader(io.StringIO(table.read_text()))
    assert (good["input"], good["answer"], good["problem"]) == ("line 2", "ripe", "")
    assert float(good["p(ripe)"]) + float(good["p(raw)"]) == pytest.approx(1)
    assert bad["input"] == "line 3"
    assert "green" in bad["problem"]
    assert not bad["answer"]

    main(["predict", str(of_table), "--input", str(ask), "-o", str(lines)])
    out = of_table.with_name("out")
    for ending in (".csv", ".txt"):
        with pytest.raises(SystemExit):
            run_script(out, monkeypatch, str(ask), "-o", str(tmp_path / f"b{ending}"), name="predict.py")
        assert (tmp_path / f"b{ending}").read_bytes() == (tmp_path / f"a{ending}").read_bytes()
    capfd.readouterr()
    main(["predict", str(of_table), "--row", '"size=3,5",colour=red', "--json"])
    printed = json.loads(capfd.readouterr().out)
    row = run_script(out, monkeypatch, "--row", '"size=3,5",colour=red', "--json", name="predict.py")
    assert json.loads(row) == printed
    assert_readable(out)


def test_an_output_that_no_format_has_is_refused_before_anything_is_read(of_table: Path, capfd) -> None:
    assert main(["predict", str(of_table), "--input", "nothing.csv", "-o", "a.doc"]) == 1
    assert "Let its name end in .csv, .json, .txt or .png" in capfd.readouterr().err
    assert main(["predict", str(of_table)]) == 2
    assert main(["predict", str(of_table), "--input", "x.csv", "--row", ROWS[0]]) == 2


def test_images_that_a_network_gives_become_one_picture(tmp_path: Path, monkeypatch) -> None:
    run = train(template("digits-autoencoder", epochs=1), tmp_path / "run").folder
    export_run(run, "code", tmp_path / "out")
    images = np.random.default_rng(0).random((3, 1, 8, 8), np.float32)
    np.savez(tmp_path / "ask.npz", image=images)
    assert main(["predict", str(run), "--input", str(tmp_path / "ask.npz"), "-o", str(tmp_path / "a.png")]) == 0
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (3 * 10 + 2, 12)
        pixels = np.asarray(picture)
    answers = predict(run, tmp_path / "ask.npz", device="cpu")
    name, shape = next(iter(answers[1].shapes.items()))
    assert shape == (1, 8, 8)
    middle = pixels[2:10, 12:20] / 255
    values = np.array(dict(answers[1].values)[name]).reshape(8, 8)
    assert np.corrcoef(middle.ravel(), values.ravel())[0, 1] > 0.999
    run_script(
        tmp_path / "out", monkeypatch, str(tmp_path / "ask.npz"), "-o", str(tmp_path / "b.png"), name="predict.py"
    )
    assert (tmp_path / "b.png").read_bytes() == (tmp_path / "a.png").read_bytes()


def test_classes_are_no_picture(of_table: Path) -> None:
    answers = predict(of_table, '"size=3,5",colour=red', device="cpu")
    with pytest.raises(RunProblem, match="not images"):
        answers_file(answers, Path("a.png"))
