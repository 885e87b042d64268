"""Room for a node between two others: which nodes move, and where to."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF

GAP = 100.0  # between a node and its neighbours: room for a wire with a chip, as in the automatic layout

Targets = Callable[[str], list[str]]
"""The nodes that a node's wires lead to."""


def make_room(
    rects: Mapping[str, QRectF], before: str, after: str, size: tuple[float, float], corner: QPointF, targets: Targets
) -> tuple[QPointF, dict[str, QPointF]]:
    """Where a new node goes between ``before`` and ``after``, and the new places of those that make room for it.

    The nodes that follow ``after`` move too, up to where the chain turns back.
    """
    left, right = rects[before], rects[after]
    if right.left() < left.right():  # the wire runs back: there is room wherever the node is
        return corner, {}
    x = max(corner.x(), left.right() + GAP)
    lacking = x + size[0] + GAP - right.left()
    if lacking <= 0:
        return QPointF(min(max(corner.x(), left.right() + GAP), right.left() - GAP - size[0]), corner.y()), {}
    if left.right() + GAP + size[0] + GAP <= right.left():  # it fits when it moves left a little
        return QPointF(right.left() - GAP - size[0], corner.y()), {}
    x = left.right() + GAP
    lacking = x + size[0] + GAP - right.left()
    return QPointF(x, corner.y()), {
        name: rects[name].topLeft() + QPointF(lacking, 0) for name in _onwards(rects, after, targets)
    }


def _onwards(rects: Mapping[str, QRectF], start: str, targets: Targets) -> set[str]:
    names, todo = {start}, [start]
    while todo:
        name = todo.pop()
        for follower in targets(name):
            if follower not in names and follower in rects and rects[follower].left() >= rects[name].left():
                names.add(follower)
                todo.append(follower)
    return names
