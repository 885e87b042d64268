"""The command line with torch behind it, as a person uses it: check, train, steer, list, measure, ask, export."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli import main
from engine.project import file
from engine.project.templates import template
from tests.project_files import ROOT
from tests.sweeping import sweep
from tests.training import run_script


@pytest.fixture
def cnn(tmp_path) -> Path:
    path = tmp_path / "digits.loom"
    path.write_text(template("digits-cnn").text(), encoding="utf-8")
    return path


def write(path: Path, name: str, **training) -> Path:
    """A template's project file with some training values changed."""
    form = json.loads(template(name).text())
    form["training"] |= training
    path.write_text(json.dumps(form), encoding="utf-8")
    return path


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition, what: str, patience_s: float = 60.0) -> None:
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def test_check_tells_shapes_parameters_and_multiply_adds(cnn, capsys):
    assert main(["check", str(cnn), "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"]
    assert answer["problems"] == []
    assert answer["parameters"] == 33_866
    assert answer["nodes"]["conv1"] == {"outputs": {"output": ["N", 32, 8, 8]}, "parameters": 320, "macs": 18_432}


def test_check_names_node_port_and_numbers(cnn, capsys):
    form = json.loads(cnn.read_text(encoding="utf-8"))
    form["graphs"]["Net"]["nodes"]["fc1"]["params"]["in_features"] = 500
    cnn.write_text(json.dumps(form), encoding="utf-8")

    assert main(["check", str(cnn), "--json"]) == 1

    output = capsys.readouterr()
    (problem,) = json.loads(output.out)["problems"]
    assert (problem["severity"], problem["node"], problem["port"]) == ("error", "fc1", "input")
    assert "500" in problem["message"]
    assert "512" in problem["message"]
    assert "fc1.input" in output.err


def test_code_prints_source_that_compiles(cnn, capsys):
    assert main(["code", str(cnn)]) == 0

    text = capsys.readouterr().out
    compile(text, "model.py", "exec")
    assert "self.conv1 = nn.Conv2d(1, 32, 3, padding=1)" in text


def test_a_refused_training_makes_no_folder(cnn, tmp_path, capsys):
    assert main(["train", str(cnn), "--run", str(tmp_path / "run"), "--set", "training.optimizer.kind=Adamm"]) == 1

    assert not (tmp_path / "run").exists()
    assert not (tmp_path / "runs").exists()
    assert "Did you mean Adam?" in capsys.readouterr().err


def test_a_run_is_trained_listed_measured_asked_and_exported(cnn, tmp_path, capsys, monkeypatch):
    run = tmp_path / "run"
    losses = tmp_path / "losses.txt"
    options = ["--run", str(run), "--epochs", "2", "--threads", "1", "--losses", str(losses), "--json"]

    assert main(["train", str(cnn), *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == (run / "events.jsonl").read_text(encoding="utf-8").splitlines()
    finished = json.loads(lines[-1])
    assert (finished["event"], finished["reason"], finished["epochs"]) == ("Finished", "completed", 2)
    assert losses.read_text(encoding="utf-8") == (run / "losses.txt").read_text(encoding="utf-8")

    assert main(["runs", str(tmp_path), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["state"], row["best"]) == ("finished", finished["best"])

    assert main(["evaluate", str(run), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["accuracy"] == pytest.approx(finished["best"]["val_accuracy"])

    out = tmp_path / "out"
    assert main(["export", str(run), "--to", "code", "-o", str(out)]) == 0
    again = tmp_path / "again.txt"
    run_script(out, monkeypatch, "--losses", str(again))
    assert again.read_text(encoding="utf-8") == losses.read_text(encoding="utf-8")
    assert (out / "model.py").read_bytes() == (run / "model.py").read_bytes()

    assert main(["export", str(run), "--to", "code", "-o", str(out)]) == 1
    assert str(out) in capsys.readouterr().err


def test_a_person_reads_a_line_an_epoch_and_a_table(cnn, tmp_path, capsys):
    assert main(["train", str(cnn), "--run", str(tmp_path / "run"), "--epochs", "2", "--threads", "1"]) == 0

    output = capsys.readouterr().out
    lines = output.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("epoch ")] == ["1/2", "2/2"]
    assert any(line.split()[0] == "val_accuracy" and "%" in line for line in lines if line)
    assert "\x1b" not in output


def test_pause_go_and_stop(tmp_path):
    path = write(tmp_path / "long.loom", "digits-mlp", epochs=100_000)
    run = tmp_path / "run"
    process = started("train", str(path), "--run", str(run), "--threads", "1", "--json")
    try:
        until(
            lambda: (run / "events.jsonl").exists() and b"EpochDone" in (run / "events.jsonl").read_bytes(), "an epoch"
        )
        assert main(["pause", str(run)]) == 0
        until(lambda: b'"Paused"' in (run / "events.jsonl").read_bytes(), "the pause")
        assert main(["go", str(run)]) == 0
        until(lambda: b'"Continued"' in (run / "events.jsonl").read_bytes(), "the run to go on")
        assert main(["stop", str(run)]) == 0
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, err
    assert json.loads(out.splitlines()[-1])["reason"] == "stopped"
    assert main(["stop", str(run)]) == 1  # nobody is left to ask


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C reaches a child differently there")
def test_ctrl_c_saves_stops_and_says_130(tmp_path):
    path = write(tmp_path / "long.loom", "digits-mlp", epochs=100_000)
    run = tmp_path / "run"
    process = started("train", str(path), "--run", str(run), "--threads", "1", "--json")
    try:
        until(
            lambda: (run / "events.jsonl").exists() and b"EpochDone" in (run / "events.jsonl").read_bytes(), "an epoch"
        )
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert json.loads(out.splitlines()[-1])["reason"] == "stopped"


def test_resume_goes_on_to_more_epochs(tmp_path, capsys):
    path = write(tmp_path / "iris.loom", "iris-mlp", epochs=2)
    run = tmp_path / "run"
    assert main(["train", str(path), "--run", str(run), "--threads", "1"]) == 0

    assert main(["resume", str(run), "--epochs", "3", "--json"]) == 0

    finished = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (finished["reason"], finished["epochs"]) == ("completed", 3)


def test_a_resumed_run_counts_its_epochs_for_a_person(tmp_path, capsys):
    path = write(tmp_path / "iris.loom", "iris-mlp", epochs=2)
    run = tmp_path / "run"
    assert main(["train", str(path), "--run", str(run), "--threads", "1"]) == 0
    capsys.readouterr()

    assert main(["resume", str(run), "--epochs", "3"]) == 0

    assert [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("epoch ")] == ["3/3"]


def test_training_again_keeps_the_weights_that_came_along(cnn, tmp_path, monkeypatch):
    run, out = tmp_path / "run", tmp_path / "out"
    assert main(["train", str(cnn), "--run", str(run), "--epochs", "1", "--threads", "1"]) == 0
    assert main(["export", str(run), "--to", "code", "-o", str(out)]) == 0
    came = (out / "weights.safetensors").read_bytes()

    run_script(out, monkeypatch, "--seed", "1")

    assert (out / "weights.safetensors").read_bytes() == came
    assert (out / "trained.safetensors").read_bytes() != came


def test_more_scores_than_classes_are_reported_and_still_answered(tmp_path, capsys):
    (tmp_path / "pets.csv").write_text(
        "a,b,y\n" + "".join(f"{i},{i % 7},{'cat' if i % 2 else 'dog'}\n" for i in range(40))
    )
    form = json.loads(template("iris-mlp").text())
    form["data"] = {"kind": "Csv", "params": {"path": "pets.csv", "target": "y"}, "split": {"validation": 0.2}}
    form["training"]["epochs"] = 2
    (tmp_path / "pets.loom").write_text(json.dumps(form))
    run = tmp_path / "run"

    assert main(["train", str(tmp_path / "pets.loom"), "--run", str(run), "--threads", "1"]) == 0
    assert "S010" in capsys.readouterr().err

    assert main(["predict", str(run), "--input", str(tmp_path / "pets.csv"), "--json"]) == 0
    assert "cat" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gate-and", "gate-xor"])
def test_a_perceptron_learns_and_but_not_xor(name, tmp_path, capsys):
    path = write(tmp_path / "gate.loom", name)

    assert main(["train", str(path), "--run", str(tmp_path / "run"), "--threads", "1", "--json"]) == 0

    best = json.loads(capsys.readouterr().out.splitlines()[-1])["best"]
    assert best["train_accuracy"] == 1.0 if name == "gate-and" else best["train_accuracy"] <= 0.75


NOT_PROJECTS = {
    "empty": b"",
    "text": b"hello",
    "truncated": template("digits-cnn").text().encode()[:700],
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "other json": b'{"name": "x"}',
    "not utf-8": b"\xff\xfe\x00",
    "newer": template("digits-cnn").text().replace('"version": 2', '"version": 99').encode(),
    "duplicate keys": template("digits-cnn").text().replace('"main": "Net",', '"main": "Net", "main": "Net",').encode(),
    "NaN": template("digits-cnn").text().replace('"l1": 0.0', '"l1": NaN').encode(),
    "wrong type": template("digits-cnn").text().replace('"epochs": 20', '"epochs": [20]').encode(),
    "code in a name": template("digits-cnn").text().replace('"conv1": {', '"conv1=__import__(0)": {').encode(),
    "unknown kind": template("digits-cnn").text().replace('"kind": "Conv2d"', '"kind": "Conv2dd"').encode(),
    "wire to nowhere": template("digits-cnn").text().replace('"conv1.input"', '"conv7.input"').encode(),
    "negative size": template("digits-cnn").text().replace('"out_channels": 32', '"out_channels": -32').encode(),
}


@pytest.mark.parametrize("verb", ["check", "code", "train", "export"])
@pytest.mark.parametrize("wrong", NOT_PROJECTS)
def test_a_bad_project_is_refused_in_plain_words(wrong, verb, tmp_path, capsys):
    path = tmp_path / "bad.loom"
    path.write_bytes(NOT_PROJECTS[wrong])
    more = {"train": ["--run", str(tmp_path / "run")], "export": ["--to", "code", "-o", str(tmp_path / "out")]}

    assert main([verb, str(path), *more.get(verb, [])]) == 1

    output = "".join(capsys.readouterr())
    assert re.search(r"^(torchloom: |error [A-Z]\d{3} )", output, re.MULTILINE)
    assert "Traceback" not in output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.loom"]


def test_a_missing_file_gets_one_problem_as_json(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.loom"), "--json"]) == 1

    problem = json.loads(capsys.readouterr().out)
    assert problem["severity"] == "error"
    assert "none.loom" in problem["message"]


def test_a_file_that_fails_unforeseen_is_named(cnn, capsys, monkeypatch):
    def fail(*_arguments, **_more):
        raise PermissionError(13, "Permission denied", "/somewhere/else")

    monkeypatch.setattr("engine.project.file.read", fail)

    assert main(["check", str(cnn)]) == 1

    assert capsys.readouterr().err.startswith("torchloom: Cannot use /somewhere/else: permission denied.")


def test_a_project_that_is_a_pipe_is_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.loom")

    assert main(["check", str(tmp_path / "pipe.loom")]) == 1

    assert "it is a pipe, not a file" in capsys.readouterr().err


def test_a_used_run_folder_is_refused_before_torch_is_loaded(cnn, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine").touch()
    program = f"""
import sys
from engine.cli import main
assert main(["train", {str(cnn)!r}, "--run", {str(tmp_path / "run")!r}]) == 1
assert "torch" not in sys.modules
"""
    errors = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr

    assert "is not empty" in errors
    assert [each.name for each in (tmp_path / "run").iterdir()] == ["mine"]


def test_early_stopping_is_reported(tmp_path, capsys):
    path = tmp_path / "gate.loom"
    assert main(["new", "gate-and", "-o", str(path)]) == 0
    stop = 'training.early_stop={"watch": "train_loss", "patience": 1, "min_delta": 1000.0}'
    options = ["--run", str(tmp_path / "run"), "--threads", "1", "--device", "cpu", "--epochs", "5", "--set", stop]

    assert main(["train", str(path), *options]) == 0

    output = capsys.readouterr().out
    assert "Early stopping ended it before epoch 5: train_loss had not got better for 1 epoch." in output
    assert f"torchloom resume {tmp_path / 'run'} --epochs N" in output


def test_a_device_that_does_not_exist(cnn, tmp_path, capsys):
    assert main(["train", str(cnn), "--run", str(tmp_path / "run"), "--device", "cuda:99"]) == 1

    assert "cuda:99" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_doctor_says_what_works(capsys):
    assert main(["doctor", "--json"]) == 0

    findings = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert findings["training"]["state"] == "ok"
    assert "33,866" in findings["training"]["text"]


def test_without_a_verb_the_digits_are_trained(home, capsys, monkeypatch):
    from engine.cli import run_verbs

    monkeypatch.setattr(run_verbs, "DEMO", "gate-and")

    assert main([]) == 0

    output = capsys.readouterr().out
    assert "torchloom new gate-and -o my.loom" in output
    (run,) = (home / "data" / "runs").iterdir()
    assert file.read(run / "project.loom").name == "gate-and"


def test_a_reader_that_goes_does_not_end_the_training(tmp_path):
    path = write(tmp_path / "iris.loom", "iris-mlp", epochs=5)
    run = tmp_path / "run"
    process = started("train", str(path), "--run", str(run), "--threads", "1", "--json")
    process.stdout.close()

    _, err = process.communicate(timeout=60)

    assert "Traceback" not in err
    last = json.loads((run / "events.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["reason"]) == ("Finished", "completed")


def test_a_run_folder_that_vanishes_ends_the_training_and_is_not_half_made_again(tmp_path):
    path = write(tmp_path / "long.loom", "digits-mlp", epochs=100_000)
    run = tmp_path / "run"
    process = started("train", str(path), "--run", str(run), "--threads", "1", "--json")
    until(lambda: (run / "events.jsonl").exists() and b"EpochDone" in (run / "events.jsonl").read_bytes(), "an epoch")

    sweep(run)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "vanished" in out or "no such file" in out
    assert "Traceback" not in err
    assert not run.exists()


def test_a_record_shorter_than_its_checkpoint_is_refused(tmp_path, capsys):
    path = write(tmp_path / "iris.loom", "iris-mlp", epochs=2)
    run = tmp_path / "run"
    assert main(["train", str(path), "--run", str(run), "--threads", "1"]) == 0
    os.truncate(run / "losses.txt", 20)

    assert main(["resume", str(run), "--epochs", "3"]) == 1

    assert "losses.txt holds 20 bytes" in capsys.readouterr().err


def test_a_resumed_run_says_in_its_first_line_what_becomes_of_the_schedule(tmp_path, capsys):
    schedule = {"kind": "CosineAnnealingLR", "params": {}}
    project = write(tmp_path / "gate.loom", "gate-and", epochs=2, threads=1, schedule=schedule)
    run = str(tmp_path / "run")
    assert main(["train", str(project), "--run", run]) == 0
    capsys.readouterr()

    assert main(["resume", run, "--epochs", "4"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.endswith("Schedule restart: CosineAnnealingLR begins again for epochs 3 to 4.")

    assert main(["resume", run, "--epochs", "6", "--schedule", "stretch"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.endswith("Schedule stretch: CosineAnnealingLR continues as if 6 epochs had been planned.")
