"""What is recorded of the best epoch, and of the samples with the worst answers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RunProblem
from engine.graph.model import EarlyStop
from engine.runs.events import Confusion, EpochDone, Predictions
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.training import loop
from engine.runtime.worst_samples import NONE, Worst, errors
from tests.runtime.training.test_train import EventLog, template, train


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(2, 7), st.integers(1, 9), st.integers(1, 50))
def test_the_worst_are_the_same_however_the_part_is_cut_into_batches(seed, rows, classes, size, count) -> None:
    random = torch.Generator().manual_seed(seed)
    scores = torch.randn(rows, classes, generator=random)
    truth = torch.randint(0, classes, (rows,), generator=random)
    worst = Worst(count, is_class=True)
    for first in range(0, rows, size):
        worst.add(first, scores[first : first + size], truth[first : first + size])
    places, scores_of_worst, true = worst.result()
    wrong = (scores.argmax(1) != truth).nonzero().flatten().tolist()
    problems = errors(scores, truth, is_class=True)
    assert set(places) <= set(wrong)
    assert len(places) == min(count, len(wrong))
    assert sorted(problems[places].tolist(), reverse=True) == problems[places].tolist()
    assert set(problems[wrong].topk(len(places)).values.tolist()) == set(problems[places].tolist())
    assert torch.equal(scores_of_worst, scores[places])
    assert torch.equal(true, truth[places])


def test_a_sample_of_no_class_is_no_mistake_and_a_distance_is_a_mean() -> None:
    scores = torch.tensor([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
    assert errors(scores, torch.tensor([-100, 1, 1]), is_class=True).tolist() == [
        NONE,
        pytest.approx(1, abs=1e-3),
        NONE,
    ]
    far = errors(torch.tensor([[1.0, 3.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [0.0, 0.0]]), is_class=False)
    assert far.tolist() == [2.0, 0.0]
    assert errors(torch.tensor([[3.0]]), torch.tensor([1.0]), is_class=False).tolist() == [2.0]


def test_mistakes_come_first_among_the_samples_that_are_shown(tmp_path: Path) -> None:
    events = EventLog()
    outcome = train(template("digits-mlp", epochs=2), tmp_path / "run", events)
    event = events.of(Predictions)[-1]
    is_right = [
        max(range(10), key=row.__getitem__) == true for row, true in zip(event.scores, event.truth, strict=True)
    ]
    count = round((1 - outcome.metrics["val_accuracy"]) * 359)
    assert is_right == sorted(is_right)
    assert is_right.count(False) >= min(16, count)
    assert len(set(event.indices)) == len(event.indices) >= 8


def test_the_largest_errors_come_first_for_numbers(tmp_path: Path) -> None:
    events = EventLog()
    train(template("diabetes-mlp", epochs=1), tmp_path / "run", events)
    event = events.of(Predictions)[-1]
    far = [
        abs(score[0] - (true if isinstance(true, float) else true[0]))
        for score, true in zip(event.scores, event.truth, strict=True)
    ]
    assert far[:16] == sorted(far[:16], reverse=True)
    assert max(far[16:], default=0.0) <= far[15]


@pytest.mark.parametrize("stop", ["completed", "early"])
def test_the_best_epoch_and_the_last_are_recorded_however_fast_epochs_are(tmp_path: Path, monkeypatch, stop) -> None:
    monkeypatch.setattr(loop, "VIEW_S", 3600.0)  # but the first epoch, none is looked at in passing
    project = template("iris-mlp", epochs=30)
    if stop == "early":
        project.training = replace(project.training, epochs=500, early_stop=EarlyStop("val_loss", 2, 0.0))
    events = EventLog()
    outcome = train(project, tmp_path / "run", events)
    for kind in (Confusion, Predictions):
        epochs = [event.epoch for event in events.of(kind)]
        assert {outcome.best_epoch, outcome.epochs} <= set(epochs)
    best = next(event for event in reversed(events.of(Confusion)) if event.epoch == outcome.best_epoch)
    rows = sum(map(sum, best.matrix))
    right = sum(best.matrix[at][at] for at in range(3)) / rows
    assert right == pytest.approx(outcome.best["val_accuracy"])
    assert right == pytest.approx(evaluate(tmp_path / "run", which="best", device="cpu")["accuracy"])


def test_the_look_at_the_best_epoch_changes_no_bit_of_the_run(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(loop, "VIEW_S", 3600.0)
    looked = train(template("iris-mlp", epochs=12), tmp_path / "a")
    monkeypatch.setattr(loop.Loop, "_view_rest", lambda _: None)
    plain = train(template("iris-mlp", epochs=12), tmp_path / "b")
    for name in ("losses.txt", "checkpoints/36/weights.safetensors"):
        one, other = (each.folder / name for each in (looked, plain))
        if one.exists():
            assert one.read_bytes() == other.read_bytes()
    assert (looked.folder / "losses.txt").read_bytes() == (plain.folder / "losses.txt").read_bytes()
    last = [json.loads((each.folder / "events.jsonl").read_text().splitlines()[-1]) for each in (looked, plain)]
    assert last[0]["metrics"] == last[1]["metrics"]


def test_a_best_checkpoint_that_is_gone_costs_its_view_alone(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(loop, "VIEW_S", 3600.0)
    monkeypatch.setattr("engine.runtime.training.earlier_weights.checkpoint.read_weights", refuse)
    events = EventLog()
    outcome = train(template("iris-mlp", epochs=6), tmp_path / "run", events)
    assert outcome.reason == "completed"
    assert outcome.epochs == len(events.of(EpochDone)) == 6


def refuse(place: Path) -> None:
    raise RunProblem(f"{place} is gone.")
