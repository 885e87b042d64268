"""A long computation in steps: a generator that yields between them, and returns its result."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")
Steps = Generator[None, None, T]


def result(steps: Steps[T]) -> T:
    """The result, computed without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value
