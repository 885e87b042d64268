"""The layout of a matrix of squares in a view, and which names fit beside it."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

MAX_LABEL_PX = 76.0
MAX_SHARE = 0.3  # of the view's width, or height, for names
SHORT_PX = 30.0  # names up to this width are horizontal below the squares, whatever their number
TIGHT = 0.7  # least distance of two names, in line heights
LEAST_PX = 110.0  # smaller views have no axis titles
APART_PX = 6.0
WHOLE_FROM_PX = 5  # larger squares are whole pixels wide


class MatrixFrame(NamedTuple):
    """The rectangle of all squares, the side of one, and the room for names; a length is 0 without names."""

    area: QRectF
    side: float
    title: float  # height of an axis title
    left: float  # width of the names at the left
    below: float  # length of the names below, along their text
    is_flat: bool  # names below are horizontal
    line: float

    def rows(self, count: int, always: int = -1) -> Iterator[int]:
        """The rows whose names fit; that of ``always`` is one of them."""
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
    """The layout with the largest squares that leave room for the names."""
    count, line = max(1, len(names)), ceil(metrics.height())
    widest = ceil(min(MAX_LABEL_PX, max(map(metrics.horizontalAdvance, names), default=0.0)))
    title = line + 2 if min(size.width(), size.height()) >= LEAST_PX else 0
    left = _room(widest, size.width() * MAX_SHARE, line)
    across = size.width() - title - left - APART_PX - 2
    is_flat = widest <= SHORT_PX or widest + APART_PX <= across / count
    below = widest if is_flat else _room(widest, size.height() * MAX_SHARE, line)
    spare = below / 2 if is_flat else line / 2  # for the half of the last name beyond its middle
    foot = (line if is_flat else below) + title + APART_PX
    side = min((across - spare) / count, (size.height() - foot - line / 2) / count)
    if side >= WHOLE_FROM_PX:
        side = float(int(side))
    top = max(1.0, (line - side) / 2)
    return MatrixFrame(
        QRectF(title + left + APART_PX, top, side * count, side * count), side, title, left, below, is_flat, line
    )


def _room(widest: float, most: float, line: float) -> float:
    """The room that names get; 0 if they would be cut to a letter or two."""
    room = min(widest, most)
    return 0.0 if room < min(widest, 3 * line) else room


def _round_up(number: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not below ``number``."""
    step = 1
    while True:
        for each in (step, 2 * step, 5 * step):
            if each >= number:
                return each
        step *= 10
