"""A run folder that a person has changed: what is refused, and what does not matter."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import EngineError, RunProblem
from engine.graph.model import EarlyStop, Note, Project, SchedulePart
from engine.project import file as files
from engine.runs.identity import result_hash
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.job import Job
from engine.runtime.training.train import resume, start
from tests.training import set_metadata, template, train


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(template("iris-mlp", epochs=2), tmp_path_factory.mktemp("runs") / "iris").folder


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "run"))


def change(run: Path, edit: Callable[[Project], None]) -> None:
    project = files.read(run / "project.loom")
    edit(project)
    files.write(run / "project.loom", project)


def larger_batches(project: Project) -> None:
    project.training = replace(project.training, batch_size=project.training.batch_size + 1)


def another_split(project: Project) -> None:
    project.data = replace(project.data, split=replace(project.data.split, seed=7))


def wider(project: Project) -> None:
    node = next(node for node in project.graphs["Net"].nodes.values() if node.kind == "Linear")
    node.params["out_features"] = 99


@pytest.mark.parametrize("edit", [larger_batches, another_split, wider])
def test_a_project_that_was_changed_is_neither_resumed_nor_used(edit, run: Path, tmp_path: Path) -> None:
    change(run, edit)
    before = (run / "events.jsonl").read_bytes()
    table = tmp_path / "new.csv"
    uses: list[Callable[[], Any]] = [
        lambda: resume(run, epochs=4),
        lambda: evaluate(run),
        lambda: predict(run, table),
        lambda: export_run(run, "code", tmp_path / "out"),
    ]
    for use in uses:
        with pytest.raises(RunProblem, match=r"project.loom was changed after the run began.* Put it back"):
            use()
    assert (run / "events.jsonl").read_bytes() == before
    assert not (tmp_path / "out").exists()
    export_run(run, "safetensors", tmp_path / "weights")  # which needs no project


def test_what_only_says_how_a_drawing_looks_may_change(run: Path) -> None:
    def tidy(project: Project) -> None:
        project.name = "another"
        graph = project.graphs["Net"]
        for node in graph.nodes.values():
            node.pos = (node.pos[0] + 20, 7.0)
        graph.notes = (Note("think", (0.0, 0.0, 9.0, 9.0)),)

    change(run, tidy)
    assert resume(run, epochs=3).epochs == 3


def test_the_hash_knows_the_order_of_nodes_and_wires() -> None:
    one, other = template("iris-mlp"), template("iris-mlp")
    graph = other.graphs["Net"]
    graph.nodes = dict(reversed(graph.nodes.items()))
    assert result_hash(one) == result_hash(template("iris-mlp"))
    assert result_hash(one) != result_hash(other)


RECORDS: dict[str, Any] = {
    "a list": [],
    "nothing": {},
    "another version": {"version": 2, "base": "/", "sources": [], "preparation": {}},
    "no sources": {"version": 1, "base": "/", "preparation": {}},
    "sources are odd": {"version": 1, "base": "/", "sources": [{"path": 3}], "preparation": {}},
    "no preparation": {"version": 1, "base": "/", "sources": [], "preparation": {}},
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=list(RECORDS))
def test_an_odd_record_of_the_data_is_one_message(record: Any, run: Path, tmp_path: Path) -> None:
    (run / "data.json").write_text(json.dumps(record))
    for use in (lambda: resume(run, epochs=4), lambda: evaluate(run), lambda: predict(run, tmp_path / "new.csv")):
        with pytest.raises(RunProblem, match=r"data.json cannot be read, was changed.* Take it from a copy"):
            use()


HARMS: dict[str, tuple[Callable[[dict[str, Any]], None], Callable[[Path, Path], object], str]] = {
    "fewer sources": (
        lambda record: record.update(sources=[]),
        lambda run, _: evaluate(run),
        "The run began with 0 files of data, and there are 1 now",
    ),
    "other figures": (
        lambda record: record["preparation"]["fitted"][0].update(figures={"median": [[1.0]]}),
        predict,
        "Normalize of features needs the values deviation, mean",
    ),
    "figures of another shape": (
        lambda record: record["preparation"]["fitted"][0]["figures"].update(mean=[[1.0, 2.0]]),
        predict,
        "The values of Normalize that were recorded do not fit 'features'",
    ),
}


@pytest.mark.parametrize(("harm", "use", "message"), HARMS.values(), ids=list(HARMS))
def test_a_record_that_does_not_fit_its_project_is_one_message(
    harm, use, message: str, run: Path, tmp_path: Path
) -> None:
    record = json.loads((run / "data.json").read_text())
    harm(record)
    (run / "data.json").write_text(json.dumps(record))
    set_metadata(run, "data_hash", to="")
    np.savez(tmp_path / "rows.npz", features=np.ones((2, 4), np.float32))
    with pytest.raises(EngineError, match=message):
        use(run, tmp_path / "rows.npz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["project.loom", "data.json", "model.py"])
def test_a_pipe_in_a_run_folder_is_not_waited_for(name: str, run: Path) -> None:
    (run / name).unlink()
    os.mkfifo(run / name)
    with pytest.raises(EngineError, match=r"it is a pipe, not a file|There is no run"):
        resume(run, epochs=4)


def test_who_named_no_folder_gets_the_next_free_one(tmp_path: Path) -> None:
    project, place = template("gate-and", epochs=1), tmp_path / "gate"
    names = [start(Job(project, tmp_path, place, or_next=True)).folder.name for _ in range(3)]
    assert names == ["gate", "gate-2", "gate-3"]
    with pytest.raises(RunProblem, match="is not empty"):
        start(Job(project, tmp_path, place))


def stopping(patience: int) -> Project:
    """A project that early stopping ends: no epoch is better than the first by so much."""
    return template("gate-and", epochs=9, early_stop=EarlyStop("train_loss", patience, 1e9))


def test_early_stopping_says_that_it_ended_the_run_and_more_epochs_reset_it(tmp_path: Path) -> None:
    outcome = start(Job(stopping(2), tmp_path, tmp_path / "run"))
    message = "Early stopping ended it before epoch 9: train_loss had not got better for 2 epochs."
    assert (outcome.reason, outcome.epochs, outcome.note) == ("completed", 3, message)
    again = resume(tmp_path / "run")
    assert (again.reason, again.epochs, again.note) == ("completed", 3, message)
    longer = resume(tmp_path / "run", epochs=8)
    assert (longer.epochs, longer.note) == (5, message.replace("9", "8"))
    assert resume(tmp_path / "run", epochs=6).epochs == 6


def test_there_is_a_most_for_the_epochs_of_a_resumed_run(run: Path) -> None:
    with pytest.raises(RunProblem, match="epochs must be from 1 to 10,000,000, got 1"):
        resume(run, epochs=10**30)


def test_a_run_without_a_finished_epoch_has_no_best_weights(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
    run = train(template("iris-mlp", epochs=1), tmp_path / "run").folder
    for step in checkpoint.steps(run / "checkpoints")[:-1]:
        shutil.rmtree(run / "checkpoints" / str(step))
    for use in (lambda: evaluate(run), lambda: export_run(run, "safetensors", tmp_path / "weights")):
        with pytest.raises(RunProblem, match=r"has no best weights: no epoch of it is over.* --which last"):
            use()
    assert evaluate(run, which="last")["loss"] > 0


def test_a_record_of_another_run_is_one_message(run: Path, tmp_path: Path) -> None:
    record = json.loads((run / "data.json").read_text())
    record["preparation"]["fitted"][0]["figures"]["mean"][0][0] += 0.5
    (run / "data.json").write_text(json.dumps(record))
    for use in (lambda: resume(run, epochs=4), lambda: evaluate(run), lambda: predict(run, tmp_path / "new.csv")):
        with pytest.raises(RunProblem, match=r"data.json cannot be read, was changed.* it is not the one that the run"):
            use()


INVALID_METADATA: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "a rate that is text": (("optimizer", "groups", 0, "lr"), "x", "does not fit the network: lr of the optimizer"),
    "half the betas": (("optimizer", "groups", 0, "betas"), [0.9], "does not fit the network: betas of the optimizer"),
    "no groups": (
        ("optimizer", "groups"),
        [],
        "does not fit the network: 0 groups of the optimizer, where there are 1",
    ),
    "a batch beyond the epoch": (
        ("position", "batch"),
        10**9,
        "is at step .* after 1000000000 batches",
    ),
    "a best epoch without the watched figure": (
        ("position", "best"),
        {"val_loss": 1.0},
        "does not fit the network: there is no val_accuracy in both",
    ),
    "weights of another network": (
        ("optimizer", "scalars"),
        {"ghost": {"step": 1}},
        "does not fit the network: there is no ghost in both",
    ),
    "another step": (("position", "step"), 3, "is at step 3, in epoch 3 after 0 batches"),
    "more threads than there are": (("threads",), 10**9, "has a manifest that was changed"),
    "an offset inside a line": (("offsets", "events"), 3, "events.jsonl has no line that ends at byte 3"),
    "an offset inside a loss": (("offsets", "losses"), 5, "losses.txt has no line that ends at byte 5"),
}


@pytest.mark.parametrize(("path", "value", "message"), INVALID_METADATA.values(), ids=list(INVALID_METADATA))
def test_an_odd_checkpoint_is_one_message_and_costs_nothing(path, value, message: str, run: Path) -> None:
    set_metadata(run, *path, to=value)
    before = (run / "losses.txt").read_bytes()
    with pytest.raises(RunProblem, match=message):
        resume(run, epochs=4)
    assert (run / "losses.txt").read_bytes() == before
    assert b"EpochDone" in (run / "events.jsonl").read_bytes()


def test_a_schedule_of_another_kind_is_one_message(tmp_path: Path) -> None:
    project = template("iris-mlp", epochs=2, schedule=SchedulePart("OneCycleLR", {"max_lr": 0.02}))
    run = train(project, tmp_path / "run").folder
    set_metadata(run, "pace", "schedule", "last_epoch", to="later")
    with pytest.raises(RunProblem, match="does not fit the network: last_epoch of the schedule"):
        resume(run, epochs=4)


def test_whole_numbers_are_taken_where_the_network_learned_from_fractions(run: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "whole.npz", features=np.array([[5, 3, 1, 0]]))
    np.savez(tmp_path / "real.npz", features=np.array([[5.0, 3.0, 1.0, 0.0]]))
    assert predict(run, tmp_path / "whole.npz") == predict(run, tmp_path / "real.npz")


def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    place = tmp_path / "caf\udce9"
    place.mkdir()
    for base, folder in ((place, tmp_path / "run"), (tmp_path, place / "run")):
        with pytest.raises(
            RunProblem, match=r"caf\? has a name that is not UTF-8 text|run has a name that is not UTF-8"
        ):
            start(Job(template("gate-and"), base, folder))
        assert not folder.exists()


def test_the_problem_of_a_full_disk_names_the_run(tmp_path: Path, monkeypatch) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.project.durable.put", full)
    with pytest.raises(EngineError, match=f"Cannot make {tmp_path}/run: the disk is full"):
        start(Job(template("gate-and"), tmp_path, tmp_path / "run"))
    assert list(tmp_path.iterdir()) == []
