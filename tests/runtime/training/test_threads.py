"""How many threads a run gets, by timings that are given."""

from collections.abc import Callable, Iterator

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.training.threads import CLEARLY, ROUNDS, candidates, fastest_count, probe

COUNTS = (1, 2, 4, 8)
SLOWED = st.lists(st.floats(1.0, 5.0), min_size=ROUNDS, max_size=ROUNDS)


def timed(times: dict[int, list[float]]) -> tuple[Callable[[int], float], list[int]]:
    """A sample that takes those times, one after another, and the counts that were measured."""
    left: dict[int, Iterator[float]] = {count: iter(each) for count, each in times.items()}
    counts: list[int] = []

    def sample(count: int) -> float:
        counts.append(count)
        return next(left[count])

    return sample, counts


def same(**by_count: float) -> dict[int, list[float]]:
    return {int(name[1:]): [seconds] * ROUNDS for name, seconds in by_count.items()}


def test_on_a_quiet_machine_the_smallest_of_the_fastest_counts_is_taken() -> None:
    assert fastest_count(timed(same(t1=1.0, t2=0.55, t4=0.31, t8=0.30))[0], COUNTS) == 4
    assert fastest_count(timed(same(t1=1.0, t2=0.55, t4=0.31, t8=0.20))[0], COUNTS) == 8
    assert fastest_count(timed(same(t1=1.0, t2=0.95, t4=0.9, t8=3.0))[0], COUNTS) == 1


def test_two_threads_that_are_lucky_four_times_and_slow_once_are_not_taken() -> None:
    """Two took 76 s where one took 42, and had been the faster in the best of three trials."""
    for unlucky in range(ROUNDS):
        two = [0.55] * ROUNDS
        two[unlucky] = 1.8
        assert fastest_count(timed({1: [1.0] * ROUNDS, 2: two})[0], (1, 2)) == 1


@given(one=SLOWED, two=SLOWED, four=SLOWED, speed=st.floats(0.2, 1.5))
def test_more_threads_have_won_every_round_clearly(
    one: list[float], two: list[float], four: list[float], speed: float
) -> None:
    times = {1: one, 2: [each * speed for each in two], 4: [each * speed for each in four]}
    count = fastest_count(timed(times)[0], (1, 2, 4))
    won = {each for each in (2, 4) if all(t < CLEARLY * o for t, o in zip(times[each], one, strict=True))}
    assert count in won | {1}
    assert (count == 1) == (not won)


def test_counts_take_turns_and_one_that_lost_is_not_tried_again() -> None:
    sample, counts = timed(same(t1=1.0, t2=0.5, t4=2.0))
    assert fastest_count(sample, (1, 2, 4)) == 2
    assert counts == [1, 2, 4, 2, 1, 1, 2, 2, 1, 1, 2]


def test_a_long_step_is_tried_twice_at_least_and_not_for_longer_than_needed() -> None:
    clock = iter(range(100))
    sample, counts = timed(same(t1=9.0, t2=5.0))
    assert fastest_count(sample, (1, 2), now=lambda: 2.0 * next(clock)) == 2
    assert counts == [1, 2, 2, 1]


def test_a_trial_leaves_the_number_of_threads_as_it_was() -> None:
    numbers = set()

    def step() -> None:
        numbers.add(torch.get_num_threads())
        torch.ones(400, 400) @ torch.ones(400, 400)

    assert probe(step, most=2) in (1, 2)
    assert torch.get_num_threads() == 1
    assert 1 in numbers
    assert candidates(6) == (1, 2, 4, 6)
