"""The vertical position of each box: boxes that wires connect are aligned where possible, and none overlap.

After Brandes and Koepf (2002), with ports and sizes: each box is aligned with the median of its neighbours on one
side, which makes rows that move together; rows then move towards their wires, as far as other rows leave room.
Of the four ways (left or right neighbours, from the top or the bottom) the one with the straightest wires is used.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise, product
from math import inf
from statistics import median

from engine.graph.arrange.layered_graph import Link, Net
from engine.graph.stepwise import Steps

GAP_PX = 32.0  # between nodes of a layer
PASSING_GAP_PX = 26.0  # beside a passing wire, with room for the numbers below a node
PULLS = 6  # rounds of moving rows


def place_vertically(net: Net) -> Steps[list[float]]:
    """The top of every box, in pixels; the smallest is 0."""
    if not net.layers:
        return []
    crossed = _links_across(net)
    yield
    ways = []
    for left, down in product((True, False), repeat=2):
        rows = _rows(net, crossed, leftwards=left, downwards=down)
        yield
        tops = _row_tops(net, rows)
        ways.append([tops[row] + below for row, below in zip(rows.row, rows.below, strict=True)])
        yield
    best = min(ways, key=lambda tops: _bends(net, tops))
    highest = min(best[: net.real])
    return [top - highest for top in best]


def _bends(net: Net, tops: list[float]) -> float:
    return sum(
        abs(tops[link.source] + link.leaves - tops[link.target] - link.enters) for links in net.after for link in links
    )


def _links_across(net: Net) -> set[Link]:
    """The links that cross a passing wire; they are not aligned, so that long wires are straight."""
    place = {box: position for layer in net.layers for position, box in enumerate(layer)}
    links_across: set[Link] = set()
    for layer in net.layers:
        links = [link for box in layer for link in net.after[box]]
        passing = [(place[link.source], place[link.target]) for link in links if _passes(net, link)]
        sources = [source for source, _ in passing]  # rising, as boxes are in order
        highest = list(accumulate((target for _, target in passing), max, initial=-1))
        lowest = list(accumulate((target for _, target in reversed(passing)), min, initial=len(place)))[::-1]
        for link in links if passing else ():
            source, target = place[link.source], place[link.target]
            lies_across = (
                highest[bisect_left(sources, source)] > target or lowest[bisect_right(sources, source)] < target
            )
            if lies_across and not _passes(net, link):
                links_across.add(link)
    return links_across


def _passes(net: Net, link: Link) -> bool:
    return link.source >= net.real and link.target >= net.real


@dataclass(slots=True)
class _Rows:
    """Boxes that move together. ``row``: that of each box; ``below``: how far its top is below that of the row."""

    row: list[int]
    below: list[float]


def _rows(net: Net, crossed: set[Link], *, leftwards: bool, downwards: bool) -> _Rows:
    """Align each box with the median of its neighbours on one side, where rows do not cross."""
    rows = _Rows(list(range(len(net.heights))), [0.0] * len(net.heights))
    place = {box: position for layer in net.layers for position, box in enumerate(layer)}
    sign = 1 if downwards else -1
    for layer in net.layers if leftwards else reversed(net.layers):
        last = -1 if downwards else len(place)
        for box in layer[::sign]:
            for link in _medians(net.before[box] if leftwards else net.after[box], place, leftwards, sign):
                neighbour = link.source if leftwards else link.target
                if link not in crossed and (place[neighbour] - last) * sign > 0:
                    step = link.leaves - link.enters
                    rows.row[box] = rows.row[neighbour]
                    rows.below[box] = rows.below[neighbour] + (step if leftwards else -step)
                    last = place[neighbour]
                    break
    return rows


def _medians(links: list[Link], place: dict[int, int], leftwards: bool, sign: int) -> list[Link]:
    """The one or two middle links by the place of their other end, the one nearer to the start of the layer first."""
    if leftwards:
        links = sorted(links, key=lambda link: (place[link.source], link.leaves))
    else:
        links = sorted(links, key=lambda link: (place[link.target], link.enters))
    middle = links[(len(links) - 1) // 2 : len(links) // 2 + 1]
    return middle[::sign]


def _row_tops(net: Net, rows: _Rows) -> dict[int, float]:
    """The top of each row: first as high as the rows above allow, then moved towards its wires."""
    under, over = _distances(net, rows)
    tops: dict[int, float] = {}
    for row in _from_top(under, over):
        tops[row] = max((tops[upper] + distance for upper, distance in over[row]), default=0.0)
    pulls = _pulls(net, rows)
    order = list(tops)
    for turn in range(PULLS):
        for row in reversed(order) if turn % 2 == 0 else order:
            targets = [tops[other] + step for other, step in pulls[row]]
            if targets:
                floor = min((tops[lower] - distance for lower, distance in under[row]), default=inf)
                ceiling = max((tops[upper] + distance for upper, distance in over[row]), default=-inf)
                tops[row] = max(min(median(targets), floor), ceiling)
    return tops


Apart = dict[int, list[tuple[int, float]]]


def _distances(net: Net, rows: _Rows) -> tuple[Apart, Apart]:
    """For each row the rows directly below and directly above it, each with the least distance of their tops."""
    distances: dict[tuple[int, int], float] = {}
    for layer in net.layers:
        for upper, lower in pairwise(layer):
            gap = GAP_PX if upper < net.real and lower < net.real else PASSING_GAP_PX
            pair = rows.row[upper], rows.row[lower]
            distance = rows.below[upper] + net.heights[upper] + gap - rows.below[lower]
            distances[pair] = max(distance, distances.get(pair, -inf))
    under: Apart = {row: [] for row in rows.row}
    over: Apart = {row: [] for row in rows.row}
    for (upper, lower), distance in distances.items():
        under[upper].append((lower, distance))
        over[lower].append((upper, distance))
    return under, over


def _from_top(under: Apart, over: Apart) -> Iterator[int]:
    """The rows, each after all that are above it; rows never cross, so there is such an order."""
    waits = {row: len(uppers) for row, uppers in over.items()}
    free = [row for row, count in waits.items() if count == 0]
    for row in free:
        yield row
        for lower, _ in under[row]:
            waits[lower] -= 1
            if waits[lower] == 0:
                free.append(lower)


def _pulls(net: Net, rows: _Rows) -> Apart:
    """For each row the positions that make its wires straight: a distance below another row."""
    pulls: Apart = {row: [] for row in rows.row}
    for links in net.after:
        for link in links:
            source, target = rows.row[link.source], rows.row[link.target]
            if source != target:
                step = rows.below[link.source] + link.leaves - rows.below[link.target] - link.enters
                pulls[target].append((source, step))
                pulls[source].append((target, -step))
    return pulls
