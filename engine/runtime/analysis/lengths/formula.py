"""The size of an axis as a formula of a length: ``(a * T + b) // c``, found from its values for several lengths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd

MAX_DIVISOR = 1024
Point = tuple[int, int]
"""A length, and the size of the axis for it."""


@dataclass(frozen=True, slots=True)
class Formula:
    """``(times * length + plus) // divisor``; ``plus`` is one of the numbers from ``least`` to ``most``."""

    times: int
    divisor: int
    least: int
    most: int

    @property
    def is_certain(self) -> bool:
        """Whether only one number is left for ``plus``."""
        return self.least == self.most

    def text(self, letter: str) -> str:
        """The formula as text: ``T``, ``T-2``, ``2T``, ``T//2``, ``(T+1)//2``."""
        plus = f"{self.least:+}" if self.least else ""
        inner = f"{'' if self.times == 1 else self.times}{letter}{plus}"
        if self.divisor == 1:
            return inner
        return f"({inner})//{self.divisor}" if plus else f"{inner}//{self.divisor}"

    def deciding_length(self, start: int) -> int:
        """The first length from ``start`` on whose size halves the numbers that are left for ``plus``."""
        middle = (self.least + self.most + 1) // 2
        lengths = range(start, start + self.divisor)
        return next(each for each in lengths if (self.times * each + middle) % self.divisor == 0)


def formula_of(points: Sequence[Point]) -> Formula | None:
    """The formula with the smallest divisor that gives all sizes; ``None`` where none does.

    ``points``: at least two, with different lengths.
    """
    (first, low), (last, high) = min(points), max(points)
    for divisor in range(1, MAX_DIVISOR + 1):
        for times in _factors(divisor, last - first, high - low):
            bounds = [divisor * size - times * length for length, size in points]
            least, most = max(bounds), min(bounds) + divisor - 1
            if least <= most and times > 0 and gcd(times, divisor) == 1:
                return Formula(times, divisor, least, most)
    return None


def _factors(divisor: int, lengths: int, sizes: int) -> Iterator[int]:
    """The factors of the length for which sizes can grow by ``sizes`` where lengths grow by ``lengths``."""
    least = -(-(sizes * divisor - divisor + 1) // lengths)
    most = (sizes * divisor + divisor - 1) // lengths
    yield from range(least, most + 1)
