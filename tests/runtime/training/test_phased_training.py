"""Training in phases: what each learns, how a run goes on exactly, and the program that repeats it."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st

from engine.graph.model import Clip, EarlyStop, End, Node, Part, Phase, Project, SchedulePart, Split, Wire
from engine.graph.phases import effective_phases
from engine.runs.events import EpochDone, GradientNorms, Resumed, StepDone
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from tests.conftest import is_full
from tests.gan import CRITIC, GENERATOR, LOSSES, adversarial
from tests.repeating import assert_alike, cut_to, repeated, weights
from tests.training import EventLog, assert_readable, template, train

FEW = settings(
    max_examples=200 if is_full() else 4,
    phases=[Stage.explicit, Stage.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SCHEDULES = [
    None,
    SchedulePart("OneCycleLR", {"max_lr": 0.02, "cycle_momentum": False}),
    SchedulePart("CosineAnnealingLR", {}),
    SchedulePart("CosineAnnealingLR", {}, every="step"),
    SchedulePart("StepLR", {"step_size": 2}, every="step"),
    SchedulePart("ExponentialLR", {"gamma": 0.5}),
    SchedulePart("ReduceLROnPlateau", {"patience": 0}),
    SchedulePart("LinearLR", {"total_iters": None}, steps=2, then=(SchedulePart("CosineAnnealingLR"),)),
    SchedulePart("ConstantLR", {}, epochs=1, then=(SchedulePart("StepLR", {"step_size": 1}),)),
]
OPTIMIZERS = [
    None,
    Part("SGD", {"lr": 0.1, "momentum": 0.9}),
    Part("Adam", {"lr": 0.01, "amsgrad": True}),
    Part("RMSprop", {}),
]


@st.composite
def phases(draw: st.DrawFn) -> tuple[Phase, ...]:
    """One to three phases of the flowers, with any settings."""
    params = draw(
        st.sampled_from(
            [(CRITIC, GENERATOR), (GENERATOR, CRITIC), (CRITIC, GENERATOR, replace(GENERATOR, name="again"))]
        )
    )
    names = []
    for phase in params:
        first = draw(st.integers(1, 2))
        names.append(
            replace(
                phase,
                learns=draw(st.sampled_from([phase.learns, phase.learns, None])),
                optimizer=draw(st.sampled_from(OPTIMIZERS)),
                schedule=draw(st.sampled_from(SCHEDULES)),
                clip=draw(st.sampled_from([None, Clip("norm", 0.1), Clip("value", 0.01)])),
                l1=draw(st.sampled_from([None, 1e-3])),
                l2=draw(st.sampled_from([None, 1e-3])),
                times=draw(st.integers(1, 2)),
                every=draw(st.integers(1, 3)),
                epochs=draw(st.sampled_from([None, (first, 9)])),
                accumulate=draw(st.integers(1, 3)),
            )
        )
    return tuple(names)


@FEW
@given(data=st.data())
def test_any_phases_are_trained_resumed_and_repeated_bit_for_bit(data: st.DataObject, tmp_path_factory) -> None:
    tmp_path = tmp_path_factory.mktemp("phases")
    project = adversarial(data.draw(phases()), batch_size=30)
    assume(all(phase.learns for phase in effective_phases(project)))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LOOK_S", "SAVE_S"):
            patch.setattr(f"engine.runtime.training.loop.{name}", 0.0)
        patch.setattr(checkpoint, "prune", lambda *_: None)
        whole = train(project, tmp_path / "whole").folder
        for step in data.draw(
            st.sets(st.sampled_from(checkpoint.steps(whole / "checkpoints")), min_size=1, max_size=2)
        ):
            run = cut_to(whole, step, tmp_path / "run")
            assert resume(run).reason == "completed"
            assert_alike(run, whole)
        way = data.draw(st.sampled_from([None, "restart", "stretch"]))
        longer = cut_to(whole, data.draw(st.integers(0, 8)), tmp_path / "longer")
        resume(longer, epochs=4, schedule=way)
        repeated(longer, tmp_path / "out", patch)
        killed = cut_to(longer, data.draw(st.integers(0, 15)), tmp_path / "killed")
        resume(killed)
        assert_alike(killed, longer)


def test_a_phase_changes_only_what_it_learns(tmp_path: Path, every_step: None) -> None:
    critic, generator = replace(CRITIC, epochs=(1, 1)), replace(GENERATOR, epochs=(2, 2))
    run = train(adversarial((critic, generator), batch_size=40), tmp_path / "run").folder
    half, end = weights(run, 3), weights(run)
    first = weights(run, 0)
    changed = [
        {
            name
            for name in before
            if not torch.equal(before[name], after[name]) and "running" not in name and "num_" not in name
        }
        for before, after in ((first, half), (half, end))
    ]
    assert {name.partition(".")[0] for name in changed[0]} == {"critic"}
    assert {name.partition(".")[0] for name in changed[1]} == {"gen"}


def test_an_update_of_several_batches_is_one_of_a_large_batch(tmp_path: Path) -> None:
    def run(batch_size: int, accumulate: int) -> dict[str, torch.Tensor]:
        project = template("iris-mlp", batch_size=batch_size, optimizer=Part("SGD", {"lr": 0.1}), schedule=None)
        project.training = replace(project.training, phases=(Phase("all", ("loss",), accumulate=accumulate),))
        return weights(train(project, tmp_path / f"{accumulate}").folder)

    large, small = run(60, 1), run(15, 4)
    assert all(torch.allclose(large[name], small[name], atol=1e-6) for name in large)


def test_the_events_tell_the_losses_of_each_phase(tmp_path: Path) -> None:
    events = EventLog()
    train(adversarial((CRITIC, replace(GENERATOR, every=2))), tmp_path / "run", events)
    for event in events.of(StepDone):
        assert event.phases.keys() == {"critic", "generator"}
        for place, loss in enumerate(event.losses):
            own = [event.phases[name][place] for name in ("critic", "generator")]
            assert (own[1] is None) == ((event.first_step + place) % 2 == 1)
            assert loss == pytest.approx(sum(value or 0.0 for value in own), rel=1e-5)


def test_validation_knows_every_loss_and_training_those_that_were_computed(tmp_path: Path) -> None:
    events = EventLog()
    run = train(adversarial((CRITIC, replace(GENERATOR, epochs=(2, 2)))), tmp_path / "run", events).folder
    first, second = (event.metrics for event in events.of(EpochDone))
    names = {"loss", *LOSSES}
    assert (
        first.keys()
        == second.keys()
        == {*(f"train_{name}" for name in names), *(f"val_{name}" for name in names), "val_distance"}
    )
    assert first["train_fool_loss"] != first["train_fool_loss"]
    assert second["train_fool_loss"] > 0
    for report in (first, second):
        weighted = report["val_real_loss"] + report["val_fake_loss"] + 0.5 * report["val_fool_loss"]
        assert report["val_loss"] == pytest.approx(weighted)
    metrics = evaluate(run)
    assert metrics == {name.removeprefix("val_"): value for name, value in second.items() if name.startswith("val_")}


def test_the_last_epoch_is_the_best_unless_a_metric_is_watched(tmp_path: Path) -> None:
    assert train(adversarial((CRITIC, GENERATOR), epochs=3), tmp_path / "last").best_epoch == 3
    watching = adversarial((CRITIC, GENERATOR), epochs=3)
    stop = EarlyStop("val_distance", 1, 1e9)
    watching.training = replace(
        watching.training, best=replace(watching.training.best, watch="val_distance"), early_stop=stop
    )
    outcome = train(watching, tmp_path / "watched")
    assert outcome.epochs == 2
    assert outcome.best_epoch == 1 or outcome.best["val_distance"] < 1e9


def test_a_schedule_counts_the_updates_of_its_phase(tmp_path: Path, every_step: None) -> None:
    halving = SchedulePart("StepLR", {"step_size": 1, "gamma": 0.5}, every="step")
    slow = replace(CRITIC, optimizer=Part("SGD", {"lr": 1.0}), schedule=halving, every=2, accumulate=2)
    events = EventLog()
    train(adversarial((slow, GENERATOR), epochs=1), tmp_path / "run", events)
    assert [event.lr for event in events.of(StepDone)] == [1.0] * 3 + [0.5] * 4 + [0.25] * 3


def test_a_resumed_run_says_of_each_phase_what_becomes_of_its_schedule(tmp_path: Path) -> None:
    cycle = replace(CRITIC, schedule=SchedulePart("OneCycleLR", {"max_lr": 0.02, "cycle_momentum": False}))
    run = train(adversarial((cycle, GENERATOR)), tmp_path / "run").folder
    events = EventLog()
    resume(run, events, epochs=4)
    (event,) = events.of(Resumed)
    assert event.note == "Phase critic: Schedule restart: OneCycleLR begins again for epochs 3 to 4."
    assert (event.schedule, event.legs) == ("restart", (2, 4))


def test_gradients_of_all_phases_are_seen(tmp_path: Path, every_step: None, monkeypatch) -> None:
    monkeypatch.setattr("engine.runtime.training.loop.VIEW_S", 0.0)
    events = EventLog()
    train(adversarial((CRITIC, GENERATOR), epochs=1), tmp_path / "run", events)
    for event in events.of(GradientNorms):
        assert {name.partition(".")[0] for name, norm in event.norms.items() if norm > 0} == {"gen", "critic"}


def rich() -> tuple[Phase, ...]:
    schedule = SchedulePart("ReduceLROnPlateau", {"patience": 0})
    cycle = SchedulePart("OneCycleLR", {"max_lr": 0.02, "cycle_momentum": False})
    critic = replace(CRITIC, schedule=cycle, clip=Clip(), times=2, l1=1e-4)
    return critic, replace(GENERATOR, schedule=schedule, every=2, accumulate=2, epochs=(1, 9), l2=1e-3)


def test_an_exported_program_is_short_clean_and_formatted(tmp_path: Path, monkeypatch) -> None:
    project = adversarial(rich())
    project.training = replace(
        project.training,
        early_stop=EarlyStop("val_distance", 9),
        best=replace(project.training.best, watch="val_distance"),
    )
    run = train(project, tmp_path / "run").folder
    repeated(run, tmp_path / "out", monkeypatch)
    assert_readable(tmp_path / "out")


def bare(project: Project) -> Project:
    """The network without an output and without a metric."""
    graph = project.graphs["Net"]
    for name in ("distance", "changed"):
        del graph.nodes[name]
    graph.wires = [wire for wire in graph.wires if wire.target.node in graph.nodes]
    return project


@pytest.mark.parametrize("validation", [0.0, 0.2])
@pytest.mark.parametrize("has_metrics", [False, True])
def test_without_validation_or_metrics_a_run_is_repeated_too(
    *, validation: float, has_metrics: bool, tmp_path: Path, monkeypatch
) -> None:
    project = adversarial((CRITIC, GENERATOR)) if has_metrics else bare(adversarial((CRITIC, GENERATOR)))
    project.data = replace(project.data, split=Split(validation, 0.0, stratify=False))
    events = EventLog()
    run = train(project, tmp_path / "run", events).folder
    names = {name for event in events.of(EpochDone) for name in event.metrics}
    assert ("val_distance" in names) == bool(validation and has_metrics)
    assert ("val_fool_loss" in names) == bool(validation)
    repeated(run, tmp_path / "out", monkeypatch)
    assert_readable(tmp_path / "out")


def test_a_schedule_moves_for_an_update_of_the_process_before(tmp_path: Path, every_step: None) -> None:
    """Nothing warns of a move without an update, where the update is in the checkpoint."""
    halving = SchedulePart("ExponentialLR", {"gamma": 0.5})
    rare = replace(CRITIC, optimizer=Part("SGD", {"lr": 0.1}), schedule=halving, every=3, accumulate=2)
    whole = train(adversarial((rare, GENERATOR), batch_size=30), tmp_path / "whole").folder
    run = cut_to(whole, 6, tmp_path / "run")
    resume(run)
    assert_alike(run, whole)


def test_validation_draws_the_same_without_a_metric(tmp_path: Path, monkeypatch) -> None:
    """The network also has an output, which no loss and no metric reads, and which draws numbers of its own."""
    project = adversarial((CRITIC, GENERATOR))
    graph = project.graphs["Net"]
    del graph.nodes["distance"]
    graph.nodes |= {"noise": Node("randn", {"shape": (4,)}), "noisy": Node("add")}
    graph.wires = [
        wire for wire in graph.wires if wire.target.node != "distance" and str(wire.source) != "features.output"
    ]
    graph.wires += [
        Wire(End("features", "output"), End("noisy", "input")),
        Wire(End("noise", "output"), End("noisy", "other")),
        Wire(End("noisy", "output"), End("gen", "x")),
        Wire(End("noisy", "output"), End("critic", "x")),
    ]
    run = train(project, tmp_path / "run").folder
    repeated(run, tmp_path / "out", monkeypatch)
