"""Layers that stay together in a row: a residual block, a module with branches, a single layer of a chain."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from engine.graph.arrange.layered_graph import Net

Unit = tuple[int, int]
"""The index of the first layer, and of the one after the last."""


def units(passing: Sequence[int], across: Callable[[Unit], float], width: float) -> list[Unit]:
    """The parts between which a row may break, from left to right.

    ``passing``: how many values go on from each layer. A row may break where only one does; a part that is wider than
    ``width`` breaks where the fewest do.
    """
    finished: list[Unit] = []
    todo = [((0, len(passing)), 1)]
    while todo:
        unit, most = todo.pop()
        parts = _parts(unit, passing, most) if most == 1 or across(unit) > width else [unit]
        if len(parts) > 1 or (most == 1 and across(unit) > width):
            todo += [(part, most + 1) for part in reversed(parts)]
        elif across(unit) > width and unit[1] - unit[0] > 1:
            todo.append((unit, most + 1))
        else:
            finished.append(unit)
    return _joined(finished, across, width)


def passing_values(net: Net) -> list[int]:
    """How many values pass from each layer to the next, including those that go further."""
    layer_of = {box: place for place, layer in enumerate(net.layers) for box in layer}
    last: dict[tuple[int, float], int] = {}  # of each output port, the furthest layer that it reaches
    for link in net.links:
        port = link.source, link.leaves
        last[port] = max(layer_of[link.target], last.get(port, 0))
    steps = [0] * (len(net.layers) + 1)
    for (box, _), furthest in last.items():
        if furthest > layer_of[box]:
            steps[layer_of[box]] += 1
            steps[furthest] -= 1
    return list(accumulate(steps[:-1]))


def _parts(unit: Unit, passing: Sequence[int], most: int) -> list[Unit]:
    """A unit, cut wherever at most ``most`` values pass."""
    first, end = unit
    cuts = [place + 1 for place in range(first, end - 1) if passing[place] <= most]
    return list(zip([first, *cuts], [*cuts, end], strict=True))


def _joined(parts: list[Unit], across: Callable[[Unit], float], width: float) -> list[Unit]:
    """Join a single layer to the block before it, where it fits: the activation after a sum."""
    groups: list[Unit] = []
    follows_block = False
    for first, end in parts:
        is_single = end - first == 1
        if is_single and follows_block and across((groups[-1][0], end)) <= width:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((first, end))
        follows_block = not is_single
    return groups
