"""Work in slices: all steps run once and in order, also if the result is requested in between."""

from time import thread_time

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from gui.system.time_slices import SLICE_S, TimeSlices


def steps(done: list[int], count: int):
    for number in range(count):
        done.append(number)
        yield


def test_work_begins_after_the_event_that_starts_it_and_comes_to_its_end(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []
    turns.start(steps(done, 50))
    assert done == []
    assert not turns.is_done
    qtbot.waitUntil(lambda: turns.is_done)
    assert done == list(range(50))


def test_events_are_handled_between_two_slices(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []

    def slow():
        for number in range(5):
            end = thread_time() + 1.5 * SLICE_S
            while thread_time() < end:
                pass
            done.append(number)
            yield

    turns.start(slow())
    qtbot.waitUntil(lambda: len(done) == 1)
    assert not turns.is_done


@pytest.mark.parametrize("before", [0, 1, 3])
def test_what_is_left_is_done_at_once_when_it_is_needed(before: int) -> None:
    turns, done = TimeSlices(), []
    turns.start(steps(done, 5))
    for _ in range(before):
        turns._step()
    turns.finish()
    assert done == list(range(5))
    assert turns.is_done
    turns.finish()
    assert done == list(range(5))


def test_other_work_takes_the_place_of_what_is_left(qtbot: QtBot) -> None:
    turns, one, other = TimeSlices(), [], []
    turns.start(steps(one, 5))
    turns._step()
    turns.start(steps(other, 3))
    qtbot.waitUntil(lambda: turns.is_done)
    assert (one, other) == ([0], [0, 1, 2])


def test_dropped_work_is_never_done(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []
    turns.start(steps(done, 5))
    turns.stop()
    turns.finish()
    qtbot.wait(20)
    assert done == []


def test_a_step_may_ask_for_the_end_or_put_other_work_in_its_place(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []

    def work():
        turns.finish()
        done.append(1)
        yield
        turns.start(steps(done, 2))
        yield
        done.append("never")

    turns.start(work())
    qtbot.waitUntil(lambda: turns.is_done)
    assert done == [1, 0, 1]


def test_a_step_that_fails_ends_the_work_and_is_reported(qtbot: QtBot) -> None:
    turns = TimeSlices()

    def work():
        yield
        raise KeyError("x")

    with capture_exceptions() as exceptions:
        turns.start(work())
        qtbot.waitUntil(lambda: turns.is_done)
    assert [kind for kind, *_ in exceptions] == [KeyError]
    turns.finish()
