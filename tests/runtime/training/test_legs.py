"""A run with a later end: its schedule, its legs, and the script that repeats all of them."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.codegen.scripts.run_length import Leg, RunLength, ScheduleMode
from engine.errors import RunProblem
from engine.graph.model import EarlyStop, Project, SchedulePart
from engine.runs.events import EpochDone, Resumed, StepDone
from engine.runs.folder import RunFolder
from engine.runs.tail import read_events
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.trained_network import chosen_checkpoint
from engine.runtime.checkpoints import checkpoint
from engine.runtime.checkpoints.run_length import extended_length
from engine.runtime.training.train import resume
from tests.training import EventLog, run_script, template, train

COVERING = [
    SchedulePart("CosineAnnealingLR", {"eta_min": 1e-5}),
    SchedulePart("CosineAnnealingLR", {}, every="step"),
    SchedulePart("OneCycleLR", {"max_lr": 0.02}),
    SchedulePart("OneCycleLR", {"max_lr": 0.02, "three_phase": True}, every="epoch"),
    SchedulePart("LinearLR", {"total_iters": None}, steps=2, then=(SchedulePart("CosineAnnealingLR"),)),
    SchedulePart(
        "ExponentialLR", {"gamma": 0.5}, epochs=1, then=(SchedulePart("PolynomialLR", {"total_iters": None}),)
    ),
]
OTHERS = [
    None,
    SchedulePart("StepLR", {"step_size": 1}),
    SchedulePart("ExponentialLR", {}),
    SchedulePart("ReduceLROnPlateau", {"patience": 0}),
    SchedulePart("CosineAnnealingLR", {"T_max": 3}),
    SchedulePart("OneCycleLR", {"max_lr": 0.02, "total_steps": 500}),
]


def schedule_name(part: SchedulePart | None) -> str:
    return (
        f"{part.kind}-{part.every}-{'-'.join(part.params)}-{len(part.then)}"
        if isinstance(part, SchedulePart)
        else str(part)
    )


def short(schedule: SchedulePart | None, epochs: int = 2, **training: object) -> Project:
    """Three steps an epoch."""
    return template("iris-mlp", epochs=epochs, batch_size=48, schedule=schedule, **training)


def rates(run: Path) -> list[float]:
    """The learning rate after each step, or, of the last of an epoch, after the epoch."""
    return [event.lr for event in read_events(run / "events.jsonl") if isinstance(event, StepDone)]


def same_by_script(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both the folder's script and the exported one give the run's losses and its best weights."""
    expected = (run / "losses.txt").read_text()
    export_run(run, "code", tmp_path / "out")
    for folder in (run, tmp_path / "out"):
        losses, weights = tmp_path / "losses.txt", tmp_path / "best.safetensors"
        run_script(folder, monkeypatch, "--losses", str(losses), "--weights", str(weights))
        assert losses.read_text() == expected
        best, saved = chosen_checkpoint(RunFolder(run), "best").weights, load_file(weights)
        assert all(torch.equal(saved[name], best[name]) for name in best)


@pytest.mark.parametrize("way", ["restart", "stretch"])
@pytest.mark.parametrize("schedule", COVERING, ids=schedule_name)
def test_a_script_repeats_all_legs_of_a_run(schedule, way: ScheduleMode, tmp_path: Path, monkeypatch) -> None:
    run = train(short(schedule), tmp_path / "run").folder
    events = EventLog()
    for epochs in (5, 6):
        resume(run, events, epochs=epochs, schedule=way)
    assert [(event.schedule, event.legs) for event in events.of(Resumed)] == [(way, (2, 5)), (way, (2, 5, 6))]
    metadata = checkpoint.newest(run / "checkpoints").metadata
    assert [leg["end"] for leg in metadata["legs"]] == [2, 5, 6]
    same_by_script(run, tmp_path, monkeypatch)


@pytest.mark.parametrize("schedule", OTHERS, ids=schedule_name)
def test_a_schedule_that_does_not_cover_the_run_goes_on_as_if_the_end_had_been_planned(
    schedule, tmp_path: Path, monkeypatch
) -> None:
    long = train(short(schedule, epochs=5), tmp_path / "long").folder
    run = train(short(schedule, epochs=2), tmp_path / "run").folder
    events = EventLog()
    resume(run, events, epochs=5)
    assert events.of(Resumed)[0].schedule == ""
    assert (run / "losses.txt").read_text() == (long / "losses.txt").read_text()
    same_by_script(run, tmp_path, monkeypatch)


@pytest.mark.parametrize("schedule", COVERING, ids=schedule_name)
def test_restarted_the_rate_is_that_of_a_run_over_the_added_epochs(schedule, tmp_path: Path, every_step) -> None:
    run = train(short(schedule, epochs=2), tmp_path / "run").folder
    resume(run, epochs=5)
    alone = train(short(schedule, epochs=3), tmp_path / "alone").folder
    assert rates(run)[6:] == rates(alone)
    assert len(set(rates(alone))) > 2


