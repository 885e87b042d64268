"""Work on wires in a fixed order, done again only where something it has seen differs."""

from collections.abc import Callable

from engine.graph.model import Wire
from engine.graph.routes.places import Box, Near

Rank = tuple[object, ...]


class InOrder:
    """What is worked out for a wire sees its window, and in it what came out for the wires of lower rank.

    So the results depend on what there is, and not on the order in which it came; ``stale`` are the wires to work on.
    """

    def __init__(self, work: Callable[[Wire], None]) -> None:
        self._work = work
        self.windows: Near[Wire] = Near()
        self.ranks: dict[Wire, Rank] = {}
        self.stale: dict[Wire, None] = {}

    def put(self, wire: Wire, rank: Rank, window: Box) -> None:
        """A wire is new, or has another window."""
        self.ranks[wire] = rank
        self.windows.add(wire, window)
        self.stale[wire] = None

    def drop(self, wire: Wire) -> None:
        """A wire is gone."""
        self.windows.remove(wire)
        self.ranks.pop(wire, None)
        self.stale.pop(wire, None)

    def touch(self, box: Box, after: Rank | None = None) -> None:
        """Something differs there: the wires that may see it, of higher rank than ``after``, are worked on again."""
        for wire in self.windows.at(box):
            if after is None or self.ranks[wire] > after:
                self.stale[wire] = None

    def refresh(self, wire: Wire) -> None:
        """Work on a wire, if it is stale, after those that it sees."""
        todo = [wire]
        while todo:
            last = todo[-1]
            if last not in self.stale:
                todo.pop()
            elif waits := self._waits(last):
                todo += waits
            else:
                del self.stale[last]
                self._work(last)

    def _waits(self, wire: Wire) -> list[Wire]:
        rank = self.ranks[wire]
        near = self.windows.at(self.windows.boxes[wire])
        return [each for each in near if each in self.stale and self.ranks[each] < rank]
