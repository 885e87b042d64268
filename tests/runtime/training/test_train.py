import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.errors import RunProblem
from engine.graph.model import Data, EarlyStop, End, Node, Wire
from engine.runs import index
from engine.runs.desired import Desired, write_desired
from engine.runs.events import (
    CheckpointSaved,
    Confusion,
    Continued,
    EpochDone,
    Event,
    Finished,
    GradientNorms,
    Paused,
    Predictions,
    Problem,
    Started,
    StepDone,
)
from engine.runs.folder import VANISHED
from engine.runs.tail import read_events
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training import loop
from engine.runtime.training.job import Job
from engine.runtime.training.train import start
from tests.training import EventLog, template, train


def test_a_run_folder_holds_all_that_the_run_is_made_of(tmp_path: Path) -> None:
    outcome = train(template("digits-mlp"), tmp_path / "run")
    assert outcome.reason == "completed"
    assert outcome.exit_code == 0
    names = {path.name for path in outcome.folder.iterdir()}
    assert names >= {
        "project.loom", "model.py", "train.py", "data.json", "events.jsonl", "losses.txt", "desired.json", "lock",
        "log.txt", "checkpoints",
    }  # fmt: skip
    assert "__pycache__" not in names
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_vanishes_as_soon_as_it_is_there_is_a_problem(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(index, "remember", shutil.rmtree)
    with pytest.raises(RunProblem, match="has vanished") as error:
        train(template("digits-mlp"), tmp_path / "run")
    assert error.value.code == VANISHED
    assert not (tmp_path / "run").exists()


def test_a_training_ends_soon_after_its_folder_was_taken_away(tmp_path: Path, monkeypatch) -> None:
    """Not only when it next saves itself."""
    monkeypatch.setattr(loop, "LOOK_S", 0.0)
    monkeypatch.setattr(loop, "REQUEST_S", 0.0)
    events: list[Event] = []

    def hear(event: Event) -> None:
        events.append(event)
        if isinstance(event, StepDone):
            shutil.rmtree(tmp_path / "run", ignore_errors=True)

    outcome = train(template("digits-mlp"), tmp_path / "run", hear)

    assert outcome.reason == "failed"
    assert [event.code for event in events if isinstance(event, Problem)] == [VANISHED]
    assert len([event for event in events if isinstance(event, StepDone)]) <= 2
    assert not (tmp_path / "run").exists()


def test_events_tell_every_step_and_every_epoch(tmp_path: Path) -> None:
    events = EventLog()
    outcome = train(template("digits-mlp", epochs=3), tmp_path / "run", events)
    started, finished = events.events[0], events.events[-1]
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert (started.threads, started.epochs, started.seed, started.device) == (1, 3, 0, "cpu")
    losses = [(event.first_step, loss) for event in events.of(StepDone) for loss in event.losses]
    firsts = [event.first_step for event in events.of(StepDone)]
    counts = [len(event.losses) for event in events.of(StepDone)]
    assert firsts == [1 + sum(counts[:place]) for place in range(len(counts))]
    assert len(losses) == 3 * started.steps_per_epoch
    lines = (outcome.folder / "losses.txt").read_text().splitlines()
    assert [loss.hex() for _, loss in losses] == lines
    epochs = events.of(EpochDone)
    assert [event.epoch for event in epochs] == [1, 2, 3]
    assert epochs[-1].metrics == finished.metrics == outcome.metrics
    assert set(finished.metrics) == {f"{part}_{name}" for part in ("train", "val") for name in ("loss", "accuracy")}
    assert [event.step for event in events.of(CheckpointSaved)] == [started.steps_per_epoch * n for n in (1, 2, 3)]
    assert read_events(outcome.folder / "events.jsonl") == events.events
    times = [event.t_s for event in events.events]
    assert times == sorted(times)


def test_the_best_metrics_are_those_of_the_best_epoch(tmp_path: Path) -> None:
    events = EventLog()
    outcome = train(template("iris-mlp", epochs=12), tmp_path / "run", events)
    values = [(event.metrics["val_accuracy"], -event.metrics["val_loss"]) for event in events.of(EpochDone)]
    best = values.index(max(values))
    assert len({accuracy for accuracy, _ in values}) < len(values)  # of 30 rows: some are equal
    assert outcome.best_epoch == best + 1
    assert outcome.best == events.of(EpochDone)[best].metrics
    steps = checkpoint.steps(outcome.folder / "checkpoints")
    assert events.of(EpochDone)[best].step in steps
    assert 2 <= len(steps) <= 3


def test_the_confusion_counts_every_validation_row(tmp_path: Path) -> None:
    events = EventLog()
    outcome = train(template("digits-mlp"), tmp_path / "run", events)
    event = events.of(Confusion)[-1]
    rows = events.of(Started)[0].rows["validation"]
    assert sum(map(sum, event.matrix)) == rows
    right = sum(event.matrix[place][place] for place in range(10))
    assert right / rows == pytest.approx(outcome.metrics["val_accuracy"])
    assert event.class_names == tuple("0123456789")
    predicted = events.of(Predictions)[-1]
    assert all(math.isclose(sum(row), 1, rel_tol=1e-5) for row in predicted.scores)
    assert set(events.of(GradientNorms)[0].norms) == {"fc1", "head"}


@pytest.mark.parametrize("batch_size", [4, 64])
def test_the_rows_that_are_shown_are_spread_over_the_part(tmp_path: Path, batch_size: int) -> None:
    events = EventLog()
    train(template("iris-mlp", epochs=1, batch_size=batch_size), tmp_path / "run", events)
    [event] = events.of(Predictions)
    assert len(event.indices) == len(event.scores) == len(set(event.indices)) >= 8
    assert event.truth == tuple(row // 50 for row in event.indices)  # the file has one species after the other
    assert set(event.truth) == {0, 1, 2}


def test_metrics_of_the_whole_part_are_exact(tmp_path: Path) -> None:
    events = EventLog()
    project = template("diabetes-mlp", epochs=1, batch_size=7)
    outcome = train(project, tmp_path / "run", events)
    again = train(template("diabetes-mlp", epochs=1, batch_size=7), tmp_path / "again")
    assert outcome.metrics == again.metrics
    assert {"val_mae", "val_r2", "val_loss", "train_r2"} <= set(outcome.metrics)


def test_a_metric_may_be_called_as_the_sum_of_the_losses(tmp_path: Path) -> None:
    project = template("iris-mlp", epochs=1)
    net = project.graphs[project.main]
    net.nodes["total"] = Node("Accuracy")
    net.wires += [
        Wire(End("head", "output"), End("total", "input")),
        Wire(End("label", "output"), End("total", "target")),
    ]
    metrics = train(project, tmp_path / "run").metrics
    assert set(metrics) >= {"train_total", "val_total", "val_loss"}
    assert 0 <= metrics["val_total"] <= 1


def test_two_runs_of_one_seed_are_alike_and_another_seed_differs(tmp_path: Path) -> None:
    runs = {}
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        runs[name] = (train(template("digits-mlp", seed=seed), tmp_path / name).folder / "losses.txt").read_text()
    assert runs["a"] == runs["b"]
    assert runs["a"] != runs["c"]


def test_looking_in_does_not_change_the_result(tmp_path: Path, monkeypatch) -> None:
    plain = train(template("digits-mlp"), tmp_path / "plain").folder / "losses.txt"
    for name in ("LOOK_S", "REQUEST_S", "SAVE_S", "VIEW_S", "XRAY_S"):
        monkeypatch.setattr(f"engine.runtime.training.loop.{name}", 0.0)
    events = EventLog()
    looked = train(template("digits-mlp"), tmp_path / "looked", events).folder / "losses.txt"
    assert len(events.of(GradientNorms)) > 20
    assert plain.read_text() == looked.read_text()


def test_early_stopping_ends_a_run(tmp_path: Path) -> None:
    stop = EarlyStop("val_loss", patience=2, min_delta=100.0)
    outcome = train(template("iris-mlp", epochs=50, early_stop=stop), tmp_path / "run")
    assert (outcome.reason, outcome.epochs) == ("completed", 3)


def test_a_run_pauses_goes_on_and_stops_as_asked(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("engine.runtime.training.loop.REQUEST_S", 0.0)
    run = tmp_path / "run"
    events: list[Event] = []

    def on_event(event: Event) -> None:
        events.append(event)
        if isinstance(event, EpochDone) and event.epoch == 1:
            write_desired(run / "desired.json", Desired("pause"))
        if isinstance(event, Paused):
            write_desired(run / "desired.json", Desired("run"))
        if isinstance(event, EpochDone) and event.epoch == 3:
            write_desired(run / "desired.json", Desired("stop"))

    outcome = start(Job(template("iris-mlp", epochs=50), tmp_path, run), on_event)
    assert (outcome.reason, outcome.epochs, outcome.exit_code) == ("stopped", 3, 0)
    kinds = [type(event) for event in events]
    assert kinds.index(Paused) < kinds.index(Continued)
    assert checkpoint.newest(run / "checkpoints").metadata["position"]["epoch"] == 3


def test_shares_of_classes_are_learned_and_counted(tmp_path: Path) -> None:
    rows = np.random.default_rng(0)
    shares = rows.dirichlet((0.3, 0.3, 0.3), 60).astype(np.float32)
    np.savez(tmp_path / "shares.npz", features=rows.normal(size=(60, 4)).astype(np.float32), label=shares)
    project = template("iris-mlp")
    project.data = Data("Npz", {"path": "shares.npz"})
    events = EventLog()
    outcome = train(project, tmp_path / "run", events)
    assert outcome.reason == "completed"
    confusion = events.of(Confusion)[-1]
    assert sum(map(sum, confusion.matrix)) == 12
    right = sum(confusion.matrix[place][place] for place in range(3))
    assert outcome.metrics["val_accuracy"] == pytest.approx(right / 12)
