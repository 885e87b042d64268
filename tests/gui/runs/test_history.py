"""Histories of runs: they depend on the events alone, whether read in pieces, after a cut or all at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.project import durable
from engine.runs import events
from engine.runs.events import encode
from engine.runs.folder import RunFolder
from engine.runs.tail import read_events
from gui.runs.history.clock import MOST
from gui.runs.history.follower import Follower
from gui.runs.history.history import History
from gui.runs.history.speed import Speed
from gui.runs.plots.scale import extent_of

STARTED = events.Started({}, "cpu", 1, 10, "hash", epochs=5)


def step(first, *losses, lr=0.1, t_s=0.0):
    last = first + len(losses) - 1
    return events.StepDone(first, losses, last / 10, lr, 100.0, t_s=t_s)


def history(*run_events) -> History:
    run_history = History(Path("run"))
    run_history.take(run_events)
    return run_history


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
    run.take([events.Finished("stopped", done, {}, {})])
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
    run.take([events.Finished("completed", 5, {}, {}, best_epoch=3)])
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


# Follow


@pytest.fixture
def follower(loaded, qapp) -> Follower:
    run_follower = Follower(loaded)
    yield run_follower
    run_follower.close()


@pytest.fixture
def run(tmp_path) -> RunFolder:
    return RunFolder(tmp_path)


def write(run: RunFolder, *run_events) -> None:
    durable.append(run.events, b"".join(encode(event).encode() + b"\n" for event in run_events))


def test_a_growing_run_is_followed(follower, run, qtbot) -> None:
    write(run, STARTED, step(1, 4.0))
    followed = follower.follow(run.path)
    follower.look()
    assert len(followed.loss) == 1

    write(run, step(2, 3.0))
    with qtbot.waitSignal(follower.advanced) as advanced:
        follower.look()
    assert advanced.args == [followed]
    assert len(followed.loss) == 2


def test_nothing_new_emits_nothing(follower, run, qtbot) -> None:
    write(run, STARTED)
    follower.follow(run.path)
    follower.look()
    with qtbot.assertNotEmitted(follower.advanced):
        follower.look()


def test_a_run_that_was_cut_back_starts_again(follower, run, qtbot) -> None:
    write(run, STARTED, step(1, 4.0), step(2, 3.0), step(3, 9.0))
    followed = follower.follow(run.path)
    follower.look()
    cut = len(encode(STARTED)) + 1 + len(encode(step(1, 4.0))) + 1
    durable.cut(run.events, cut)
    write(run, events.Resumed(1, 5), step(2, 7.0), step(3, 6.0), step(4, 5.0))

    with qtbot.waitSignal(follower.restarted):
        follower.look()

    assert followed.loss.y.tolist() == [4.0, 7.0, 6.0, 5.0]


def test_many_events_are_read_in_many_looks_with_the_same_end(follower, run, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("gui.runs.history.follower.PIECE", 1000)
    monkeypatch.setattr("gui.runs.history.follower.BUDGET_S", 0.0)
    write(run, STARTED, *(step(number, 1.0 / number) for number in range(1, 500)))
    followed = follower.follow(run.path)
    looks = []
    follower.advanced.connect(lambda _: looks.append(len(followed.loss)))

    qtbot.waitUntil(lambda: len(followed.loss) == 499, timeout=20_000)

    assert len(looks) > 10
    whole = history(*read_events(run.events))
    assert followed.loss.y.tolist() == whole.loss.y.tolist()
    assert followed.smooth.curve.y.tolist() == pytest.approx(whole.smooth.curve.y.tolist())


def test_an_unfollowed_run_has_no_history(follower, run) -> None:
    write(run, STARTED)
    follower.follow(run.path)
    follower.follow(run.path)
    follower.unfollow(run.path)
    assert follower.history(run.path) is not None
    follower.unfollow(run.path)
    assert follower.history(run.path) is None
    assert not follower._timer.isActive()


def test_looks_are_rare_while_nobody_sees(follower, run) -> None:
    follower.follow(run.path)
    assert follower._timer.interval() == 1000
    follower.set_in_view("a", is_visible=True)
    follower.set_in_view("b", is_visible=True)
    follower.set_in_view("a", is_visible=False)
    assert follower._timer.interval() == 100
    follower.set_in_view("b", is_visible=False)
    assert follower._timer.interval() == 1000


def test_a_run_that_is_yet_to_come_is_waited_for(follower, run, tmp_path) -> None:
    followed = follower.follow(tmp_path / "later")
    follower.look()
    assert followed.state == "waiting"
    (tmp_path / "later").mkdir()
    write(RunFolder(tmp_path / "later"), STARTED)
    follower.look()
    assert followed.state == "running"


def test_a_real_run_is_understood(follower, real_run) -> None:
    followed = follower.follow(real_run)
    follower.look()
    assert followed.state == "finished"
    assert followed.names == ["loss", "accuracy"]
    assert len(followed.metrics["val_accuracy"]) == 4
    assert len(followed.loss) == 4 * 23
    assert followed.position == 4.0
    assert set(followed.norms) == {"conv1", "bn1", "fc1", "head"}
    assert len(followed.views.of(events.Confusion).class_names) == 10
    assert len(followed.views.of(events.Predictions).indices) >= 8


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
    run.take([started(), reported(1.0, 1.0), events.Resumed(10, 5, "cpu", 1, (), t_s=50.0), reported(2.0, 51.0)])
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
    run.take(events.StepDone(at, (1.0,), at / 10, 0.1, 100.0, t_s=at / 10) for at in range(1, MOST + 5000))
    assert run.clock._length <= MOST
    assert run.clock.at(np.array([1000.0]))[0] == pytest.approx(1000.0, rel=1e-3)


def test_learning_rates_become_a_curve() -> None:
    run = history(started(), step(1, 4.0, lr=0.1), step(2, 3.0, lr=0.05))
    assert run.rates.x.tolist() == [0.1, 0.2]
    assert run.rates.y.tolist() == [0.1, 0.05]


@pytest.mark.parametrize(("unit", "extent"), [("epoch", 5.0), ("step", 50.0), ("time", 60.0)])
def test_the_axis_of_a_run_at_work_has_room_for_what_is_to_come(unit, extent) -> None:
    run = history(started(), reported(1.0, 7.5))
    assert extent_of(run, unit) == extent
    run.take([events.Finished("stopped", 1, {}, {})])
    assert extent_of(run, unit) == pytest.approx({"epoch": 1.0, "step": 10.0, "time": 1.0}[unit])