@pytest.mark.parametrize("schedule", COVERING, ids=schedule_name)
def test_stretched_the_rate_is_that_of_a_run_planned_so_long(schedule, tmp_path: Path, every_step) -> None:
    run = train(short(schedule, epochs=2), tmp_path / "run").folder
    resume(run, epochs=5, schedule="stretch")
    long = train(short(schedule, epochs=5), tmp_path / "long").folder
    assert rates(run)[6:] == rates(long)[6:]


@pytest.mark.parametrize("way", ["restart", "stretch"])
@pytest.mark.parametrize("schedule", COVERING, ids=schedule_name)
def test_stopped_anywhere_a_run_is_lengthened_and_repeated(
    schedule, way: ScheduleMode, tmp_path: Path, monkeypatch, every_step, full: bool
) -> None:
    """In the middle of an epoch too; and killed in any leg, it ends alike."""
    whole = train(short(schedule, epochs=2), tmp_path / "whole").folder
    for step in (0, 2, 3, 5) if full else (2,):
        run = cut_to(whole, step, tmp_path / f"from-{step}")
        resume(run, epochs=4, schedule=way)
        same_by_script(run, tmp_path / f"by-{step}", monkeypatch)
        for later in {step, step + 1, 6, 7, 11} if full else (step, 7):
            killed = cut_to(run, later, tmp_path / f"{step}-{later}")
            resume(killed)
            assert (killed / "losses.txt").read_text() == (run / "losses.txt").read_text()
            assert rates(killed) == rates(run)
            metadata = [checkpoint.newest(each / "checkpoints").metadata for each in (run, killed)]
            assert metadata[0]["legs"] == metadata[1]["legs"]


def cut_to(run: Path, step: int, place: Path) -> Path:
    """A copy of the run as it was when it was killed soon after that step: the events go on, no checkpoint does."""
    shutil.copytree(run, place)
    for other in checkpoint.steps(place / "checkpoints"):
        if other > step:
            shutil.rmtree(place / "checkpoints" / str(other))
    return place


def test_a_run_that_stopped_early_begins_its_next_leg_there(tmp_path: Path, monkeypatch) -> None:
    stop = EarlyStop("val_loss", 2, 1.0)
    run = train(short(SchedulePart("OneCycleLR", {"max_lr": 0.02}), epochs=9, early_stop=stop), tmp_path / "run").folder
    events = EventLog()
    assert resume(run, events, epochs=12).epochs == 5
    assert events.of(Resumed)[0].note == "Schedule restart: OneCycleLR begins again for epochs 4 to 12."
    assert resume(run, epochs=11).epochs == 7  # within what is planned: the same leg, and patience from there
    assert resume(run, epochs=8, schedule="stretch").epochs == 8
    same_by_script(run, tmp_path, monkeypatch)


def test_fewer_epochs_leave_the_schedule_as_planned_unless_it_is_stretched(
    tmp_path: Path, monkeypatch, every_step
) -> None:
    schedule = SchedulePart("CosineAnnealingLR", {}, every="step")
    whole = train(short(schedule, epochs=4), tmp_path / "whole").folder
    for way, expected in (
        (None, ""),
        ("stretch", "Schedule stretch: CosineAnnealingLR continues as if 3 epochs had been"),
    ):
        run = cut_to(whole, 4, tmp_path / str(way))
        events = EventLog()
        assert resume(run, events, epochs=3, schedule=way).epochs == 3
        assert events.of(Resumed)[0].note.startswith(expected)
        same = (run / "losses.txt").read_text() == "".join((whole / "losses.txt").read_text().splitlines(True)[:9])
        assert same == (way is None)
        same_by_script(run, tmp_path / f"by-{way}", monkeypatch)


NOTES: list[tuple[SchedulePart | None, int | None, ScheduleMode | None, str]] = [
    (COVERING[0], 4, None, "Schedule restart: CosineAnnealingLR begins again for epochs 3 to 4."),
    (COVERING[0], 3, "restart", "Schedule restart: CosineAnnealingLR begins again for epoch 3."),
    (COVERING[2], 4, "stretch", "Schedule stretch: OneCycleLR continues as if 4 epochs had been planned."),
    (COVERING[2], None, "stretch", "--schedule stretch changes nothing: OneCycleLR was planned for 2 epochs, and"),
    (OTHERS[1], 4, None, "Schedule: StepLR does not depend on the number of epochs."),
    (OTHERS[4], 4, "stretch", "--schedule stretch changes nothing: CosineAnnealingLR continues with T_max = 3."),
    (None, 4, None, ""),
    (None, 4, "restart", "--schedule restart changes nothing: the project has no schedule."),
]


