"""Where the squares of a matrix lie in a view, and which of its names have room beside them."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

MOST_LABEL_PX = 76.0
MOST_SHARE = 0.3  # of the view's width, or height, for names
SHORT_PX = 30.0  # names up to here lie flat below the squares, however many there are
TIGHT = 0.7  # of a line's height, from one name to the next
LEAST_PX = 110.0  # smaller views have no room for the names of the axes
APART_PX = 6.0
WHOLE_FROM_PX = 5  # larger squares are whole pixels


class MatrixFrame(NamedTuple):
    """The rectangle of all squares, the side of one, and what is left for names; a length is 0 where there is none."""

    area: QRectF
    side: float
    title: float  # height of an axis's name
    left: float  # length of the names at the left
    below: float  # the same for those below, along their text
    is_flat: bool  # those below are not turned
    line: float

    def rows(self, count: int, always: int = -1) -> Iterator[int]:
        """The rows whose names have room, that of ``shown`` among them."""
        return self._spaced(count, self.line * TIGHT, always) if self.left else iter(())

    def columns(self, count: int, always: int = -1) -> Iterator[int]:
        """The same for columns."""
        return (
            self._spaced(count, self.below + APART_PX if self.is_flat else self.line * TIGHT, always)
            if self.below
            else iter(())
        )

    def _spaced(self, count: int, apart: float, always: int) -> Iterator[int]:
        every = _round_up(ceil(apart / self.side)) if self.side > 0 else count
        for place in range(count):
            is_near = always >= 0 and abs(place - always) * self.side < apart
            if place == always or (place % every == 0 and not is_near):
                yield place


def framed(size: QSizeF, names: Sequence[str], metrics: QFontMetricsF) -> MatrixFrame:
    """The largest squares that leave room for the names."""
    count, line = max(1, len(names)), ceil(metrics.height())
    widest = ceil(min(MOST_LABEL_PX, max(map(metrics.horizontalAdvance, names), default=0.0)))
    title = line + 2 if min(size.width(), size.height()) >= LEAST_PX else 0
    left = _room(widest, size.width() * MOST_SHARE, line)
    across = size.width() - title - left - APART_PX - 2
    is_flat = widest <= SHORT_PX or widest + APART_PX <= across / count
    below = widest if is_flat else _room(widest, size.height() * MOST_SHARE, line)
    spare = below / 2 if is_flat else line / 2  # of the last name, which is as wide as that beyond its middle
    foot = (line if is_flat else below) + title + APART_PX
    side = min((across - spare) / count, (size.height() - foot - line / 2) / count)
    if side >= WHOLE_FROM_PX:
        side = float(int(side))
    top = max(1.0, (line - side) / 2)
    return MatrixFrame(
        QRectF(title + left + APART_PX, top, side * count, side * count), side, title, left, below, is_flat, line
    )


def _room(widest: float, most: float, line: float) -> float:
    """What names get of what they would like; where they would be cut to a letter or two, nothing."""
    room = min(widest, most)
    return 0.0 if room < min(widest, 3 * line) else room


def _round_up(number: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ..."""
    step = 1
    while True:
        for each in (step, 2 * step, 5 * step):
            if each >= number:
                return each
        step *= 10
