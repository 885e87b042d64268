"""The layer of each box: right of all its inputs, and no further left than its wires need."""

from engine.graph.arrange.layered_graph import PASSING_PX, Link, Net

MAX_PASSING = 20  # dummy boxes for each box on average; beyond, the longest wires get none


def put_in_layers(net: Net, sequence: list[int]) -> None:
    """Fill ``layers``, ``before`` and ``after``; ``sequence``: the boxes in an order of computation.

    A link against that order, which only a cycle has, is ignored.
    """
    place = {box: position for position, box in enumerate(sequence)}
    links = [link for link in net.links if place[link.source] < place[link.target]]
    layer_of = _layers(net, links, sequence)
    _add_passing(net, links, layer_of)
    net.layers = [[] for _ in range(max(layer_of, default=-1) + 1)]
    for box in _first_order(net, sequence):
        net.layers[layer_of[box]].append(box)


def _layers(net: Net, links: list[Link], sequence: list[int]) -> list[int]:
    into: list[list[int]] = [[] for _ in net.names]
    out_of: list[list[int]] = [[] for _ in net.names]
    for link in links:
        into[link.target].append(link.source)
        out_of[link.source].append(link.target)
    layer_of = [0] * net.real
    for box in sequence:
        layer_of[box] = max((layer_of[source] + 1 for source in into[box]), default=0)
    for box in reversed(sequence):  # a box with more outputs than inputs moves right: labels, constants
        if len(out_of[box]) > len(into[box]):
            layer_of[box] = min(layer_of[target] for target in out_of[box]) - 1
    lowest = min(layer_of, default=0)
    return [layer - lowest for layer in layer_of]


def _add_passing(net: Net, links: list[Link], layer_of: list[int]) -> None:
    """Cut long links into parts from layer to layer; those of one output port share their parts as far as possible."""
    net.before, net.after = [[] for _ in net.names], [[] for _ in net.names]
    budget = MAX_PASSING * net.real
    ways: dict[tuple[int, float], list[int]] = {}  # by output port, the dummy box in each further layer
    for link in sorted(links, key=lambda link: layer_of[link.target] - layer_of[link.source]):
        span = layer_of[link.target] - layer_of[link.source]
        way = ways.setdefault((link.source, link.leaves), [])
        if len(net.heights) - net.real + max(0, span - 1 - len(way)) > budget:
            continue
        while len(way) < span - 1:
            _connect(net, _way_end(link, way), _new_passing(net, layer_of, layer_of[link.source] + len(way) + 1), way)
        last, leaves = (way[span - 2], PASSING_PX / 2) if span > 1 else (link.source, link.leaves)
        _join(net, Link(last, link.target, leaves, link.enters))


def _way_end(link: Link, way: list[int]) -> tuple[int, float]:
    return (way[-1], PASSING_PX / 2) if way else (link.source, link.leaves)


def _new_passing(net: Net, layer_of: list[int], layer: int) -> int:
    layer_of.append(layer)
    net.heights.append(PASSING_PX)
    net.widths.append(0.0)
    net.before.append([])
    net.after.append([])
    return len(net.heights) - 1


def _connect(net: Net, end: tuple[int, float], passing: int, way: list[int]) -> None:
    _join(net, Link(end[0], passing, end[1], PASSING_PX / 2))
    way.append(passing)


def _join(net: Net, link: Link) -> None:
    net.after[link.source].append(link)
    net.before[link.target].append(link)


def _first_order(net: Net, sequence: list[int]) -> list[int]:
    """The boxes in depth-first order along the links, so that branches stay together."""
    boxes: dict[int, None] = {}
    for start in sequence:
        stack = [] if net.before[start] else [start]
        while stack:
            box = stack.pop()
            if box not in boxes:
                boxes[box] = None
                stack += [link.target for link in sorted(net.after[box], key=lambda link: -link.leaves)]
    return [*boxes, *(box for box in range(len(net.heights)) if box not in boxes)]
