"""``evaluate``: what it measures on the parts of a run and on new data, what it refuses, and the threshold it keeps."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli import main
from engine.errors import DataProblem, RunProblem
from engine.graph.model import Data, Part, Project, Split
from engine.runs.threshold import write_threshold
from engine.runtime.after_training.evaluate import Choice, evaluate, evaluation
from engine.runtime.after_training.results.evaluated import NO_TRUTH, Evaluated
from engine.runtime.data.prepared_samples import load_data
from tests.array_networks import linear, network
from tests.small_projects import node
from tests.training import assert_readable, run_script, template, train

FAST = Part("AdamW", {"lr": 0.05})


def trained(project: Project, folder: Path, **training: object) -> Path:
    """Train for some epochs in the folder's ``run``."""
    settings = {"epochs": 2, "threads": 1, "device": "cpu", "batch_size": 16} | training
    project.training = replace(project.training, **settings)
    train(project, folder / "run")
    return folder / "run"


def on(run: Path, data: Path, warn: Callable[..., object] = lambda _: None) -> Evaluated:
    return evaluation(Choice(run, data=data, device="cpu"), warn=warn)


@pytest.fixture(scope="module")
def flowers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on a table of two kinds of flowers, by a length and a colour."""
    folder = tmp_path_factory.mktemp("flowers")
    rows = [
        (at * 7 % 40, ("red", "blue")[at % 2], "rose" if at * 7 % 40 + 9 * (at % 2) > 25 else "daisy")
        for at in range(80)
    ]
    (folder / "flowers.csv").write_text("length,colour,kind\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    project = network("CrossEntropyLoss", "label", linear(2), field="features")
    transforms = (Part("Normalize", {"field": "features"}),)
    project.data = Data("Csv", {"path": str(folder / "flowers.csv"), "target": "kind"}, Split(0.2, 0.2), transforms)
    return trained(project, folder, epochs=30, optimizer=FAST)


def test_a_part_is_measured_with_the_place_of_each_sample(flowers: Path) -> None:
    result = evaluation(Choice(flowers, "test", device="cpu"))
    results = result.results()
    assert (results["part"], results["samples"], results["task"]) == ("test", 16, "classes")
    assert results["source"].endswith("flowers.csv")
    assert results["classes"]["names"] == ["daisy", "rose"]
    assert results["metrics"]["accuracy"] == pytest.approx(results["classes"]["accuracy"])
    lines = (flowers.parent / "flowers.csv").read_text().splitlines()
    for sample in (*results["worst"], *results["least_sure"]):
        number = int(sample["place"].removeprefix("line "))
        assert f"{sample['row']['length']},{sample['row']['colour']},{sample['truth']}" == lines[number - 1]
    wrong = sum(map(sum, results["classes"]["matrix"])) - sum(
        row[at] for at, row in enumerate(results["classes"]["matrix"])
    )
    assert len(results["worst"]) == wrong


def test_the_samples_of_a_cell_are_those_it_counts(flowers: Path) -> None:
    result = evaluation(Choice(flowers, "training", device="cpu"))
    matrix, names = result.results()["classes"]["matrix"], ["daisy", "rose"]
    for true in range(2):
        for predicted in range(2):
            samples = result.samples(result.of_cell(true, predicted, 100))
            assert len(samples) == matrix[true][predicted]
            assert {(each["truth"], each["answer"]) for each in samples} <= {(names[true], names[predicted])}


def test_new_rows_are_read_as_the_training_data_was(flowers: Path, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("kind,colour,length\nrose,red,39\ndaisy,red,1\ntulip,red,3\nrose,green,30\n,blue,4\ndaisy,blue,2\n")
    warnings = []
    results = on(flowers, file, warnings.append).results()
    assert (results["part"], results["samples"], results["refused"]) == ("new data", 3, 3)
    assert [each["place"] for each in results["refusals"]] == ["line 5", "line 4", "line 6"]
    assert "'tulip'" in results["refusals"][1]["reason"]
    assert results["classes"]["matrix"] == [[2, 0], [0, 1]]
    (warning,) = warnings
    assert "3 samples are left out" in warning.message


def test_a_new_table_without_the_truth_says_so(flowers: Path, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("colour,length\nred,39\n")
    with pytest.raises(DataProblem, match="kind"):
        on(flowers, tmp_path / "new.csv")


def test_a_number_is_measured_in_its_own_unit_on_new_rows(tmp_path: Path) -> None:
    rows = "".join(f"{20 + at},{300 + 30 * at}\n" for at in range(60))
    (tmp_path / "data.csv").write_text("sqm,rent\n" + rows)
    project = network("MSELoss", "target", linear(1), field="features")
    transforms = (Part("Normalize", {"field": "features"}), Part("Normalize", {"field": "target"}))
    project.data = Data("Csv", {"path": str(tmp_path / "data.csv"), "target": "rent"}, Split(0.2), transforms)
    run = trained(project, tmp_path, epochs=40, optimizer=FAST)
    (tmp_path / "new.csv").write_text("rent,sqm\n600,30\n900,40\n99999,50\n")
    results = on(run, tmp_path / "new.csv").results()
    assert results["numbers"]["unit"] == "rent"
    assert results["numbers"]["mae"] == pytest.approx(results["metrics"]["mae"])
    assert results["worst"][0]["place"] == "line 4"
    assert results["worst"][0]["truth"] == "99999"
    assert results["worst"][0]["error"] == pytest.approx(99999 - 1200, abs=600)
    whole = evaluation(Choice(run, "training", device="cpu")).results()["numbers"]
    assert whole["mae"] < 300
    assert round(whole["points"][0][1], 3) in range(300, 2100, 30)


def test_folders_and_arrays_of_images_hold_their_truth(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for name, level in (("dark", 40), ("light", 210)):
        for part, count in (("train", 20), ("new", 3)):
            (tmp_path / part / name).mkdir(parents=True)
            for at in range(count):
                pixels = random.integers(level - 40, level + 40, (8, 8)).astype(np.uint8)
                Image.fromarray(pixels).save(tmp_path / part / name / f"{at}.png")
    (tmp_path / "new" / "grey").mkdir()
    Image.fromarray(np.full((8, 8), 128, np.uint8)).save(tmp_path / "new" / "grey" / "0.png")
    project = network("CrossEntropyLoss", "label", "Flatten", linear(2), field="image")
    project.data = Data("ImageFolder", {"path": str(tmp_path / "train"), "height": 8, "width": 8, "colours": "grey"})
    run = trained(project, tmp_path, epochs=20, optimizer=FAST)
    results = on(run, tmp_path / "new").results()
    assert (results["samples"], results["refused"], results["classes"]["names"]) == (6, 1, ["dark", "light"])
    assert results["classes"]["matrix"] == [[3, 0], [0, 3]]
    assert "'grey'" in results["refusals"][0]["reason"]
    sample = results["least_sure"][0]
    assert Path(sample["place"]).is_file()
    assert sample["fields"]["image"]["image"]["height"] == 8

    image = np.stack([np.full((1, 8, 8), level, np.uint8) for level in (30, 220, 25)])
    np.savez(tmp_path / "new.npz", image=image, label=np.array(["dark", "light", "light"]))
    assert on(run, tmp_path / "new.npz").results()["classes"]["matrix"] == [[1, 0], [1, 1]]
    np.savez(tmp_path / "numbers.npz", image=image, label=np.array([0, 1, 0]))
    assert on(run, tmp_path / "numbers.npz").results()["classes"]["matrix"] == [[2, 0], [0, 1]]
    np.savez(tmp_path / "without.npz", image=image)
    with pytest.raises(DataProblem, match="label"):
        on(run, tmp_path / "without.npz")


def table_of(run: Path, file: Path, *options: str) -> list[dict[str, str]]:
    assert main(["evaluate", str(run), "--device", "cpu", "--predictions", str(file), *options]) == 0
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_answer_of_a_part_is_a_line_of_a_table(flowers: Path, tmp_path: Path) -> None:
    rows = table_of(flowers, tmp_path / "all.csv", "--part", "training")
    results = evaluation(Choice(flowers, "training", device="cpu")).results()
    matrix, names = results["classes"]["matrix"], results["classes"]["names"]
    pairs = [(row["truth"], row["answer"]) for row in rows]
    assert [[pairs.count((a, b)) for b in names] for a in names] == matrix
    lines = (flowers.parent / "flowers.csv").read_text().splitlines()
    for row in rows:
        assert lines[int(row["place"].removeprefix("line ")) - 1].endswith(row["truth"])
        assert float(row["p(daisy)"]) + float(row["p(rose)"]) == pytest.approx(1)
        assert (float(row["p(rose)"]) > 0.5) == (row["answer"] == "rose")


def test_numbers_of_a_table_are_in_their_own_unit(tmp_path: Path) -> None:
    run = trained(template("diabetes-mlp"), tmp_path, epochs=1)
    rows = table_of(run, tmp_path / "all.csv")
    numbers = evaluation(Choice(run, device="cpu")).results()["numbers"]
    errors = [abs(float(row["truth"]) - float(row["answer"])) for row in rows]
    assert sum(errors) / len(errors) == pytest.approx(numbers["mae"])
    assert min(float(row["truth"]) for row in rows) >= 25  # a disease score, never standardized


def test_a_table_that_cannot_be_written_leaves_the_old_one(flowers: Path, tmp_path: Path, capfd) -> None:
    (tmp_path / "folder").mkdir()
    assert main(["evaluate", str(flowers), "--predictions", str(tmp_path / "folder")]) == 1
    assert str(tmp_path / "folder") in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]
    run = trained(template("digits-gan"), tmp_path, epochs=1)
    assert main(["evaluate", str(run), "--part", "training", "--predictions", str(tmp_path / "all.csv")]) == 1
    assert "no answers to compare with a truth" in capfd.readouterr().err
    assert not (tmp_path / "all.csv").exists()


def test_a_threshold_is_kept_with_the_run(flowers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def matrix(*options: str) -> list[list[int]]:
        assert main(["evaluate", str(flowers), "--part", "training", "--device", "cpu", "--json", *options]) == 0
        return json.loads(capsys.readouterr().out)["results"]["classes"]["matrix"]

    before = matrix()
    all_daisies = matrix("--threshold", "1")
    assert [row[1] for row in all_daisies] == [0, 0]
    assert json.loads((flowers / "threshold.json").read_text()) == {"version": 1, "threshold": 1.0}
    assert matrix() == all_daisies
    assert matrix("--threshold", "0.5") == before
    assert not (flowers / "threshold.json").exists()
    (flowers / "threshold.json").write_text('{"version": 1, "threshold": 7}')
    try:
        with pytest.raises(RunProblem, match="not from 0 to 1"):
            evaluation(Choice(flowers, device="cpu"))
    finally:
        (flowers / "threshold.json").unlink()


@pytest.mark.parametrize("loss", ["CrossEntropyLoss", "BCEWithLogitsLoss"])
def test_predict_and_the_exported_program_use_the_threshold(loss: str, tmp_path: Path, capfd, monkeypatch) -> None:
    random = np.random.default_rng(0)
    x = random.standard_normal((60, 2)).astype(np.float32)
    kind = "label" if loss == "CrossEntropyLoss" else "chance"
    truth = x.sum(1) + 0.8 * random.standard_normal(60) > 0
    np.savez(tmp_path / "data.npz", x=x, **{kind: truth.astype(np.int64 if kind == "label" else np.float32)})
    np.savez(tmp_path / "ask.npz", x=x[:12])
    project = network(loss, kind, linear(2 if kind == "label" else 1))
    data = Data(
        "Npz", {"path": str(tmp_path / "data.npz"), "class_names": ("dull", "bright")} if kind == "label" else {}
    )
    project.data = replace(data, params={"path": str(tmp_path / "data.npz")} | dict(data.params))
    run = trained(project, tmp_path, epochs=20, optimizer=FAST)

    def answers() -> list[str]:
        command = ["predict", str(run), "--input", str(tmp_path / "ask.npz"), "--device", "cpu"]
        assert main(command) == 0
        return [line.split(": ")[1].split("  ")[0] for line in capfd.readouterr().out.splitlines()]

    even = answers()
    names = ("dull", "bright") if kind == "label" else ("no", "yes")
    assert set(even) == set(names)
    write_threshold(run, 0.97)
    strict = answers()
    assert strict.count(names[1]) < even.count(names[1])
    out = tmp_path / f"out-{loss}"
    assert main(["export", str(run), "--to", "code", "-o", str(out)]) == 0
    assert_readable(out)
    printed = run_script(out, monkeypatch, str(tmp_path / "ask.npz"), name="predict.py")
    assert [line.split(": ")[1].split("  ")[0] for line in printed.splitlines()] == strict


def test_a_threshold_is_refused_where_there_are_not_two_classes(tmp_path: Path) -> None:
    run = trained(template("digits-mlp", epochs=1), tmp_path, epochs=1)
    with pytest.raises(RunProblem, match="does not choose between two classes"):
        evaluation(Choice(run, device="cpu"), threshold=0.3)
    assert not (run / "threshold.json").exists()


def test_a_decision_of_one_score_is_one_of_two_classes(tmp_path: Path) -> None:
    run = trained(template("gate-and", epochs=200), tmp_path, epochs=200)
    results = evaluation(Choice(run, "training", device="cpu")).results()
    assert results["classes"]["names"] == ["false", "true"]
    assert results["classes"]["accuracy"] == pytest.approx(results["metrics"]["accuracy"])
    assert results["classes"]["curves"][0]["positives"] == 1


def test_a_gan_has_no_truth_and_says_so(tmp_path: Path) -> None:
    run = trained(template("digits-gan"), tmp_path, epochs=1)
    results = evaluation(Choice(run, "training", device="cpu")).results()
    assert results["note"] == NO_TRUTH
    assert "task" not in results
    assert results["worst"] == []
    assert results["metrics"] == evaluate(run, "training", device="cpu")


def test_the_image_that_an_autoencoder_repeats_is_a_number(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    np.savez(tmp_path / "data.npz", x=random.random((40, 6), dtype=np.float32))
    project = network("BCELoss", "x", linear(6), "Sigmoid")
    project.data = Data("Npz", {"path": str(tmp_path / "data.npz")}, Split(0.2))
    results = evaluation(Choice(trained(project, tmp_path), device="cpu")).results()
    assert results["task"] == "numbers"
    assert [each["name"] for each in results["numbers"]["columns"]] == [f"x[{at}]" for at in range(6)]


def test_tags_of_an_array_are_measured_one_by_one(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.standard_normal((60, 3)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, tags=(x > 0).astype(np.float32))
    project = network("BCEWithLogitsLoss", "tags", node("Linear", out_features=3))
    project.data = Data("Npz", {"path": str(tmp_path / "data.npz")}, Split(0.25))
    results = evaluation(Choice(trained(project, tmp_path, epochs=60), device="cpu")).results()
    assert results["task"] == "tags"
    assert [each["support"] for each in results["classes"]["classes"]] == (
        [sum(1 for row in (x > 0)[_validation(project)] if row[at]) for at in range(3)]
    )


def _validation(project: Project) -> np.ndarray:
    return load_data(project, Path()).validation.index.numpy()
