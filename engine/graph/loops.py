"""What a node of kind `Loop` says of its rounds: over which axis or how many, and what passes from round to round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from engine.catalog.params import Value

MAX_ROUNDS = 10_000
"""The most rounds of a loop; each is a call of the block, and its values are kept for the gradient."""

COUNTED_AXIS = 1
"""The axis along which a loop with a count stacks what it collects, after the samples."""


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """The rounds of a loop; names are ports of its block.

    ``over``: inputs with the axis along which each round takes one entry. ``count``: the number of rounds of a loop
    over no input. ``carry``: inputs with the output that the round before gives, which several may take; the first
    value comes by wire.
    ``collect``: outputs that are stacked; of any other output the loop gives the value of the last round.
    """

    over: tuple[tuple[str, int], ...] = ()
    count: Value = None
    carry: tuple[tuple[str, str], ...] = ()
    collect: tuple[str, ...] = ()

    @property
    def axis(self) -> int:
        """The axis along which collected outputs are stacked."""
        return self.over[0][1] if self.over else COUNTED_AXIS

    @property
    def ports(self) -> frozenset[str]:
        """All ports that are named."""
        return frozenset((*dict(self.over), *dict(self.carry), *dict(self.carry).values(), *self.collect))

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The same rounds after ports of the block have other names."""
        if not self.ports.intersection(names):
            return self
        return replace(
            self,
            over=tuple((names.get(port, port), axis) for port, axis in self.over),
            carry=tuple((names.get(port, port), names.get(output, output)) for port, output in self.carry),
            collect=tuple(names.get(port, port) for port in self.collect),
        )


BLOCK_KINDS = frozenset({"Block", "Loop"})
"""The kinds of nodes that use another graph."""
