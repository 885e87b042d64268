"""Reroute dots when nodes are arranged: they keep their place between the ends of their wire."""

from collections.abc import Collection

Point = tuple[float, float]
Rect = tuple[float, float, float, float]  # left, top, right, bottom

BESIDE_PX = 24.0  # from a node to a dot that would otherwise be under it


def dots_after_move(
    points: Collection[Point], before: tuple[Point, Point], after: tuple[Point, Point], nodes: Collection[Rect]
) -> tuple[Point, ...]:
    """The dots of a wire whose ends move. ``before``, ``after``: the ends; ``nodes``: all nodes after the move."""
    return tuple(_beside(_moved(point, before, after), nodes) for point in points)


def _moved(point: Point, before: tuple[Point, Point], after: tuple[Point, Point]) -> Point:
    """The point at the same share of the way from end to end, and the same distance from the straight line."""
    (left, one), (right, other) = before
    share = (point[0] - left) / (right - left) if left != right else 0.5
    share = min(max(share, 0.0), 1.0)  # a dot beyond an end avoided a node that is elsewhere now
    offset = point[1] - (one + (other - one) * share)
    (left, one), (right, other) = after
    return round(left + (right - left) * share, 1), round(one + (other - one) * share + offset, 1)


def _beside(point: Point, nodes: Collection[Rect]) -> Point:
    """The point itself, or the nearest one above or below the nodes there."""
    x, y = point
    spans = sorted(
        (top - BESIDE_PX, bottom + BESIDE_PX)
        for left, top, right, bottom in nodes
        if left - BESIDE_PX < x < right + BESIDE_PX
    )
    up = down = y
    for top, bottom in reversed(spans):
        if top < up < bottom:
            up = top
    for top, bottom in spans:
        if top < down < bottom:
            down = bottom
    return (x, up) if y - up <= down - y else (x, down)
