"""Training of networks that draw numbers and differentiate: repeated, resumed and evaluated to the bit."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.graph.model import Project
from engine.runs.events import EpochDone, Problem
from engine.runs.folder import RunFolder
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.after_training.trained_network import chosen_checkpoint
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from resources.snippets.training.draws import evaluation_draws
from tests.samplers import noisy, pooling, sampler
from tests.small_projects import graph, node
from tests.training import EventLog, assert_readable, run_script, train

EITHER = pytest.mark.parametrize("make", [noisy, sampler, pooling], ids=lambda make: make.__name__)
Make = Callable[..., Project]
CPU = torch.device("cpu")


@EITHER
def test_the_program_repeats_the_run(make: Make, tmp_path: Path, monkeypatch) -> None:
    events = EventLog()
    run = train(make(), tmp_path / "run", events).folder
    export_run(run, "code", tmp_path / "out")
    losses, saved = tmp_path / "losses.txt", tmp_path / "best.safetensors"
    printed = run_script(tmp_path / "out", monkeypatch, "--losses", str(losses), "--weights", str(saved))
    best, weights = chosen_checkpoint(RunFolder(run), "best").weights, load_file(saved)

    assert losses.read_text() == (run / "losses.txt").read_text()
    assert all(torch.equal(weights[name], best[name]) for name in best)
    for event in events.of(EpochDone):
        assert f"val_loss {event.metrics['val_loss']:.4f}" in printed
    assert_readable(tmp_path / "out")


@EITHER
def test_a_run_goes_on_exactly(make: Make, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("engine.runtime.training.loop.SAVE_S", 0.0)
    monkeypatch.setattr("engine.runtime.training.loop.LOOK_S", 0.0)
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
    whole = train(make(), tmp_path / "whole").folder
    steps = checkpoint.steps(whole / "checkpoints")
    assert len(steps) > 4
    for step in steps[1:]:
        run = tmp_path / f"run{step}"
        shutil.copytree(whole, run)
        for later in steps:
            if later > step:
                shutil.rmtree(run / "checkpoints" / str(later))
        assert resume(run).reason == "completed"
        assert (run / "losses.txt").read_text() == (whole / "losses.txt").read_text()
        ours, theirs = (checkpoint.newest(each / "checkpoints").weights for each in (run, whole))
        assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


@EITHER
def test_evaluation_draws_what_validation_drew(make: Make, tmp_path: Path) -> None:
    events = EventLog()
    run = train(make(), tmp_path / "run", events).folder
    last = events.of(EpochDone)[-1].metrics

    for _ in range(2):
        torch.randn(3)  # whatever came before
        metrics = evaluate(run, which="last")
        assert metrics == {name[4:]: value for name, value in last.items() if name.startswith("val_")}


def test_validation_changes_nothing_of_the_training(tmp_path: Path) -> None:
    with_part, without = noisy(), noisy()
    without.data = replace(without.data, split=replace(without.data.split, validation=0.0, test=0.4))
    with_part.data = replace(with_part.data, split=replace(with_part.data.split, validation=0.2, test=0.2))
    runs = [train(project, tmp_path / name).folder for project, name in ((with_part, "a"), (without, "b"))]

    assert (runs[0] / "losses.txt").read_text() == (runs[1] / "losses.txt").read_text()


def test_every_epoch_draws_other_numbers_in_evaluation_and_each_again_the_same() -> None:
    def draws(seed: int, epoch: int) -> torch.Tensor:
        with evaluation_draws(seed, epoch, CPU):
            return torch.randn(4)

    torch.manual_seed(0)
    expected = torch.randn(5)
    torch.manual_seed(0)
    first = torch.randn(2)
    assert torch.equal(draws(1, 2), draws(1, 2))
    assert not torch.equal(draws(1, 2), draws(1, 3))
    assert not torch.equal(draws(1, 2), draws(2, 2))
    assert torch.equal(torch.cat([first, torch.randn(3)]), expected)


def test_a_network_without_any_field_trains_on_as_many_samples_as_a_batch_has(tmp_path: Path, monkeypatch) -> None:
    project = noisy()
    project.graphs["Net"] = graph(
        {
            "noise": node("randn", shape=(4,)),
            "fc": node("Linear", out_features=4),
            "goal": node("full_like", fill_value=0.5),
            "loss": "MSELoss",
            "clean": "Output",
        },
        "noise > fc", "fc > goal", "fc > loss", "goal > loss.target", "fc > clean",
    )  # fmt: skip
    events = EventLog()
    run = train(project, tmp_path / "run", events).folder
    losses = tmp_path / "losses.txt"
    run_script(run, monkeypatch, "--losses", str(losses), "--weights", str(tmp_path / "best.safetensors"))

    assert losses.read_text() == (run / "losses.txt").read_text()
    assert events.of(EpochDone)[0].metrics.keys() == {"train_loss", "val_loss"}


def differentiating() -> Project:
    """A network of flowers that draws as many numbers as requested, and also outputs the gradient of its score."""
    project = noisy(epochs=1)
    project.graphs["Net"] = graph(
        {
            "features": "Input",
            "noise": node("rand", shape=(4,)),
            "add": "add",
            "fc": node("Linear", out_features=4),
            "tanh": "Tanh",
            "slope": "grad",
            "loss": "MSELoss",
            "clean": "Output",
            "steepness": "Output",
        },
        "features > add", "noise > add.other", "add > fc", "fc > tanh", "tanh > slope.outputs", "add > slope.inputs",
        "tanh > loss", "features > loss.target", "tanh > clean", "slope > steepness",
    )  # fmt: skip
    return project


@pytest.mark.parametrize("make", [noisy, differentiating])
def test_a_network_that_draws_or_differentiates_is_asked_alike_again_and_again(
    make: Make, tmp_path: Path, monkeypatch
) -> None:
    run = train(make(epochs=1) if make is noisy else make(), tmp_path / "run").folder
    export_run(run, "code", tmp_path / "out")
    np.savez(tmp_path / "new.npz", features=np.float32([[5.1, 3.5, 1.4, 0.2], [6.1, 2.8, 4.7, 1.2]]))
    printed = [run_script(tmp_path / "out", monkeypatch, str(tmp_path / "new.npz"), name="predict.py") for _ in "ab"]
    answers = [[answer.text() for answer in predict(run, tmp_path / "new.npz")] for _ in "ab"]

    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) == 2
    assert answers[0] == answers[1]
    assert_readable(tmp_path / "out")


def test_a_layer_without_a_second_gradient_is_a_problem(tmp_path: Path) -> None:
    project = noisy(epochs=1)
    project.graphs["Net"] = graph(
        {
            "features": "Input",
            "steps": node("unsqueeze", dim=2),
            "wide": node("Linear", out_features=4),
            "attention": node("MultiheadAttention", num_heads=2, batch_first=True, need_weights=False),
            "slope": "grad",
            "loss": "MSELoss",
            "goal": node("full_like", fill_value=1.0),
        },
        "features > steps", "steps > wide", "wide > attention.query", "wide > attention.key", "wide > attention.value",
        "attention.attn_output > slope.outputs", "wide > slope.inputs", "slope > goal", "slope > loss",
        "goal > loss.target",
    )  # fmt: skip
    events = EventLog()
    assert train(project, tmp_path / "run", events).reason == "failed"
    (problem,) = events.of(Problem)

    assert (problem.code, problem.node) == ("R033", "slope")
    assert problem.message.startswith("slope needs the gradient of a gradient, which torch does not have for a layer:")
    assert "need_weights" in problem.hint
