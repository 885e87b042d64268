"""Runs that are cut off, resumed and repeated: checks that the results are the same bit for bit."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from engine.runs.events import EpochDone, StepDone
from engine.runs.folder import RunFolder
from engine.runs.tail import read_events
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.trained_network import chosen_checkpoint
from engine.runtime.checkpoints import checkpoint
from tests.training import run_script


def cut_to(run: Path, step: int, place: Path) -> Path:
    """A copy of the run as it was when it was killed soon after that step."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(run, place)
    for other in checkpoint.steps(place / "checkpoints"):
        if other > step:
            shutil.rmtree(place / "checkpoints" / str(other))
    return place


def weights(run: Path, step: int | None = None) -> dict[str, torch.Tensor]:
    generations = run / "checkpoints"
    return (checkpoint.newest(generations) if step is None else checkpoint.read(generations / str(step))).weights


def progress_of(run: Path) -> list[Any]:
    """The steps and the epochs in the events, however many steps each event has."""
    steps: dict[int, Any] = {}
    epochs = []
    for event in read_events(run / "events.jsonl"):
        if isinstance(event, StepDone):
            for place, loss in enumerate(event.losses):
                own = {name: values[place] for name, values in event.phases.items()}
                steps[event.first_step + place] = (loss.hex(), own)
        if isinstance(event, EpochDone):
            epochs.append((event.epoch, repr(event.metrics), event.step))
    assert list(steps) == list(range(1, len(steps) + 1))
    return [*steps.values(), *epochs]


def assert_alike(run: Path, whole: Path) -> None:
    assert (run / "losses.txt").read_text() == (whole / "losses.txt").read_text()
    assert progress_of(run) == progress_of(whole)
    expected = weights(whole)
    assert all(torch.equal(value, expected[name]) for name, value in weights(run).items())


def repeated(run: Path, place: Path, patch: pytest.MonkeyPatch) -> None:
    """The folder's program and the exported one give the run's losses, its metrics and its best weights."""
    shutil.rmtree(place, ignore_errors=True)
    export_run(run, "code", place)
    best = chosen_checkpoint(RunFolder(run), "best").weights
    for folder in (run, place):
        losses, saved = place / "losses.txt", place / "best.safetensors"
        printed = run_script(folder, patch, "--losses", str(losses), "--weights", str(saved))
        assert losses.read_text() == (run / "losses.txt").read_text()
        for event in read_events(run / "events.jsonl"):
            if isinstance(event, EpochDone):
                line = "  ".join(f"{name} {value:.4f}" for name, value in event.metrics.items())
                assert f"epoch {event.epoch}/" in printed
                assert line in printed
        read_weights = load_file(saved)
        assert read_weights.keys() == best.keys()
        assert all(torch.equal(read_weights[name], best[name]) for name in best)
