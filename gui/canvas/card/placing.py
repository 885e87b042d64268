"""Free places for a card on the canvas."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize

PORT_PX = 14  # around a node, where its ports are
STEP_PX = 12  # between the places that are tried


def free_place(size: QSize, about: QRect, obstacles: Sequence[QRect], area: QRect) -> QPoint | None:
    """The place nearest to ``about`` where a card of that size covers nothing, or ``None``.

    ``obstacles``: the rectangles to keep clear, including ``about``.
    """
    right, bottom = area.right() + 1 - size.width(), area.bottom() + 1 - size.height()
    if right < area.left() or bottom < area.top():
        return None
    nearby = [each for each in obstacles if each.intersects(area)]
    for at in sorted(_places(size, about, area, right, bottom), key=lambda at: _distance(QRect(at, size), about)):
        rect = QRect(at, size)
        if not any(rect.intersects(each) for each in nearby):
            return at
    return None


def beside(size: QSize, about: QRect, area: QRect) -> QPoint:
    """The place beside ``about`` where a card of that size covers least of it.

    To the right if there is room, otherwise to the left, below or above.
    """
    right, bottom = area.right() + 1 - size.width(), area.bottom() + 1 - size.height()
    x = max(area.left(), min(about.left() + PORT_PX, right))
    y = max(area.top(), min(about.top() + PORT_PX, bottom))
    sides = (
        QPoint(min(about.right() + 1, right), y),
        QPoint(max(about.left() - size.width(), area.left()), y),
        QPoint(x, min(about.bottom() + 1, bottom)),
        QPoint(x, max(about.top() - size.height(), area.top())),
    )
    corners = (QPoint(across, down) for across in (area.left(), right) for down in (area.top(), bottom))
    return min((*sides, *corners), key=lambda at: _size(QRect(at, size) & about))


def _places(size: QSize, about: QRect, area: QRect, right: int, bottom: int) -> Iterable[QPoint]:
    """Places level with ``about``, then a grid over the area."""
    level_x = {about.right() + 1, about.left() - size.width(), about.left() + PORT_PX}
    level_y = {about.bottom() + 1, about.top() - size.height(), about.top() + PORT_PX}
    columns = sorted({*range(area.left(), right + 1, STEP_PX), right, *level_x})
    rows = sorted({*range(area.top(), bottom + 1, STEP_PX), bottom, *level_y})
    return (QPoint(x, y) for x in columns if area.left() <= x <= right for y in rows if area.top() <= y <= bottom)


def _distance(rect: QRect, about: QRect) -> tuple[int, int, int]:
    """The sort key of a place: its distance from ``about``, then its right side first, then level upper edges."""
    across = max(rect.left() - about.right(), about.left() - rect.right(), 0)
    down = max(rect.top() - about.bottom(), about.top() - rect.bottom(), 0)
    return across + down, int(rect.left() < about.right()), abs(rect.top() - about.top() - PORT_PX)


def _size(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
