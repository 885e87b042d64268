"""The follower reads events of growing, replaced and finished runs."""

import pytest

from engine.project import durable
from engine.runs import events
from engine.runs.events import encode
from engine.runs.folder import RunFolder
from engine.runs.tail import read_events
from gui.runs.curve_data.follower import Follower
from tests.gui.runs.curve_data.run_events import STARTED, history, step


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
    follower.read()
    assert len(followed.loss) == 1

    write(run, step(2, 3.0))
    with qtbot.waitSignal(follower.advanced) as advanced:
        follower.read()
    assert advanced.args == [followed]
    assert len(followed.loss) == 2


def test_nothing_new_emits_nothing(follower, run, qtbot) -> None:
    write(run, STARTED)
    follower.follow(run.path)
    follower.read()
    with qtbot.assertNotEmitted(follower.advanced):
        follower.read()


def test_a_run_that_was_cut_back_starts_again(follower, run, qtbot) -> None:
    write(run, STARTED, step(1, 4.0), step(2, 3.0), step(3, 9.0))
    followed = follower.follow(run.path)
    follower.read()
    cut = len(encode(STARTED)) + 1 + len(encode(step(1, 4.0))) + 1
    durable.cut(run.events, cut)
    write(run, events.Resumed(1, 5), step(2, 7.0), step(3, 6.0), step(4, 5.0))

    with qtbot.waitSignal(follower.restarted):
        follower.read()

    assert followed.loss.y.tolist() == [4.0, 7.0, 6.0, 5.0]


def test_many_events_are_read_in_many_looks_with_the_same_end(follower, run, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("gui.runs.curve_data.follower.PIECE", 1000)
    monkeypatch.setattr("gui.runs.curve_data.follower.BUDGET_S", 0.0)
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
    follower.read()
    assert followed.state == "waiting"
    (tmp_path / "later").mkdir()
    write(RunFolder(tmp_path / "later"), STARTED)
    follower.read()
    assert followed.state == "running"


def test_a_real_run_is_understood(follower, real_run) -> None:
    followed = follower.follow(real_run)
    follower.read()
    assert followed.state == "finished"
    assert followed.names == ["loss", "accuracy"]
    assert len(followed.metrics["val_accuracy"]) == 4
    assert len(followed.loss) == 4 * 23
    assert followed.position == 4.0
    assert set(followed.norms) == {"conv1", "bn1", "fc1", "head"}
    assert len(followed.views.of(events.Confusion).class_names) == 10
    assert len(followed.views.of(events.Predictions).indices) >= 8
