import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.errors import ExportProblem, RunProblem
from engine.graph.model import Data, Part
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.after_training.export import export_project, export_run, preview
from engine.runtime.after_training.predict import predict
from engine.runtime.checkpoints import checkpoint
from tests.project_files import ROOT
from tests.training import run_script, template, train

PROGRAM = ("model.py", "reading.py", "data.py", "step.py", "options.py", "train.py", "answers.py", "predict.py")
FILES = {*PROGRAM, "requirements.txt", "README.md", "data"}


@pytest.fixture(scope="module")
def iris(tmp_path_factory) -> Path:
    return train(template("iris-mlp", epochs=12), tmp_path_factory.mktemp("iris") / "run").folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Path:
    return train(template("digits-mlp", epochs=6), tmp_path_factory.mktemp("digits") / "run").folder


def test_a_project_is_exported_whole(tmp_path: Path) -> None:
    export_project(template("iris-mlp"), tmp_path, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert {path.name for path in (tmp_path / "out" / "data").iterdir()} == {"iris.npz", "iris.LICENSE.txt"}
    texts = preview(template("iris-mlp"), tmp_path)
    assert {name: (tmp_path / "out" / name).read_text() for name in texts} == texts


def test_a_run_is_exported_with_its_best_weights(iris: Path, tmp_path: Path) -> None:
    export_run(iris, "code", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | {"weights.safetensors"}
    assert (tmp_path / "out" / "model.py").read_bytes() == (iris / "model.py").read_bytes()
    best = checkpoint.newest(iris / "checkpoints").metadata["position"]["best_step"]
    weights = checkpoint.read(iris / "checkpoints" / str(best)).weights
    exported = load_file(tmp_path / "out" / "weights.safetensors")
    assert all(torch.equal(weights[name], exported[name]) for name in weights)
    export_run(iris, "safetensors", tmp_path / "last.safetensors", which="last")
    last = checkpoint.newest(iris / "checkpoints").weights
    assert all(torch.equal(last[name], value) for name, value in load_file(tmp_path / "last.safetensors").items())


def test_a_place_in_use_is_refused(iris: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(ExportProblem, match="not empty"):
        export_run(iris, "code", tmp_path / "out")
    with pytest.raises(ExportProblem, match="exists already"):
        export_run(iris, "safetensors", tmp_path / "out" / "mine")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


def test_evaluation_repeats_the_best_metrics(iris: Path) -> None:
    position = checkpoint.newest(iris / "checkpoints").metadata["position"]
    for which, values in (("best", position["best"]), ("last", position["metrics"])):
        metrics = evaluate(iris, "validation", which=which, device="cpu")
        assert {f"val_{name}": value for name, value in metrics.items()}.items() <= values.items()
    with pytest.raises(RunProblem, match="test part of the data has no samples") as caught:
        evaluate(iris, "test", device="cpu")
    assert caught.value.hint.startswith("Measure training or validation; split.test of the project")


def test_predictions_come_with_probabilities_and_names(digits: Path, tmp_path: Path) -> None:
    from PIL import Image

    arrays = np.load(ROOT / "resources" / "datasets" / "digits.npz")
    right = 0
    for row in range(20):
        picture = tmp_path / f"{row}.png"
        Image.fromarray((arrays["image"][row].astype(np.float32) / 16 * 255).round().astype(np.uint8)).save(picture)
        (answer,) = predict(digits, picture, device="cpu")
        assert sum(probability for _, probability in answer.scores) == pytest.approx(1, abs=1e-4)
        right += answer.label == str(arrays["label"][row])
        assert json.loads(json.dumps(answer.as_json()))["label"] == answer.label
        assert answer.text().startswith(f"{picture}: {answer.label}")
    assert right >= 18


def test_the_exported_predict_script_answers_like_the_app(iris: Path, tmp_path: Path, monkeypatch) -> None:
    arrays = np.load(ROOT / "resources" / "datasets" / "iris.npz")
    table = tmp_path / "new.csv"
    names = arrays["feature_names"].tolist()
    rows = arrays["features"][::10].tolist()
    table.write_text("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]) + "\n")
    export_run(iris, "code", tmp_path / "out")

    def ask(*words: str) -> str:
        return run_script(tmp_path / "out", monkeypatch, *words, name="predict.py")

    answers = predict(iris, table, device="cpu")
    expected = [each.text() for each in answers]
    assert ask(str(table)).splitlines() == expected
    np.savez(tmp_path / "whole.npz", features=arrays["features"][::10].round().astype(np.int64))
    assert len(ask(str(tmp_path / "whole.npz")).splitlines()) == len(rows)
    with pytest.raises(SystemExit, match=r"nothing\.csv"):
        ask("nothing.csv")
    for content in (None, b"no weights"):
        (tmp_path / "out" / "weights.safetensors").unlink(missing_ok=True)
        if content:
            (tmp_path / "out" / "weights.safetensors").write_bytes(content)
        with pytest.raises(SystemExit, match=r"cannot be loaded as weights; run train\.py first"):
            ask(str(table))
    with pytest.raises(SystemExit) as ended:
        ask("--help")
    assert ended.value.code == 0


def test_data_of_ones_own_is_named_by_its_hash_and_passed_by_path(tmp_path: Path, monkeypatch, capsys) -> None:
    table = tmp_path / "own.csv"
    table.write_text("a,b,kind\n" + "".join(f"{row % 5},{row % 3},{'yes' if row % 2 else 'no'}\n" for row in range(60)))
    project = template("iris-mlp", optimizer=Part("SGD", {"lr": 0.1}))
    project.graphs["Net"].nodes["head"].params["out_features"] = 2
    project.data = Data("Csv", {"path": "own.csv", "target": "kind"}, transforms=project.data.transforms)
    run = train(project, tmp_path / "run").folder
    export_run(run, "code", tmp_path / "out")
    digest = json.loads((run / "data.json").read_text())["sources"][0]["sha256"]
    assert digest in (tmp_path / "out" / "README.md").read_text()
    assert not any(str(tmp_path) in (tmp_path / "out" / name).read_text() for name in PROGRAM)
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES - {"data"} | {"weights.safetensors"}
    assert "are not in this folder" in (tmp_path / "out" / "README.md").read_text()
    for arguments, message in (
        ((), "exported with own.csv"),
        (("--data", "gone/own.csv"), "gone/own.csv cannot be read"),
    ):
        with pytest.raises(SystemExit) as ended:
            run_script(tmp_path / "out", monkeypatch, *arguments)
        assert ended.value.code
        assert message in f"{ended.value} {capsys.readouterr().err}"
    losses, weights = tmp_path / "losses.txt", tmp_path / "w.safetensors"
    options = ("--data", str(table), "--losses", str(losses), "--weights", str(weights))
    run_script(tmp_path / "out", monkeypatch, *options)
    assert losses.read_text() == (run / "losses.txt").read_text()
    assert "differs from the data" not in capsys.readouterr().err
    table.write_text(table.read_text() + "4,2,no\n")
    run_script(tmp_path / "out", monkeypatch, *options)
    assert "own.csv differs from the data this program was exported with" in capsys.readouterr().err


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """A program that trains and generates."""
    out = tmp_path_factory.mktemp("gan") / "out"
    export_project(template("digits-gan"), out.parent, out)
    return out


@pytest.mark.parametrize("script", ["train.py", "generate.py"])
@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--seed", "-1", "must be from 0 to 9,007,199,254,740,992, got -1"),
        ("--seed", str(2**64), f"must be from 0 to 9,007,199,254,740,992, got {2**64}"),
        ("--seed", "1.5", "must be a whole number, got '1.5'"),
        ("--seed", "9" * 5_000, "must be a whole number"),
        ("--device", "gpu", "'gpu' is not a device that torch can use here; cpu always is"),
        ("--device", "cuda:77", "'cuda:77' is not a device"),
        ("--device", "meta", "'meta' is not a device"),
        ("FILE", "nodir/x", "there is no folder nodir"),
        ("FILE", ".", ". is a folder, not a file"),
        ("FILE", "x" * 5_000 + "/x", "there is no folder xxx"),
        ("COUNT", "0", "must be from 1 to 10,000,000, got 0"),
        ("COUNT", "-3", "must be from 1 to 10,000,000, got -3"),
    ],
    ids=lambda text: text[:20],
)
def test_an_option_that_is_not_legal_ends_a_script_with_a_sentence(
    script: str, option: str, value: str, message: str, program: Path, monkeypatch, capsys
) -> None:
    names = {"train.py": {"FILE": "--losses", "COUNT": "--epochs"}, "generate.py": {"FILE": "-o", "COUNT": "--count"}}
    with pytest.raises(SystemExit) as ended:
        run_script(program, monkeypatch, names[script].get(option, option), value, name=script)
    assert ended.value.code == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert message in line
    assert len(line) < 200


def test_weights_of_another_network_are_refused_in_one_line(iris: Path, program: Path, monkeypatch, tmp_path) -> None:
    export_run(iris, "safetensors", tmp_path / "other.safetensors")
    with pytest.raises(SystemExit, match="cannot be loaded as weights") as ended:
        run_script(program, monkeypatch, "--weights", str(tmp_path / "other.safetensors"), name="generate.py")
    assert "\n" not in str(ended.value)