@pytest.mark.parametrize(("schedule", "epochs", "way", "message"), NOTES, ids=[note[3] for note in NOTES])
def test_a_resumed_run_says_what_becomes_of_its_schedule(schedule, epochs, way, message: str, tmp_path: Path) -> None:
    run = train(short(schedule), tmp_path / "run").folder
    events = EventLog()
    resume(run, events, epochs=epochs, schedule=way)
    [event] = events.of(Resumed)
    assert event.note.startswith(message)
    assert bool(event.note) == bool(message)


def test_a_cycle_of_a_set_length_is_not_resumed_beyond_it(tmp_path: Path) -> None:
    run = train(short(SchedulePart("OneCycleLR", {"max_lr": 0.02, "total_steps": 10})), tmp_path / "run").folder
    before = (run / "events.jsonl").read_bytes()
    with pytest.raises(RunProblem, match="OneCycleLR ends after total_steps = 10, but the run takes 12"):
        resume(run, epochs=4)
    assert (run / "events.jsonl").read_bytes() == before
    assert resume(run, epochs=3).epochs == 3


def test_a_cycle_that_cannot_be_made_for_the_added_epochs_is_refused_before_anything_changes(tmp_path: Path) -> None:
    schedule = SchedulePart("OneCycleLR", {"max_lr": 0.02, "pct_start": 0.5}, every="epoch")
    run = train(short(schedule, epochs=3), tmp_path / "run").folder
    before = (run / "events.jsonl").read_bytes()
    with pytest.raises(RunProblem, match="OneCycleLR cannot be divided into phases over 2 moves"):
        resume(run, epochs=5)
    assert (run / "events.jsonl").read_bytes() == before
    assert resume(run, epochs=6).epochs == 6


def test_a_run_of_an_older_version_has_the_leg_that_its_project_plans(tmp_path: Path, every_step) -> None:
    run = train(short(COVERING[2]), tmp_path / "run").folder
    alike = train(short(COVERING[2]), tmp_path / "alike").folder
    resume(alike, epochs=4)
    forget(run)
    resume(run, epochs=4)
    assert (run / "losses.txt").read_text() == (alike / "losses.txt").read_text()


def forget(run: Path) -> None:
    """Turn every checkpoint into one of a version without legs and without hashes."""
    for manifest in (run / "checkpoints").glob("*/manifest.json"):
        whole = json.loads(manifest.read_text())
        metadata = whole["facts"]
        for name in ("legs", "went_on", "data_hash", "first_event"):
            del metadata[name]
        for name in ("events_sha256", "losses_sha256"):
            del metadata["offsets"][name]
        del whole["sha256"]
        manifest.write_text(json.dumps({**whole, "version": 1}))


def at(epoch: int, batch: int = 0, *, is_over: bool = False) -> dict:
    return {"step": 3 * epoch + batch, "epoch": epoch, "batch": batch, "is_over": is_over}


LENGTHS: list[tuple[RunLength, dict, int, ScheduleMode | None, tuple[Leg, ...]]] = [
    (RunLength.planned(20), at(20), 40, None, (Leg(20), Leg(40, 20))),
    (RunLength.planned(20), at(10, 1), 40, None, (Leg(20), Leg(40, 20))),
    (RunLength.planned(20), at(10, 1), 40, "stretch", (Leg(20), Leg(40, 10, 1, "stretch"))),
    (RunLength.planned(20), at(12, is_over=True), 40, None, (Leg(20), Leg(40, 12))),
    (RunLength.planned(20), at(12), 15, None, (Leg(20),)),
    (RunLength(40, (Leg(20), Leg(40, 20))), at(10), 60, None, (Leg(20), Leg(40, 20), Leg(60, 40))),
    (RunLength(40, (Leg(20), Leg(40, 20))), at(10), 60, "stretch", (Leg(20), Leg(60, 10, 0, "stretch"))),
    (RunLength.planned(20), at(0), 40, "stretch", (Leg(40, 0, 0, "stretch"),)),
    (RunLength(40, (Leg(20),)), at(30, 2), 40, None, (Leg(20), Leg(40, 31))),
]


@pytest.mark.parametrize(("length", "position", "epochs", "way", "legs"), LENGTHS)
def test_the_legs_of_a_run_that_gets_a_new_end(length, position, epochs: int, way, legs) -> None:
    now = extended_length(length, position, epochs, way)
    assert now.legs == legs
    assert now.epochs == epochs
    assert all((one.epoch, one.batch) < (other.epoch, other.batch) for one, other in pairwise(now.legs))
    assert now.went_on == ((position["epoch"],) if position["is_over"] else ())


def test_epochs_of_later_legs_have_one_event(tmp_path: Path) -> None:
    run = train(short(COVERING[1]), tmp_path / "run").folder
    resume(run, epochs=4)
    epochs_done = [event.epoch for event in read_events(run / "events.jsonl") if isinstance(event, EpochDone)]
    assert epochs_done == [1, 2, 3, 4]
