"""Where a card has room on the canvas."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize

PORT_PX = 14  # around a node, where its ports are
STEP_PX = 12  # between the places that are tried


def free_place(size: QSize, about: QRect, obstacles: Sequence[QRect], area: QRect) -> QPoint | None:
    """Where a card of that size covers nothing, as near as can be to what it is about; ``None`` where it has no room.

    ``taken``: the rectangles to keep clear, that of ``about`` among them.
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
    """Where a card of that size lies without covering what it is about, or covers least of it.

    To the right where there is room, else to the left, below or above.
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
    """Places level with what the card is about, then a grid over the area."""
    level_x = {about.right() + 1, about.left() - size.width(), about.left() + PORT_PX}
    level_y = {about.bottom() + 1, about.top() - size.height(), about.top() + PORT_PX}
    columns = sorted({*range(area.left(), right + 1, STEP_PX), right, *level_x})
    rows = sorted({*range(area.top(), bottom + 1, STEP_PX), bottom, *level_y})
    return (QPoint(x, y) for x in columns if area.left() <= x <= right for y in rows if area.top() <= y <= bottom)


def _distance(rect: QRect, about: QRect) -> tuple[int, int, int]:
    """How far a card is from a rectangle; at equal distance the right side comes first, then the upper edge's level."""
    across = max(rect.left() - about.right(), about.left() - rect.right(), 0)
    down = max(rect.top() - about.bottom(), about.top() - rect.bottom(), 0)
    return across + down, int(rect.left() < about.right()), abs(rect.top() - about.top() - PORT_PX)


def _size(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
