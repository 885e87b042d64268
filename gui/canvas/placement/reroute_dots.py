"""New reroute dots on a wire."""

from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF

from gui.canvas.items.wire_item import WireItem
from gui.canvas.placement.moves_with import Points


def with_dot(item: WireItem, at: QPointF) -> tuple[Points, int]:
    """The dots of a wire with a new one, and the index of that."""
    steps = list(pairwise(item.stops))
    index = min(range(len(steps)), key=lambda step: _detour(steps[step][0], steps[step][1], at))
    dots = (*item.wire.points[:index], (round(at.x(), 1), round(at.y(), 1)), *item.wire.points[index:])
    return dots, index


def _detour(start: QPointF, end: QPointF, at: QPointF) -> float:
    return (
        hypot(at.x() - start.x(), at.y() - start.y())
        + hypot(end.x() - at.x(), end.y() - at.y())
        - hypot(end.x() - start.x(), end.y() - start.y())
    )
