"""Work on numbered wires in a fixed order, repeated only where its inputs have changed."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from engine.graph.routes.geometry import Box, Near

Rank = tuple[object, ...]


class InOrder:
    """Runs ``work`` for each wire, which depends on the wire's window and on the results of lower ranks in it.

    So the results do not depend on the order of changes; ``stale`` are the wires to work on.
    """

    def __init__(self, work: Callable[[int], None]) -> None:
        self._work = work
        self.windows: Near[int] = Near()
        self.ranks: dict[int, Rank] = {}
        self.stale: set[int] = set()
        self._queue: list[tuple[Rank, int]] = []

    def put(self, wire: int, rank: Rank, window: Box) -> None:
        """Add a wire, or change its window."""
        self.ranks[wire] = rank
        self.windows.add(wire, window)
        self._spoil(wire)

    def drop(self, wire: int) -> None:
        """Remove a wire."""
        self.windows.remove(wire)
        self.ranks.pop(wire, None)
        self.stale.discard(wire)

    def touch(self, box: Box, after: Rank | None = None) -> None:
        """Mark the wires as stale whose windows meet a changed box and whose rank is higher than ``after``."""
        if len(self.stale) < len(self.ranks):
            for wire in self.windows.at(box):
                if wire not in self.stale and (after is None or self.ranks[wire] > after):
                    self._spoil(wire)

    def _spoil(self, wire: int) -> None:
        self.stale.add(wire)
        heappush(self._queue, (self.ranks[wire], wire))

    def refresh_next(self) -> int:
        """Work on the stale wire of lowest rank, which depends on no other; returns it, or 0 when none is stale."""
        while self._queue:
            _, wire = heappop(self._queue)
            if wire in self.stale:
                self.stale.remove(wire)
                self._work(wire)
                return wire
        return 0

    def refresh(self, wire: int) -> None:
        """Work on a wire, if it is stale, after those that it depends on."""
        for _ in self.steps(wire):
            pass

    def steps(self, wire: int) -> Iterator[int]:
        """The same in steps, one for each wire."""
        todo = [wire]
        while todo:
            last = todo[-1]
            if last not in self.stale:
                todo.pop()
            elif waits := self._waits(last):
                todo += waits
            else:
                self.stale.remove(last)
                self._work(last)
                yield last

    def _waits(self, wire: int) -> list[int]:
        rank = self.ranks[wire]
        near = self.windows.at(self.windows.boxes[wire])
        stale, ranks = self.stale, self.ranks
        return [each for each in near if each in stale and ranks[each] < rank]
