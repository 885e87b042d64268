"""A part of a graph for the layout: numbered boxes in layers, and dummy boxes where wires pass a layer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.graph.model import USUAL_SIZE, End, Graph, Size
from engine.graph.ports import Ports

Heights = Mapping[tuple[End, bool], float]
"""How far below the top of its node a port is; ports by name, and whether they are inputs."""

PASSING_PX = 8.0  # the height that a wire takes in a layer that it passes


class Link(NamedTuple):
    """A wire, or the part of one from a layer to the next: from box ``source`` to box ``target``.

    ``leaves`` and ``enters``: how far below the tops of the two boxes it is attached, in pixels.
    """

    source: int
    target: int
    leaves: float
    enters: float


@dataclass(slots=True)
class Net:
    """Boxes by number; those from ``real`` on are dummy boxes of passing wires.

    ``layers``: from left to right, each from top to bottom. ``before``, ``after``: the links of each box to the layers
    on its left and on its right.
    """

    names: list[str]
    widths: list[float]
    heights: list[float]
    links: list[Link]
    layers: list[list[int]] = field(default_factory=list)
    before: list[list[Link]] = field(default_factory=list)
    after: list[list[Link]] = field(default_factory=list)

    @property
    def real(self) -> int:
        """The number of boxes that are nodes."""
        return len(self.names)


def net_of(
    graph: Graph, names: Sequence[str], sizes: Mapping[str, Size], ports: Mapping[str, Ports], heights: Heights
) -> Net:
    """The named nodes and the wires among them, not yet in layers."""
    numbers = {name: number for number, name in enumerate(names)}
    node_sizes = [sizes.get(name, USUAL_SIZE) for name in names]
    wires = [wire for wire in graph.wires if wire.source.node in numbers and wire.target.node in numbers]
    outlets: dict[str, list[str]] = {name: [port.name for port in ports[name].outputs] for name in names}
    inlets: dict[str, list[str]] = {name: [] for name in names}
    for wire in wires:
        inlets[wire.target.node].append(wire.target.port)
        if wire.source.port not in outlets[wire.source.node]:
            outlets[wire.source.node].append(wire.source.port)
    for name in names:
        inlets[name] = _in_order(ports[name], inlets[name])
    links = []
    for wire in wires:
        source, target = numbers[wire.source.node], numbers[wire.target.node]
        leaves = heights.get((wire.source, False))
        enters = heights.get((wire.target, True))
        if leaves is None:
            leaves = node_sizes[source][1] * _share(outlets[wire.source.node], wire.source.port)
        if enters is None:
            enters = node_sizes[target][1] * _share(inlets[wire.target.node], wire.target.port)
        links.append(Link(source, target, leaves, enters))
    return Net(list(names), [width for width, _ in node_sizes], [height for _, height in node_sizes], links)


def _in_order(ports: Ports, names: Iterable[str]) -> list[str]:
    """A node's inputs from top to bottom: the declared ones, with each place of a variadic one, then unknown ones."""
    in_order: list[str] = []
    rest = list(dict.fromkeys(names))
    for port in ports.inputs:
        own = [name for name in rest if name.partition("[")[0] == port.name] if port.variadic else [port.name]
        in_order += sorted(own, key=lambda name: (len(name), name))
    return in_order + [name for name in rest if name not in in_order]


def _share(ports: Sequence[str], port: str) -> float:
    """The position of a port down the side of its node, from 0 to 1."""
    return (ports.index(port) + 0.5) / len(ports)
