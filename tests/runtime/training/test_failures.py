"""Trainings that cannot begin or go on: each is one problem, and nothing else is lost."""

import errno
import math
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import EngineError, MachineProblem, RunProblem
from engine.graph.model import Clip, End, Node, Part, Wire
from engine.runs.events import (
    EpochDone,
    Finished,
    Problem,
    StepDone,
)
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.job import Job
from engine.runtime.training.train import start
from tests.training import EventLog, template, train


def test_a_loss_that_is_nan_ends_the_run_and_names_step_and_node(tmp_path: Path) -> None:
    events = EventLog()
    project = template("digits-mlp", optimizer=Part("SGD", {"lr": 1e30}), epochs=5)
    outcome = train(project, tmp_path / "run", events)
    assert (outcome.reason, outcome.exit_code) == ("failed", 1)
    wrong = events.of(Problem)[0]
    assert "not a finite number" in wrong.message
    assert wrong.node in {"fc1", "head", "loss"}
    assert isinstance(events.events[-1], Finished)
    losses = [loss for event in events.of(StepDone) for loss in event.losses]
    step = next(place for place, loss in enumerate(losses, 1) if not math.isfinite(loss))
    assert f"step {step} " in wrong.message
    assert all(value.isfinite().all() for value in checkpoint.newest(tmp_path / "run" / "checkpoints").weights.values())


def test_weights_that_overflow_in_the_last_step_are_not_kept(tmp_path: Path) -> None:
    events = EventLog()
    project = template("gate-xor", optimizer=Part("SGD", {"lr": 3e38, "momentum": 0.9}), epochs=1)
    project.training = replace(project.training, batch_size=4, schedule=None)
    outcome = train(project, tmp_path / "run", events)
    saved = checkpoint.newest(tmp_path / "run" / "checkpoints")
    assert all(value.isfinite().all() for value in saved.weights.values())
    assert outcome.reason in {"completed", "failed"}


def test_a_used_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    with pytest.raises(RunProblem, match="not empty"):
        train(template("iris-mlp"), tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["mine.txt"]


def test_an_unknown_device_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(MachineProblem, match=r"cuda:9.*cpu"):
        train(template("iris-mlp", device="cuda:9"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_project_with_an_error_makes_no_folder(tmp_path: Path) -> None:
    project = template("iris-mlp", clip=Clip("norm", -1.0))
    with pytest.raises(EngineError, match="clip"):
        train(project, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_losses_that_cannot_be_written_are_refused_first(tmp_path: Path) -> None:
    job = Job(template("iris-mlp"), tmp_path, tmp_path / "run", tmp_path / "nowhere" / "losses.txt")
    with pytest.raises(EngineError, match="nowhere"):
        start(job)
    assert not (tmp_path / "run").exists()


def test_the_problem_of_too_little_memory_has_the_batch_size(tmp_path: Path, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    events = EventLog()
    monkeypatch.setattr("engine.runtime.training.learner.Learner.learn", full)
    outcome = train(template("iris-mlp"), tmp_path / "run", events)
    assert outcome.reason == "failed"
    assert "memory for a batch of" in events.of(Problem)[0].message
    assert "--batch-size" in events.of(Problem)[0].hint


def test_an_error_inside_the_model_is_a_problem_of_its_node(tmp_path: Path, monkeypatch) -> None:
    real = torch.nn.functional.linear
    calls = iter(range(100))

    def breaks(*arguments: object, **kwargs: object) -> torch.Tensor:
        if next(calls) == 7:
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")
        return real(*arguments, **kwargs)

    events = EventLog()
    monkeypatch.setattr("torch.nn.functional.linear", breaks)
    outcome = train(template("digits-mlp"), tmp_path / "run", events)
    assert outcome.reason == "failed"
    assert events.of(Problem)[0].node == "head"


def test_a_full_disk_is_one_message_and_an_earlier_checkpoint_stays(tmp_path: Path, monkeypatch) -> None:
    run, real, events = tmp_path / "run", os.write, EventLog()

    def full(fd: int, data: object) -> int:
        if events.of(EpochDone) and "checkpoints" in str(Path(f"/proc/self/fd/{fd}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, data)

    monkeypatch.setattr(os, "write", full)
    outcome = train(template("iris-mlp", epochs=5), run, events)
    monkeypatch.undo()
    assert outcome.reason == "failed"
    assert [event.code for event in events.of(Problem)] == ["F001"]
    assert "disk is full" in events.of(Problem)[0].message
    assert checkpoint.newest(run / "checkpoints").step == 0


def test_a_loss_that_is_nan_by_itself_is_named(tmp_path: Path) -> None:
    project = template("iris-mlp")
    project.graphs["Net"].nodes["loss"].params["weight"] = (0.0, 0.0, 1.0)  # a batch of the others counts nothing
    project.training = replace(project.training, batch_size=1)
    events = EventLog()
    outcome = train(project, tmp_path / "run", events)
    assert outcome.reason == "failed"
    (wrong,) = events.of(Problem)
    assert wrong.node == "loss"
    assert "The first such value is an output of loss." in wrong.message


def test_a_network_that_passes_no_gradient_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    project = template("iris-mlp")
    graph = project.graphs["Net"]
    graph.nodes |= {"whole": Node("long"), "back": Node("float")}
    graph.wires = [wire for wire in graph.wires if wire.target != End("loss", "input")]
    ends = (("head", "whole"), ("whole", "back"), ("back", "loss"))
    graph.wires += [Wire(End(source, "output"), End(target, "input")) for source, target in ends]
    with pytest.raises(EngineError, match="Nothing that leads to a loss of Net learns"):
        train(project, tmp_path / "run")
    assert not (tmp_path / "run").exists()
