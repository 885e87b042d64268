"""Taking times: of the processor, in rounds, with their spread, beside a fixed loop and how busy the machine was."""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

Times = dict[str, list[float]]
"""Milliseconds by what took them, one a round."""

LOOP_STEPS = 60_000


@contextmanager
def timed(times: Times, what: str, share: int = 1) -> Iterator[None]:
    """Note the CPU time of what happens inside, after old garbage is out; ``share``: how many times it happens."""
    gc.collect()
    start = time.process_time()
    yield
    times.setdefault(what, []).append((time.process_time() - start) * 1000 / share)


def merge(into: Times, more: Times) -> None:
    """Add the times of another round."""
    for what, rounds in more.items():
        into.setdefault(what, []).extend(rounds)


def loop_ms() -> float:
    """The CPU time of a fixed loop of plain Python, about 25 ms: what is divided by it holds on any machine.

    It is to run in turns with what is measured, so that both meet the same clock rate and the same load.
    """
    collects = gc.isenabled()
    gc.disable()  # a collection would look through what the program around the loop holds
    start = time.thread_time()
    _loop()
    took = (time.thread_time() - start) * 1000
    if collects:
        gc.enable()
    return took


def _loop() -> int:
    """Calls, small objects, text and a dictionary, in the mix of a program rather than of a sum."""
    buckets: dict[tuple[int, str], list[int]] = {}
    for step in range(LOOP_STEPS):
        key = (step % 997, f"node{step % 31}")
        buckets.setdefault(key, []).append(step * step % 1009)
    return sum(sorted(map(max, buckets.values()))[-10:])


def line(
    what: str, rounds: list[float], goal: float | None = None, unit: str = "ms CPU", loops: list[float] | None = None
) -> str:
    """Median and spread of some rounds, and whether that is as asked; ``loops``: the fixed loop's times beside them."""
    middle = median(rounds)
    text = f"  {what:<34}{middle:9.2f} {unit}   ({min(rounds):.2f} to {max(rounds):.2f}, {len(rounds)} rounds)"
    text += f"   {in_loops(rounds, loops):6.2f} loops" if loops else ""
    return text if goal is None else f"{text}   asked <= {goal:g}: {'ok' if middle <= goal else 'MISSED'}"


def in_loops(rounds: list[float], loops: list[float]) -> float:
    """How many times the fixed loop takes as long: by the medians of both."""
    return median(rounds) / median(loops)


def loop_line(loops: list[float]) -> str:
    """The fixed loop itself, by which others are divided."""
    return line("the fixed loop, beside each round", loops)


def load() -> str:
    """How busy the machine is: the processes that want a core, over the last minute, and how many cores there are."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
