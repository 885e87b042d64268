"""The positions of the chips of wires: on the wire or above a short one, never under a node or on another chip."""

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from engine.graph.model import Wire
from engine.graph.routes.geometry import Box, Near, Point
from engine.graph.routes.order import InOrder
from engine.graph.routes.router import Corners, Router

TALL_PX = 18.0
FREE_PX = 3.0  # between a chip and everything else
SEEN_PX = 8.0  # of wire that is visible on both sides of its chip
STEP_PX = 12.0
OVER_PX = 14.0  # from a node up to a chip above the wire beside it
TRIES = 9  # positions on a piece of a wire


class Chips:
    """The middle of each chip; a chip without room has none."""

    def __init__(self, router: Router) -> None:
        self._router = router
        router.listeners.append(self._touch)
        self._order = InOrder(self._place)
        self._requests: dict[Wire, tuple[int, Corners, float]] = {}
        self._wires: dict[int, Wire] = {}
        self._middles: dict[int, Point | None] = {}
        self._chips: Near[int] = Near()
        self._changed: dict[int, None] = {}

    def take_changed(self) -> list[Wire]:
        """The wires whose chips were placed since the last call."""
        wires = [self._wires[number] for number in self._changed if number in self._wires]
        self._changed.clear()
        return wires

    def place_next(self) -> bool:
        """Place the next chip whose position may have changed, if there is one."""
        return self._order.refresh_next() > 0

    def put(self, wire: Wire, corners: Corners, width: float) -> None:
        """Set the corners of a wire and the width of its chip."""
        request = self._router.number(wire), corners, width
        if self._requests.get(wire) != request:
            self.drop(wire)
            self._requests[wire] = request
            self._wires[request[0]] = wire
            reach = _around(corners).grown(width, 2 * OVER_PX + self._height(wire))
            self._order.put(request[0], self._router.rank(wire), reach)

    def drop(self, wire: Wire) -> None:
        """Remove the chip of a wire."""
        if request := self._requests.pop(wire, None):
            self._show(request[0], None, 0.0)
            self._middles.pop(request[0], None)
            del self._wires[request[0]]
            self._order.drop(request[0])

    def middle(self, wire: Wire) -> Point | None:
        """The middle of the chip of a wire, or ``None`` when there is no room for it."""
        if wire not in self._requests:
            return None
        number = self._requests[wire][0]
        self._order.refresh(number)
        return self._middles[number]

    def _touch(self, box: Box) -> None:
        self._order.touch(box.grown(FREE_PX, FREE_PX))

    def _height(self, wire: Wire) -> float:
        boxes = self._router.nodes.boxes
        ends = (boxes.get(wire.source.node), boxes.get(wire.target.node))
        return max((box.bottom - box.top for box in ends if box), default=0.0)

    def _place(self, number: int) -> None:
        self._changed[number] = None
        wire, rank = self._wires[number], self._order.ranks[number]
        _, corners, width = self._requests[wire]
        places = chain(_along(corners, width), self._over(wire, corners))
        fallback: Point | None = None
        for middle in places:
            box = _box(middle, width)
            if not self._is_free(box, rank):
                continue
            lines = self._router.lines.at(box.grown(FREE_PX, FREE_PX))
            if any(line.rank[:-1] < rank for line in lines):
                continue  # they are painted over the chips of later wires
            others = [line for line in lines if line.net != wire.source]
            if not others:
                self._show(number, middle, width)
                return
            if fallback is None and not any(line.is_level for line in others):
                fallback = middle
        self._show(number, fallback, width)

    def _is_free(self, box: Box, rank: tuple[object, ...]) -> bool:
        nodes, around = self._router.nodes, box.grown(FREE_PX, FREE_PX)
        if any(nodes.boxes[name].meets(around) for name in nodes.at(around)):
            return False
        return not any(self._order.ranks[number] < rank for number in self._chips.at(around))

    def _over(self, wire: Wire, corners: Corners) -> Iterator[Point]:
        """The position above a wire between two nodes that are side by side."""
        boxes = self._router.nodes.boxes
        source, target = boxes.get(wire.source.node), boxes.get(wire.target.node)
        if source and target and source.right <= target.left:
            x = (corners[0][0] + corners[-1][0]) / 2
            is_level = abs(source.top + source.bottom - target.top - target.bottom) / 2 < source.bottom - source.top
            if is_level and target.left - source.right < 2 * TALL_PX + 180.0:
                yield x, min(source.top, target.top) - OVER_PX

    def _show(self, number: int, middle: Point | None, width: float) -> None:
        before = self._middles.get(number)
        self._middles[number] = middle
        if before == middle:
            return
        rank = self._order.ranks[number]
        if old := self._chips.boxes.get(number):
            self._chips.remove(number)
            self._order.touch(old, rank)
        if middle:
            box = _box(middle, width)
            self._chips.add(number, box)
            self._order.touch(box, rank)


def _box(middle: Point, width: float) -> Box:
    x, y = middle
    return Box(x - width / 2, y - TALL_PX / 2, x + width / 2, y + TALL_PX / 2)


def _around(corners: Iterable[Point]) -> Box:
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _along(corners: Corners, width: float) -> Iterator[Point]:
    """Positions on the horizontal pieces of a wire, from the middle of the longest on; then on the vertical ones."""
    pieces = sorted(pairwise(corners), key=lambda piece: -abs(piece[1][0] - piece[0][0]))
    for one, two in pieces:
        slack = (abs(two[0] - one[0]) - width) / 2 - SEEN_PX
        if one[1] == two[1] and slack >= 0:
            middle = (one[0] + two[0]) / 2
            for shift in _shifts(slack):
                yield middle + shift, one[1]
    for one, two in sorted(pieces, key=lambda piece: -abs(piece[1][1] - piece[0][1])):
        slack = (abs(two[1] - one[1]) - TALL_PX) / 2 - SEEN_PX
        if one[0] == two[0] and slack >= 0:
            middle = (one[1] + two[1]) / 2
            for shift in _shifts(slack):
                yield one[0], middle + shift


def _shifts(slack: float) -> Iterator[float]:
    """Steps to both sides, as far as there is room."""
    yield 0.0
    for step in range(1, TRIES):
        shift = step * max(STEP_PX, slack / TRIES)
        if shift > slack:
            return
        yield from (-shift, shift)
