"""Pictures of samples at the ends of epochs: in the folder, in the events, and without a trace in the training."""

import io
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.graph.model import End, Part, Wire
from engine.runs.events import Samples
from engine.runs.pictures import MAX_KEPT, kept_epochs, picture_name, pictures_to_delete
from engine.runs.tail import read_events
from engine.runtime.after_training.generate import generate
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from tests.samplers import noisy, sampler
from tests.training import EventLog, train


def pictures(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (run / "samples").glob("*")}


def events(run: Path) -> list[Samples]:
    return [replace_time(event) for event in read_events(run / "events.jsonl") if isinstance(event, Samples)]


def replace_time(event: Samples) -> Samples:
    return Samples(event.epoch, event.node, event.path)


def test_every_epoch_has_a_picture_of_the_same_noise(tmp_path: Path) -> None:
    events = EventLog()
    run = train(sampler(epochs=3), tmp_path / "run", events).folder
    samples = events.of(Samples)
    images = [np.asarray(Image.open(io.BytesIO((run / event.path).read_bytes()))) for event in samples]

    assert [(event.epoch, event.node, event.path) for event in samples] == [
        (epoch, "samples", f"samples/epoch-{epoch}.png") for epoch in (1, 2, 3)
    ]
    assert all(image.shape == (82, 82) for image in images)
    assert not np.array_equal(images[0], images[1])
    generate(run, tmp_path / "last.png", which="last", seed=0)
    assert (tmp_path / "last.png").read_bytes() == (run / samples[-1].path).read_bytes()


def test_the_training_is_the_same_with_and_without_pictures(tmp_path: Path) -> None:
    with_pictures, without = sampler(), replace(sampler(), generation=None)
    runs = [train(project, tmp_path / name).folder for project, name in ((with_pictures, "a"), (without, "b"))]
    ours, theirs = (checkpoint.newest(run / "checkpoints").weights for run in runs)

    assert (runs[0] / "losses.txt").read_text() == (runs[1] / "losses.txt").read_text()
    assert all((value == theirs[name]).all() for name, value in ours.items())
    assert pictures(runs[0])
    assert not (runs[1] / "samples").exists()


def test_a_resumed_run_has_the_pictures_of_one_that_was_never_interrupted(tmp_path: Path) -> None:
    whole = train(sampler(epochs=4), tmp_path / "whole").folder
    run = train(sampler(epochs=2), tmp_path / "run").folder
    shutil.copy(run / "samples" / "epoch-1.png", run / "samples" / "epoch-3.png")  # of a process that was killed
    shutil.copy(run / "samples" / "epoch-1.png", run / "samples" / "epoch-9.png")
    resume(run, epochs=4)

    assert pictures(run) == pictures(whole)
    assert events(run) == events(whole)


def test_what_generates_nothing_has_no_picture(tmp_path: Path) -> None:
    project = replace(noisy(epochs=1), generation=None)
    events = EventLog()
    run = train(project, tmp_path / "run", events).folder
    assert events.of(Samples) == []
    assert not (run / "samples").exists()


def test_numbers_that_are_generated_have_no_picture(tmp_path: Path) -> None:
    project = sampler(epochs=1)
    generator = project.graphs["Generator"]
    generator.wires = [wire for wire in generator.wires if "image" not in (wire.source.node, wire.target.node)]
    del generator.nodes["image"]
    generator.wires.append(Wire(End("squash", "output"), End("y", "input")))
    project.generation = Part("FromNoise")
    main = project.graphs["Net"]
    main.wires = [wire for wire in main.wires if wire.target.node not in ("real", "fake")]
    for name in ("share", "rest", "more", "real", "fake", "mixed", "judged", "slope", "steepness", "one", "penalty"):
        del main.nodes[name]
    main.wires = [wire for wire in main.wires if {wire.source.node, wire.target.node} <= main.nodes.keys()]
    phases = tuple(
        replace(each, losses=tuple(name for name in each.losses if name != "penalty"))
        for each in project.training.phases
    )
    project.training = replace(project.training, phases=phases)
    events = EventLog()
    run = train(project, tmp_path / "run", events).folder

    assert events.of(Samples) == []
    assert not (run / "samples").exists()


@given(st.integers(1, 5000))
def test_few_pictures_are_kept_evenly_and_always_the_last(last: int) -> None:
    epochs = sorted(kept_epochs(last))

    assert epochs[-1] == last
    assert len(epochs) <= MAX_KEPT + 1
    assert last < 2 * MAX_KEPT or len(epochs) > MAX_KEPT // 2
    assert len({after - before for before, after in pairwise(epochs[:-1])}) <= 1
    assert kept_epochs(last + 1) - {last + 1} <= kept_epochs(last)


def test_pictures_that_are_not_kept_are_named(tmp_path: Path) -> None:
    for epoch in (1, 2, 3, 70):
        (tmp_path / picture_name(epoch)).write_bytes(b"")
    (tmp_path / "mine.png").write_bytes(b"")

    assert {path.name for path in pictures_to_delete(tmp_path, 70)} == {"epoch-1.png", "epoch-3.png"}
    assert {path.name for path in pictures_to_delete(tmp_path, 2)} == {"epoch-3.png", "epoch-70.png"}
    assert pictures_to_delete(tmp_path / "none", 2) == []
