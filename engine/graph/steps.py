"""A long computation in steps: a generator that pauses between them, and gives its result at the end."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")
Steps = Generator[None, None, T]


def result(steps: Steps[T]) -> T:
    """What comes out, without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
