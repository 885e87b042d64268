"""Averaged weights: what validation, the best epoch and exports use."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from engine.check.rules import settings_problems
from engine.graph.model import Part, Phase, Project, SchedulePart
from engine.runs.events import EpochDone
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.analysis import memory
from engine.runtime.analysis.analyse import check_project
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from resources.snippets.training.average import measure_batch_norm
from tests.repeating import assert_alike, cut_to, repeated, weights
from tests.training import EventLog, assert_readable, template, train

EMA, SWA = Part("EMA", {"decay": 0.9}), Part("SWA", {"first": 2})
SGD = Part("SGD", {"lr": 0.1})


def flowers(average: Part | None, **training: object) -> Project:
    """Three steps an epoch."""
    return template("iris-mlp", **{"average": average, "optimizer": SGD, "epochs": 4, "batch_size": 48, **training})


CASES = {
    "EMA": flowers(EMA, epochs=2),
    "SWA": flowers(SWA, schedule=SchedulePart("CosineAnnealingLR", {}, epochs=2, then=(SchedulePart("SWALR"),))),
    "SWA of an early stop": flowers(Part("SWA", {"first": 9}), epochs=2),
    "EMA of batch norm": template("digits-cnn", average=EMA, batch_size=700, epochs=2),
    "SWA of batch norm": template("digits-cnn", average=SWA, batch_size=700, epochs=3),
    "SWA of phases": template("digits-gan", average=SWA, batch_size=700, epochs=3),
    "SWA of gradients": template("digits-wgan-gp", average=Part("SWA", {"first": 1}), batch_size=700, epochs=1),
    "EMA of phases": flowers(EMA, epochs=2, phases=(Phase("all", ("loss",), times=2, accumulate=2),)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_run_is_resumed_and_repeated_bit_for_bit(name: str, tmp_path: Path, monkeypatch) -> None:
    for wait in ("LOOK_S", "SAVE_S"):
        monkeypatch.setattr(f"engine.runtime.training.loop.{wait}", 0.0)
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
    events = EventLog()
    whole = train(CASES[name], tmp_path / "whole", events).folder
    steps = sorted(checkpoint.steps(whole / "checkpoints"))
    for step in (steps[1], steps[-2]):
        run = cut_to(whole, step, tmp_path / "run")
        assert resume(run).reason == "completed"
        assert_alike(run, whole)
    repeated(whole, tmp_path / "out", monkeypatch)
    assert_readable(tmp_path / "out")
    last = events.of(EpochDone)[-1].metrics
    metrics = evaluate(whole, which="last")
    assert metrics == {name[4:]: value for name, value in last.items() if name.startswith("val_")}


def own_weights(run: Path, step: int) -> dict[str, torch.Tensor]:
    """The weights that learn, which a checkpoint stores beside their average."""
    return checkpoint.read(run / "checkpoints" / str(step)).part("learning")


def test_the_moving_average_is_torchs(tmp_path: Path, monkeypatch) -> None:
    for wait in ("LOOK_S", "SAVE_S"):
        monkeypatch.setattr(f"engine.runtime.training.loop.{wait}", 0.0)
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
    run = train(flowers(EMA, epochs=2), tmp_path / "run").folder
    network = nn.ParameterDict({name.replace(".", "_"): value for name, value in own_weights(run, 0).items()})
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    for step in range(1, 7):
        values = {name.replace(".", "_"): value for name, value in own_weights(run, step).items()}
        network.load_state_dict(values)
        average.update_parameters(network)
        ours = {name.replace(".", "_"): value for name, value in weights(run, step).items()}
        assert all(torch.equal(value, ours[name]) for name, value in average.module.state_dict().items())


def test_the_mean_is_of_the_epochs_from_the_first(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
    run = train(flowers(SWA), tmp_path / "run").folder
    ends = [own_weights(run, 3 * epoch) for epoch in range(1, 5)]
    assert all(torch.equal(value, ends[0][name]) for name, value in weights(run, 3).items())
    for name, value in weights(run, 12).items():
        assert torch.allclose(value, torch.stack([end[name] for end in ends[1:]]).mean(0), atol=1e-6)
    plain = train(flowers(None), tmp_path / "plain").folder
    assert (plain / "losses.txt").read_text() == (run / "losses.txt").read_text()


def test_batch_norm_is_measured_as_torch_does_where_it_learns() -> None:
    torch.manual_seed(0)
    ours = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU())
    theirs = AveragedModel(ours).module
    batches = [torch.randn(8, 3) for _ in range(4)]
    measure_batch_norm(ours, [{"x": each} for each in batches], lambda batch: ours(batch["x"]))
    update_bn(batches, theirs)
    assert all(torch.equal(value, theirs.state_dict()[name]) for name, value in ours.state_dict().items())
    assert ours[1].momentum == 0.1


@pytest.mark.parametrize(
    ("part", "code", "text"),
    [
        (Part("ema"), "T034", "unknown"),
        (Part("EMA", {"decay": 1.5}), "T034", "decay"),
        (Part("SWA", {"first": 0}), "T034", "first"),
        (Part("SWA", {"first": 9}), "T035", "of no epoch"),
        (Part("SWA", {"first": 4}), "T035", "of one epoch"),
    ],
    ids=str,
)
def test_what_is_no_average_is_reported(part: Part, code: str, text: str) -> None:
    (problem,) = settings_problems(flowers(part))
    assert problem.code == code
    assert text in problem.message


def test_the_copy_counts_as_memory(tmp_path: Path, monkeypatch) -> None:
    plain = flowers(None)
    nodes = check_project(plain, tmp_path).nodes
    assert memory.weights_bytes(flowers(EMA), nodes, 100) - memory.weights_bytes(plain, nodes, 100) == 400
    assert replace(plain.training, average=EMA) == flowers(EMA).training
