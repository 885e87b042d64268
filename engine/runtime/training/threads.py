"""How many processor threads a run uses: chosen once, because another number gives other bits."""

import os
import time
from collections.abc import Callable, Sequence

import torch

ROUNDS = 3
BUDGET_S = 1.0
TOO_SHORT_S = 0.0005  # a step this short is all overhead: more threads only wait for each other
WORTH = 0.9  # more threads must save a tenth of the time


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def candidates(most: int) -> tuple[int, ...]:
    """The counts worth a trial: powers of two, and all."""
    counts = {1, most} | {2**power for power in range(1, 8) if 2**power <= most}
    return tuple(sorted(counts))


def probe(step: Callable[[], object], most: int | None = None) -> int:
    """The smallest number of threads with which ``step`` is about as fast as it gets; leaves the number as it was.

    Counts are tried in turn, several times, so that a machine busy with something else does not decide.
    """
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        step()  # the first one sets things up
        if _seconds(step) < TOO_SHORT_S:
            return 1
        return _fastest(step, candidates(most or cores()))
    finally:
        torch.set_num_threads(before)


def _fastest(step: Callable[[], object], counts: Sequence[int]) -> int:
    best = dict.fromkeys(counts, float("inf"))
    deadline = time.perf_counter() + BUDGET_S
    for _ in range(ROUNDS):
        for count in counts:
            torch.set_num_threads(count)
            best[count] = min(best[count], _seconds(step))
        if time.perf_counter() > deadline:
            break
    return next(count for count in counts if best[count] * WORTH <= min(best.values()))


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start
