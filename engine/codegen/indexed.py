"""Values that differ along the repetitions of a block, as the constructor of the class around it spells them."""

from dataclasses import dataclass
from itertools import pairwise

from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.literals import literal
from engine.graph.node_expressions import LOOP_NAMES

INDEX = LOOP_NAMES[0]
"""The variable that counts repetitions from 0."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A value for each repetition, not all equal."""

    values: tuple[Value | Argument, ...]

    @property
    def source(self) -> str:
        """``64 if index == 0 else 256``, ``64 + 32 * index``, or where neither fits ``(64, 96, 160)[index]``."""
        first, *others = map(_source, self.values)
        if len(set(others)) == 1:
            return f"{first} if {INDEX} == 0 else {others[0]}"
        if step := self._step:
            return f"{first} {'-' if step < 0 else '+'} {abs(step)} * {INDEX}"
        return f"({', '.join([first, *others])})[{INDEX}]"

    @property
    def _step(self) -> int:
        """By how much each value is larger than the one before, 0 where that differs."""
        numbers = [value for value in self.values if isinstance(value, int)]
        steps = {after - before for before, after in pairwise(numbers)}
        return steps.pop() if len(numbers) == len(self.values) and len(steps) == 1 else 0


@dataclass(frozen=True, slots=True)
class OfIndex:
    """An expression that reads `INDEX`."""

    source: str


UseValue = Value | Argument | Indexed | OfIndex
"""What the constructor of a block's class gets."""


def source(value: UseValue) -> str:
    """The expression of a value of a block's constructor."""
    return value.source if isinstance(value, Indexed | OfIndex) else _source(value)


def _source(value: Value | Argument) -> str:
    return value.name if isinstance(value, Argument) else literal(value)
