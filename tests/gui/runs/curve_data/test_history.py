"""Histories of runs: they depend on the events alone, whether read in pieces, after a cut or all at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runs import events
from gui.runs.curve_data.clock import MAX_REPORTS
from gui.runs.curve_data.speed import Speed
from gui.runs.plots.scale import extent_of
from tests.gui.runs.curve_data.run_events import STARTED, history, step


def test_steps_become_a_curve_over_epochs() -> None:
    run = history(STARTED, step(1, 4.0, 3.0), step(3, 2.0))
    assert run.loss.x.tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert run.loss.y.tolist() == [4.0, 3.0, 2.0]
    assert run.smooth.curve.y[0] == 4.0
    assert (run.state, run.position, run.share) == ("running", 0.3, 0.06)


@pytest.mark.parametrize(
    ("epochs", "done", "room"),
    [
        (20, 0, 20),
        (39, 4, 39),
        (400, 0, 20),
        (400, 15, 20),
        (400, 16, 50),
        (400, 40, 100),
        (400, 79, 100),
        (400, 80, 200),
        (400, 160, 400),
        (400, 400, 400),
        (110, 41, 110),
        (100_000, 111, 200),
        (100_000, 160, 500),
    ],
)
def test_a_long_run_is_not_drawn_as_a_line_at_the_left(epochs: int, done: int, room: int) -> None:
    run = history(events.Started({}, "cpu", 1, 10, "hash", epochs=epochs), step(1, *[1.0] * (10 * done)))
    assert run.position == done
    assert run.extent == room
    run.add([events.Finished("stopped", done, {}, {})])
    assert run.extent == max(1, done)


def test_metrics_are_stored_by_name() -> None:
    run = history(
        STARTED,
        events.EpochDone(1, {"train_loss": 2.0, "val_loss": 3.0, "val_accuracy": 0.5}, 1.0),
        events.EpochDone(2, {"train_loss": 1.0, "val_loss": float("nan"), "val_accuracy": 0.6}, 1.0),
    )
    assert run.names == ["loss", "accuracy"]
    assert run.metrics["val_accuracy"].y.tolist() == [0.5, 0.6]
    assert run.latest("val_accuracy") == 0.6
    assert run.latest("val_r2") is None


def test_a_drop_of_the_learning_rate_is_marked_where_it_had_stood_still() -> None:
    plateau = [step(number, 1.0, lr=0.1 if number < 20 else 0.01) for number in range(1, 30)]
    falling = [step(number, 1.0, lr=0.9**number) for number in range(1, 30)]
    assert history(STARTED, *plateau).drops == [2.0]
    assert history(STARTED, *falling).drops == []


def test_the_best_checkpoint_is_marked() -> None:
    run = history(STARTED, events.CheckpointSaved(10, best=True), events.CheckpointSaved(20, best=False))
    assert run.best == 1.0
    run.add([events.Finished("completed", 5, {}, {}, best_epoch=3)])
    assert run.best == 3.0


@pytest.mark.parametrize(
    ("run_events", "state"),
    [
        ([], "running"),
        ([events.Paused(3)], "paused"),
        ([events.Paused(3), events.Continued(3)], "running"),
        ([events.Finished("completed", 5, {}, {})], "finished"),
        ([events.Finished("stopped", 5, {}, {})], "stopped"),
        ([events.Problem("R031", "error", "nan"), events.Finished("failed", 5, {}, {})], "failed"),
        ([events.Finished("stopped", 5, {}, {}), events.Resumed(10, 9)], "running"),
    ],
)
def test_the_state_is_that_of_the_last_event(run_events, state) -> None:
    assert history(STARTED, *run_events).state == state


def test_a_resumed_run_has_its_new_end() -> None:
    run = history(STARTED, events.Finished("completed", 5, {}, {}), events.Resumed(50, 9))
    assert (run.epochs, run.finished) == (9, None)


def test_gradient_norms_are_bounded() -> None:
    run = history(STARTED, *(events.GradientNorms({"conv1": float(number)}) for number in range(200)))
    assert list(run.norms["conv1"])[-1] == 199.0
    assert len(run.norms["conv1"]) == 64


def test_smoothing_can_be_changed_later() -> None:
    run = history(STARTED, step(1, 4.0, 2.0))
    run.set_smoothing(0.0)
    assert run.smooth.curve.y.tolist() == [4.0, 2.0]
    run.set_smoothing(0.5)
    assert run.smooth.curve.y.tolist() == pytest.approx([4.0, 2.2])  # the second point has a tenth of the first


def test_the_speed_gives_the_time_left_without_pauses() -> None:
    speed = Speed()
    assert speed.seconds_left(10) is None
    for number in range(5):
        speed.report(float(number), number * 0.5, 1234.0)
    assert speed.seconds_left(10) == pytest.approx(16.0)
    assert speed.text(10) == "epoch 3 / 10 · 1,230 samples/s · 00:16 left"
    assert speed.text(10, is_paused=True) == "epoch 3 / 10 · paused"
    speed.rest()
    speed.report(1000.0, 2.5, 1234.0)
    speed.report(1001.0, 3.0, 1234.0)
    assert speed.seconds_left(10) == pytest.approx(14.0)


def test_the_axis_of_a_long_run_grows_in_a_few_steps() -> None:
    run = history(events.Started({}, "cpu", 1, 10, "hash", epochs=1_000_000))
    rooms = []
    for done in (0.5 * 1.01**count for count in range(1600)):
        if done < run.epochs:
            run.speed.report(0.0, done, 1.0)
            rooms.append(run.extent)
            assert done < run.extent
            assert done < 16 or done > 0.3 * run.extent
    assert rooms == sorted(rooms)
    assert len(set(rooms)) == 15


# Time


def reported(epoch: float, t_s: float, losses: int = 10) -> events.StepDone:
    """A report of ten steps of ten samples, at 100 samples a second: one second of training."""
    return events.StepDone(round(10 * epoch) - losses + 1, (1.0,) * losses, epoch, 0.1, 100.0, t_s=t_s)


def started(**more: object) -> events.Started:
    return events.Started({}, "cpu", 1, 10, "hash", epochs=5, batch_size=10, **more)


def test_the_clock_of_a_run_counts_training_alone() -> None:
    run = history(
        started(),
        reported(1.0, 7.5),  # loading took 6.5 s
        reported(2.0, 8.5),
        events.Paused(20, t_s=8.6),
        events.Continued(20, t_s=1000.0),
        reported(3.0, 1001.0),
        events.Resumed(30, 5, "cpu", 1, (), t_s=90_000.0),
        reported(4.0, 90_003.0),  # loading took 2 s
        reported(5.0, 90_004.0),
    )
    assert run.clock.seconds == pytest.approx(5.1)  # the tenth between the last report and the pause was training
    places = run.clock.at(np.array([0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0]))
    assert places.tolist() == pytest.approx([0.0, 1.0, 1.5, 2.0, 3.1, 4.1, 5.1])
    assert run.clock.epoch(1.5) == pytest.approx(1.5)
    assert run.clock.epoch(60.0) == np.inf


def test_a_past_that_was_cut_off_takes_its_time_along() -> None:
    run = history(started(), reported(1.0, 1.0), reported(2.0, 2.0))
    run.reset()
    run.add([started(), reported(1.0, 1.0), events.Resumed(10, 5, "cpu", 1, (), t_s=50.0), reported(2.0, 51.0)])
    assert run.clock.seconds == pytest.approx(2.0)


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1e4)), min_size=1, max_size=50))
def test_time_never_goes_back_and_leads_to_the_epoch_and_back(steps) -> None:
    epoch, t_s, run_events = 0.0, 0.0, [started()]
    for more, later in steps:
        epoch, t_s = epoch + more, t_s + later
        run_events.append(events.StepDone(1, (1.0,), epoch, 0.1, 100.0, t_s=t_s))
    run = history(*run_events)
    places = run.clock.at(np.linspace(0, epoch, 40))
    assert (np.diff(places) >= 0).all()
    for place in np.linspace(0, run.clock.seconds, 20):
        assert float(run.clock.at(np.array([run.clock.epoch(place)]))[0]) <= run.clock.seconds + 1e-6


def test_a_long_run_keeps_a_bounded_clock_that_is_still_right() -> None:
    run = history(started())
    run.add(events.StepDone(at, (1.0,), at / 10, 0.1, 100.0, t_s=at / 10) for at in range(1, MAX_REPORTS + 5000))
    assert run.clock._length <= MAX_REPORTS
    assert run.clock.at(np.array([1000.0]))[0] == pytest.approx(1000.0, rel=1e-3)


def test_learning_rates_become_a_curve() -> None:
    run = history(started(), step(1, 4.0, lr=0.1), step(2, 3.0, lr=0.05))
    assert run.rates.x.tolist() == [0.1, 0.2]
    assert run.rates.y.tolist() == [0.1, 0.05]


@pytest.mark.parametrize(("unit", "extent"), [("epoch", 5.0), ("step", 50.0), ("time", 60.0)])
def test_the_axis_of_a_run_at_work_has_room_for_what_is_to_come(unit, extent) -> None:
    run = history(started(), reported(1.0, 7.5))
    assert extent_of(run, unit) == extent
    run.add([events.Finished("stopped", 1, {}, {})])
    assert extent_of(run, unit) == pytest.approx({"epoch": 1.0, "step": 10.0, "time": 1.0}[unit])
