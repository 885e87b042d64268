"""Answers and metrics as the commands print them: in the target's own unit, with classes as the table writes them."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import main
from engine.graph.model import Data, Part
from engine.project import file as files
from tests.array_networks import linear, network
from tests.training import run_script


def trained(place: Path, capfd: pytest.CaptureFixture[str], loss: str, target: str, scores: int) -> None:
    """Train on ``data.csv`` in that folder, with every field of numbers normalized, in the run ``run``."""
    field = "label" if loss == "CrossEntropyLoss" else "target"
    example = network(loss, field, linear(scores), field="features")
    scaled = ["features", *(["target"] if field == "target" else [])]
    transforms = tuple(Part("Normalize", {"field": each}) for each in scaled)
    example.data = Data("Csv", {"path": "data.csv", "target": target}, transforms=transforms)
    settings = {"epochs": 30, "batch_size": 16, "threads": 1, "device": "cpu", "optimizer": Part("AdamW", {"lr": 0.05})}
    example.training = replace(example.training, **settings)
    files.write(place / "p.loom", example)
    assert main(["train", str(place / "p.loom"), "--run", str(place / "run")]) == 0
    capfd.readouterr()


def printed(capfd: pytest.CaptureFixture[str], *command: str | Path) -> list[str]:
    assert main([str(part) for part in command]) == 0
    return capfd.readouterr().out.splitlines()


def test_a_normalized_target_is_answered_and_measured_in_its_own_unit(tmp_path: Path, capfd, monkeypatch) -> None:
    sizes = [30 + at * 37 % 100 for at in range(100)]
    (tmp_path / "data.csv").write_text("sqm,rent\n" + "".join(f"{each},{300 + 12 * each}.5\n" for each in sizes))
    (tmp_path / "ask.csv").write_text("sqm\n50\n100\n")
    trained(tmp_path, capfd, "MSELoss", "rent", 1)
    answers = printed(capfd, "predict", tmp_path / "run", "--input", tmp_path / "ask.csv")
    assert [answer.rpartition(" ")[0] for answer in answers] == ["line 2: rent", "line 3: rent"]
    assert [float(answer.rpartition(" ")[2]) for answer in answers] == pytest.approx([900.5, 1500.5], abs=20)

    printed(capfd, "export", tmp_path / "run", "--to", "code", "-o", tmp_path / "out")
    by_script = run_script(tmp_path / "out", monkeypatch, str(tmp_path / "ask.csv"), name="predict.py")
    assert by_script.splitlines() == answers

    rows = [line.split() for line in printed(capfd, "evaluate", tmp_path / "run")]
    (mae,) = [row for row in rows if row[:1] == ["mae"]]
    assert rows[0][-1] == "unit"
    assert mae[-1] == "rent"
    assert 0.2 < float(mae[1]) < 20  # in standard deviations of 350 it would be below 0.06
    assert [row[-2:] for row in rows if row[:1] == ["loss"]] == [["as", "trained"]]


def test_a_class_is_answered_with_its_leading_zeros(tmp_path: Path, capfd) -> None:
    codes = ["007", "012", "100"]
    rows = "".join(f"{40 * (at % 3) + at * 7 % 13},{codes[at % 3]}\n" for at in range(60))
    (tmp_path / "data.csv").write_text("w,code\n" + rows)
    (tmp_path / "ask.csv").write_text("w\n3\n90\n")
    trained(tmp_path, capfd, "CrossEntropyLoss", "code", 3)
    answers = printed(capfd, "predict", tmp_path / "run", "--input", tmp_path / "ask.csv")
    assert [answer.split("  ")[0] for answer in answers] == ["line 2: 007", "line 3: 100"]
    assert all(f"{code} " in answers[0].split("  ")[1] for code in codes)
