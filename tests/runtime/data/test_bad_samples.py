"""One bad sample does not keep the others of its file from an answer, in the app and in what it exports."""

import json
import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.check.codes import CODES
from engine.cli import main
from engine.graph.model import Data, Node, Part, Project
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from resources.snippets.answers.predictions import NO_ANSWER
from tests.small_projects import node
from tests.small_projects import project as drawing
from tests.training import assert_readable, run_script, template, train


def classifier(data: Data, field: str, *before: tuple[str, Node | str], epochs: int = 1) -> Project:
    """A network from a field through some nodes to two scores."""
    chain = [field, *(name for name, _ in before), "flat", "head", "loss"]
    nodes: dict[str, Node | str] = {field: "Input", **dict(before), "flat": "Flatten"}
    nodes |= {"head": node("Linear", out_features=2), "label": "Input", "loss": "CrossEntropyLoss"}
    wires = (f"{one} > {other}" for one, other in pairwise(chain))
    example = drawing(nodes, *wires, "label > loss.target")
    example.training = replace(example.training, epochs=epochs, batch_size=4, threads=1, device="cpu")
    return replace(example, data=data)


def of_table(place: Path) -> tuple[Project, Path, dict[int, str]]:
    rows = "".join(f"{at},{'ABC'[at % 3]},2024-01-{at % 28 + 1:02},{'ny'[at % 2]}\n" for at in range(40))
    (place / "t.csv").write_text("w,town,day,ok\n" + rows)
    new_rows = [
        "3,A,2024-02-01",
        ",B,2024-02-01",
        "5,Q,2024-02-02",
        "6,C,2024-02-03",
        "heavy,A,2024-02-04",
        "7,B",
        "8,B,soon",
    ]
    (place / "ask.csv").write_text("w,town,day\n" + "\n".join(new_rows) + "\n")
    data = Data("Csv", {"path": "t.csv", "target": "ok"}, transforms=(Part("Normalize", {"field": "features"}),))
    wrong = {
        1: "missing",
        2: "'Q' is not one of",
        4: "'heavy' is not a number",
        5: "2 values",
        6: "'soon' is not a date",
    }
    return classifier(data, "features"), place / "ask.csv", wrong


def of_images(place: Path) -> tuple[Project, Path, dict[int, str]]:
    for at in range(12):
        folder = place / "data" / "ab"[at % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((6, 6, 3), at * 20, np.uint8)).save(folder / f"{at}.png")
    (place / "ask").mkdir()
    for at in range(4):
        Image.fromarray(np.full((6, 6, 3), at * 60, np.uint8)).save(place / "ask" / f"{at}.png")
    (place / "ask" / "1.png").write_bytes((place / "ask" / "1.png").read_bytes()[:40])
    (place / "ask" / "3.png").write_bytes(b"")
    data = Data("ImageFolder", {"path": "data", "height": 6, "width": 6})
    return classifier(data, "image"), place / "ask", {1: "cannot be decoded", 3: "cannot be decoded"}


def of_arrays(place: Path) -> tuple[Project, Path, dict[int, str]]:
    x = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    np.savez(place / "d.npz", x=x, label=np.arange(20) % 2)
    x[[0, 5]] = np.nan
    x[7, 1] = np.inf
    np.savez(place / "ask.npz", x=x[:9], label=np.full(9, np.nan), other=np.zeros(2))
    wrong = dict.fromkeys((0, 5, 7), "array 'x' holds a value that is nan, infinite or beyond 3.4e38")
    return classifier(Data("Npz", {"path": "d.npz"}), "x"), place / "ask.npz", wrong


def of_tokens(place: Path) -> tuple[Project, Path, dict[int, str]]:
    tokens = np.random.default_rng(0).integers(0, 9, (20, 4))
    np.savez(place / "d.npz", tokens=tokens, label=np.arange(20) % 2)
    tokens[2, 1], tokens[4, 3] = 9, -1
    np.savez(place / "ask.npz", tokens=tokens[:6])
    project = classifier(
        Data("Npz", {"path": "d.npz"}), "tokens", ("words", node("Embedding", num_embeddings=9, embedding_dim=3))
    )
    return project, place / "ask.npz", {2: "tokens holds 9", 4: "tokens holds -1"}


