import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import RunProblem
from engine.graph.model import Data, EarlyStop, Part, Project, SchedulePart
from engine.runs.events import EpochDone, Finished, Resumed, StepDone
from engine.runs.tail import read_events
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from tests.training import EventLog, template, train

EVERYTHING = {
    "optimizer": Part("Adam", {"lr": 0.01, "amsgrad": True}),
    "schedule": SchedulePart("OneCycleLR", {"max_lr": 0.02}),
    "l1": 1e-5,
    "early_stop": EarlyStop("val_loss", 3, 0.001),
}


def dropping() -> Project:
    """A project whose every step draws random numbers: dropout and augmentation."""
    project = template("digits-mlp", epochs=3, batch_size=200, **EVERYTHING)
    project.data = replace(project.data, transforms=(Part("RandomShift", {"field": "image"}),))
    return project


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after each step, and all of them kept."""
    for name in ("LOOK_S", "SAVE_S"):
        monkeypatch.setattr(f"engine.runtime.training.loop.{name}", 0.0)
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)


def cut_to(run: Path, step: int, place: Path) -> Path:
    """A copy of the run whose newest checkpoint is of that step."""
    shutil.copytree(run, place)
    for other in checkpoint.steps(place / "checkpoints"):
        if other > step:
            shutil.rmtree(place / "checkpoints" / str(other))
    return place


def values(run: Path) -> list[object]:
    """Everything in the events that training decides."""
    states = []
    for event in read_events(run / "events.jsonl"):
        if isinstance(event, EpochDone):
            states.append((event.epoch, event.metrics, event.step))
        if isinstance(event, Finished):
            states.append((event.reason, event.epochs, event.metrics, event.best, event.best_epoch, event.step))
    return states


def event_losses(run: Path) -> list[str]:
    """The losses by the events, which must be those of the file."""
    steps: dict[int, float] = {}
    for event in read_events(run / "events.jsonl"):
        if isinstance(event, StepDone):
            steps |= dict(enumerate(event.losses, event.first_step))
    assert list(steps) == list(range(1, len(steps) + 1))
    return [loss.hex() for loss in steps.values()]


def last_weights(run: Path) -> dict[str, torch.Tensor]:
    return checkpoint.newest(run / "checkpoints").weights


def assert_alike(run: Path, whole: Path) -> None:
    assert (run / "losses.txt").read_text() == (whole / "losses.txt").read_text()
    assert event_losses(run) == (run / "losses.txt").read_text().split()
    assert values(run) == values(whole)
    weights, expected = last_weights(run), last_weights(whole)
    assert all(torch.equal(weights[name], expected[name]) for name in expected)


NEW_STATE = {
    "MultiStepLR": {"milestones": (2, 4)},
    "CyclicLR": {"base_lr": 0.001, "max_lr": 0.1, "step_size_up": 2},
    "CosineAnnealingWarmRestarts": {"T_0": 2, "T_mult": 2},
}
"""Schedules that keep counts and turning points."""


def projects() -> Iterator[tuple[str, Project]]:
    yield "dropping", dropping()
    yield (
        "plateau",
        template("diabetes-mlp", batch_size=150, schedule=SchedulePart("ReduceLROnPlateau", {"patience": 0})),
    )
    yield "batch-norm", template("digits-cnn", batch_size=600)
    yield "momentum", template("iris-mlp", batch_size=50, optimizer=Part("SGD", {"lr": 0.1, "momentum": 0.9}))
    yield "rmsprop", template("iris-mlp", batch_size=50, optimizer=Part("RMSprop", {"momentum": 0.5, "centered": True}))
    yield "adagrad", template("iris-mlp", batch_size=50, optimizer=Part("Adagrad", {}))
    for kind, params in NEW_STATE.items():
        schedule = SchedulePart(kind, params, every="step")
        optimizer = Part("NAdam", {"lr": 0.01}) if kind == "CyclicLR" else Part("Adafactor", {"lr": 0.01})
        yield kind, template("iris-mlp", batch_size=50, epochs=3, schedule=schedule, optimizer=optimizer)
    yield "repeated-blocks", template("digits-transformer", batch_size=700)


@pytest.mark.parametrize(
    ("name", "project"), list(projects()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_from_every_checkpoint_a_run_ends_alike(name: str, project: Project, tmp_path: Path, every_step: None) -> None:
    whole = train(project, tmp_path / "whole").folder
    steps = checkpoint.steps(whole / "checkpoints")
    assert len(steps) == len((whole / "losses.txt").read_text().split()) + 1
    for step in steps:
        run = cut_to(whole, step, tmp_path / f"from-{step}")
        outcome = resume(run)
        assert outcome.reason == "completed"
        assert_alike(run, whole)


def test_a_run_without_extra_looks_resumes_like_one_with(tmp_path: Path, monkeypatch) -> None:
    plain = train(dropping(), tmp_path / "plain").folder
    first = checkpoint.steps(plain / "checkpoints")[1]
    run = cut_to(plain, first, tmp_path / "run")
    resume(run)
    assert_alike(run, plain)


def test_what_was_written_after_the_checkpoint_is_cut_off_torn_lines_too(tmp_path: Path, every_step: None) -> None:
    whole = train(dropping(), tmp_path / "whole").folder
    run = cut_to(whole, 7, tmp_path / "run")
    with (run / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "StepDo')
    events = EventLog()
    resume(run, events)
    assert isinstance(events.events[0], Resumed)
    assert events.events[0].step == 7
    assert events.events[0].differences == ()
    assert_alike(run, whole)
    assert sum(isinstance(event, Finished) for event in read_events(run / "events.jsonl")) == 1


def test_a_finished_run_goes_on_to_more_epochs(tmp_path: Path) -> None:
    long = train(template("iris-mlp", epochs=6), tmp_path / "long").folder
    short = train(template("iris-mlp", epochs=3), tmp_path / "short").folder
    outcome = resume(short, epochs=6)
    assert outcome.epochs == 6
    schedule = template("iris-mlp").training.schedule
    if schedule is None:
        assert (short / "losses.txt").read_text() == (long / "losses.txt").read_text()


def test_fewer_epochs_than_are_done_are_refused(tmp_path: Path) -> None:
    run = train(template("iris-mlp", epochs=3), tmp_path / "run").folder
    before = (run / "events.jsonl").read_bytes()
    with pytest.raises(RunProblem, match="has gone beyond 2 epochs already"):
        resume(run, epochs=2)
    assert (run / "events.jsonl").read_bytes() == before


def test_another_model_is_refused(tmp_path: Path) -> None:
    run = train(template("iris-mlp"), tmp_path / "run").folder
    with (run / "model.py").open("a") as file:
        file.write("print('hello')\n")
    with pytest.raises(RunProblem, match="was changed after the run began"):
        resume(run)


def test_other_data_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text("a,kind\n" + "".join(f"{row},{'yes' if row % 2 else 'no'}\n" for row in range(40)))
    project = template("iris-mlp")
    project.graphs["Net"].nodes["head"].params["out_features"] = 2
    project.data = Data("Csv", {"path": "own.csv", "target": "kind"})
    run = train(project, tmp_path / "run").folder
    table.write_text(table.read_text() + "40,no\n")
    with pytest.raises(RunProblem, match=r"own.csv has changed since the run began"):
        resume(run)


def test_another_version_is_recorded(tmp_path: Path) -> None:
    run = train(template("iris-mlp"), tmp_path / "run").folder
    newest = run / "checkpoints" / str(checkpoint.steps(run / "checkpoints")[0]) / "manifest.json"
    manifest = json.loads(newest.read_text())
    manifest["facts"]["versions"]["torch"] = "2.6.0"
    newest.write_text(json.dumps(manifest))
    events = EventLog()
    resume(run, events, epochs=3)
    assert events.of(Resumed)[0].differences == (f"torch was 2.6.0, and is {torch.__version__} now.",)


def test_a_run_that_is_being_trained_is_left_alone(tmp_path: Path) -> None:
    from engine.runs.folder import RunFolder

    run = train(template("iris-mlp"), tmp_path / "run").folder
    with RunFolder(run).hold(), pytest.raises(RunProblem, match="is being trained already"):
        resume(run)


def test_a_run_whose_project_is_of_version_1_goes_on_as_before(tmp_path: Path) -> None:
    whole = train(dropping(), tmp_path / "whole").folder
    run = cut_to(whole, checkpoint.steps(whole / "checkpoints")[-2], tmp_path / "run")
    raw = json.loads((run / "project.loom").read_text())
    del raw["data"]["kind"]  # which meant Digits
    (run / "project.loom").write_text(json.dumps(raw | {"version": 1}))
    resume(run)
    assert_alike(run, whole)
    assert evaluate(run) == evaluate(whole)
