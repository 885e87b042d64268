"""How many processor threads a run uses: chosen once, because another number gives other bits."""

import math
import os
import time
from collections.abc import Callable, Sequence
from statistics import median

import torch

ROUNDS, FEWEST = 5, 2  # the second: of a step so long that all rounds would take too much time
BUDGET_S = 1.0
TOO_SHORT_S = 0.0005  # a step this short is all overhead: more threads only wait for each other
SAMPLE_S = 0.01  # shorter steps are repeated, because one is not a reliable measurement
CLEARLY = 0.8  # of the time that one thread takes in the same round
NEARLY = 0.9  # the fastest counts are about equal from here on


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def candidates(most: int) -> tuple[int, ...]:
    """The thread counts to try: powers of two, and all."""
    counts = {1, most} | {2**power for power in range(1, 8) if 2**power <= most}
    return tuple(sorted(counts))


def probe(step: Callable[[], object], most: int | None = None) -> int:
    """The number of threads for ``step``, see `fastest_count`; does not change the present number."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        step()  # the first one sets things up
        once = _seconds(step)
        if once < TOO_SHORT_S:
            return 1
        repeats = math.ceil(SAMPLE_S / once)

        def sample(count: int) -> float:
            torch.set_num_threads(count)
            if repeats > 1:
                step()  # threads are made when they are first needed
            return sum(_seconds(step) for _ in range(repeats))

        return fastest_count(sample, candidates(most or cores()))
    finally:
        torch.set_num_threads(before)


def fastest_count(
    sample: Callable[[int], float], counts: Sequence[int], now: Callable[[], float] = time.perf_counter
) -> int:
    """One thread, unless more are clearly faster in every round; of those, the fewest that are about the fastest.

    ``sample``: the seconds that a count takes now. The counts take turns, in an order that is reversed from round to
    round, and one that loses a round is out: on a busy machine several threads may be lucky once, and then wait for
    each other in most steps.
    """
    times: dict[int, list[float]] = {count: [] for count in counts}
    racing, deadline = list(counts), now() + BUDGET_S
    for number in range(ROUNDS):
        for count in racing if number % 2 == 0 else racing[::-1]:
            times[count].append(sample(count))
        racing = [count for count in racing if count == 1 or times[count][-1] < CLEARLY * times[1][-1]]
        if len(racing) == 1 or (number + 1 >= FEWEST and now() > deadline):
            break
    typical = {count: median(times[count]) for count in racing if count > 1}
    return next((count for count in typical if typical[count] * NEARLY <= min(typical.values())), 1)


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start