@pytest.mark.parametrize("make_case", [of_table, of_images, of_arrays, of_tokens])
def test_good_samples_are_answered_and_bad_ones_named(make_case, tmp_path: Path, monkeypatch, capfd) -> None:
    project, new_data, wrong = make_case(tmp_path)
    run = train(project, tmp_path / "run").folder
    answers = predict(run, new_data, device="cpu")
    assert {at for at, answer in enumerate(answers) if answer.refusal} == set(wrong)
    for at, reason in wrong.items():
        assert reason in answers[at].text()
        assert answers[at].refusal.hint
        assert not answers[at].label
    good = [answer for answer in answers if not answer.refusal]
    assert good
    assert all(answer.label and answer.scores for answer in good)

    export_run(run, "code", tmp_path / "out")
    assert_readable(tmp_path / "out")
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        run_script(tmp_path / "out", monkeypatch, str(new_data), name="predict.py")
    assert ended.value.code == 1
    errors = capfd.readouterr().err.splitlines()
    assert errors == [answers[at].text() for at in sorted(wrong)]


def test_a_sample_whose_scores_are_no_numbers_has_no_answer(tmp_path: Path, monkeypatch, capfd) -> None:
    run = train(template("iris-mlp", epochs=1), tmp_path / "run").folder
    names = ",".join(name for name, _ in json.loads((run / "data.json").read_text())["preparation"]["columns"])
    new_data = tmp_path / "asked.csv"
    new_data.write_text(f"{names}\n5.1,3.5,1.4,0.2\n3e38,-3e38,3e38,-3e38\n6.2,2.9,4.3,1.3\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's, of numbers so large
        answers = predict(run, new_data)
        export_run(run, "code", tmp_path / "out")
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            run_script(tmp_path / "out", monkeypatch, str(new_data), name="predict.py")
    assert [bool(answer.label) for answer in answers] == [True, False, True]
    assert answers[1].refusal is not None
    assert ended.value.code == 1
    assert capfd.readouterr().err.splitlines() == [answers[1].text()]


def test_the_command_answers_names_the_bad_and_ends_with_1(tmp_path: Path, capfd) -> None:
    project, new_data, wrong = of_table(tmp_path)
    run = train(project, tmp_path / "run").folder
    capfd.readouterr()
    assert main(["predict", str(run), "--input", str(new_data)]) == 1
    out, err = capfd.readouterr()
    assert [line.partition(":")[0] for line in out.splitlines()] == ["line 2", "line 5"]
    assert [line.partition(":")[0] for line in err.splitlines()[:-1]] == [f"line {at + 2}" for at in wrong]
    assert err.splitlines()[-1] == "torchloom: 5 of 7 samples could not be predicted."
    assert "set missing" not in err

    assert main(["predict", str(run), "--input", str(new_data), "--json"]) == 1
    out, _ = capfd.readouterr()
    rows = json.loads(out)
    assert [row["input"] for row in rows] == [f"line {at}" for at in range(2, 9)]
    assert {at for at, row in enumerate(rows) if "problem" in row} == set(wrong)
    assert rows[1]["problem"]["code"] == NO_ANSWER in CODES
    assert "missing" in rows[1]["problem"]["message"]
    assert set(rows[0]) == {"input", "label", "scores"}


def test_a_file_of_bad_samples_alone_is_answered_by_their_names(tmp_path: Path, capfd) -> None:
    project, new_data, _ = of_table(tmp_path)
    run = train(project, tmp_path / "run").folder
    new_data.write_text("w,town,day\n,A,2024-01-01\n3,A\n")
    answers = predict(run, new_data, device="cpu")
    assert [answer.place for answer in answers] == ["line 2", "line 3"]
    assert all(answer.refusal for answer in answers)
    capfd.readouterr()
    assert main(["predict", str(run), "--input", str(new_data)]) == 1
    assert capfd.readouterr().out == ""


def test_a_good_file_ends_with_0(tmp_path: Path) -> None:
    project, new_data, _ = of_table(tmp_path)
    run = train(project, tmp_path / "run").folder
    new_data.write_text("w,town,day\n3,A,2024-01-01\n")
    assert main(["predict", str(run), "--input", str(new_data), "--json"]) == 0
