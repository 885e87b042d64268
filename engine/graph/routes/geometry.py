"""Points, boxes, lines, and a spatial index."""

from collections.abc import Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

BUCKET_PX = 256.0
MAX_BUCKETS = 2000  # a box over more is checked in every query

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle by its four sides."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two share an area; touching is not enough."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )  # fmt: skip

    def grown(self, across: float, down: float) -> "Box":
        """The box, larger on all sides."""
        return Box(self.left - across, self.top - down, self.right + across, self.bottom + down)


class Line(NamedTuple):
    """A horizontal (level) or vertical piece of a wire, from ``low`` to ``high`` along its axis, ``at`` on the other.

    ``net``: the output port that the wire starts at; wires of one net may share a line. ``rank``: the wire's place in
    the order of routing.
    """

    net: Hashable
    rank: tuple[object, ...]
    is_level: bool
    at: float
    low: float
    high: float

    @property
    def box(self) -> Box:
        """The line as a box without area."""
        if self.is_level:
            return Box(self.low, self.at, self.high, self.at)
        return Box(self.at, self.low, self.at, self.high)


Key = TypeVar("Key", bound=Hashable)


class Near(Generic[Key]):
    """Keys by their boxes. Results are in the order in which keys were added, the same on every machine."""

    def __init__(self) -> None:
        self.boxes: dict[Key, Box] = {}
        self._buckets: dict[tuple[int, ...], dict[Key, None]] = {}

    def add(self, key: Key, box: Box) -> None:
        """Set the box of a key."""
        if key in self.boxes:
            self.remove(key)
        self.boxes[key] = box
        for place in _places(box):
            self._buckets.setdefault(place, {})[key] = None

    def remove(self, key: Key) -> None:
        """Remove a key, if it exists."""
        box = self.boxes.pop(key, None)
        for place in _places(box) if box else ():
            bucket = self._buckets[place]
            del bucket[key]
            if not bucket:
                del self._buckets[place]

    def at(self, box: Box) -> list[Key]:
        """The keys whose boxes meet this one or touch it."""
        left, top, right, bottom = box
        keys: dict[Key, None] = {}
        boxes, buckets = self.boxes, self._buckets
        places = _places(box)
        for bucket in buckets.values() if _EVERYWHERE in places else map(buckets.get, (*places, _EVERYWHERE)):
            for key in bucket or ():
                if key not in keys:
                    a, b, c, d = boxes[key]
                    if a <= right and left <= c and b <= bottom and top <= d:
                        keys[key] = None
        return list(keys)


_EVERYWHERE = (0, 0, 0)


class Lines:
    """The lines by position; each has a number, since numbers are fast keys."""

    def __init__(self) -> None:
        self._near: Near[int] = Near()
        self._lines: dict[int, Line] = {}
        self._next = 0

    def add(self, line: Line) -> int:
        """Add a line; returns its number."""
        self._next += 1
        self._lines[self._next] = line
        self._near.add(self._next, line.box)
        return self._next

    def remove(self, number: int) -> None:
        """Remove the line of that number."""
        del self._lines[number]
        self._near.remove(number)

    def at(self, box: Box) -> list[Line]:
        """The lines that meet a box or touch it."""
        return [self._lines[number] for number in self._near.at(box)]


def _places(box: Box) -> Iterable[tuple[int, ...]]:
    """The buckets of a box."""
    left, top, right, bottom = (int(side // BUCKET_PX) for side in box)
    if left == right and top == bottom:
        return ((left, top),)
    if (right - left + 1) * (bottom - top + 1) > MAX_BUCKETS:
        return (_EVERYWHERE,)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
