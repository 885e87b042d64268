"""Taking times: of the processor, in rounds, told with their spread and with how busy the machine was."""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

Times = dict[str, list[float]]
"""Milliseconds by what took them, one a round."""


@contextmanager
def timed(times: Times, what: str, share: int = 1) -> Iterator[None]:
    """Note the CPU time of what happens inside, after old garbage is out; ``share``: how many times it happens."""
    gc.collect()
    start = time.process_time()
    yield
    times.setdefault(what, []).append((time.process_time() - start) * 1000 / share)


def merge(into: Times, more: Times) -> None:
    """Add the times of another round."""
    for what, found in more.items():
        into.setdefault(what, []).extend(found)


def line(what: str, found: list[float], goal: float | None = None, unit: str = "ms CPU") -> str:
    """Median and spread of some rounds, and whether that is as asked."""
    middle = median(found)
    told = f"  {what:<34}{middle:9.2f} {unit}   ({min(found):.2f} to {max(found):.2f}, {len(found)} rounds)"
    return told if goal is None else f"{told}   asked <= {goal:g}: {'ok' if middle <= goal else 'MISSED'}"


def load() -> str:
    """How busy the machine is: the processes that want a core, over the last minute, and how many cores there are."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
