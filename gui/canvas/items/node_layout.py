"""The layout of a node: its texts, its size, and the places of its ports."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from engine.catalog.emit import Module, Pattern
from engine.catalog.index import layer
from engine.catalog.spec import Layer, Port
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.ports import Ports, declared_ports, ports
from gui.canvas.items.inner_graph import InnerGraph, inner_graph
from gui.canvas.items.parameter_summary import summary
from gui.canvas.items.phase_tag import Tag, phase_tag

Mark = Literal["circle", "square", "diamond", "triangle"]
Measure = Callable[[str, str], float]
"""The width of a text in a voice (``title``, ``small``, ``name``), in scene pixels."""

Side = tuple[tuple[str, Port], ...]
"""Ports, each with its name on a wire."""

Names = tuple[str, ...]
"""Ports as wires name them."""

GRID = 10
ROW = 20  # between ports
HEIGHT = 60
LEAST_BLOCK_ROWS = 2  # as high as the picture of its graph needs
LEFT, RIGHT = 17, 14  # from the node's edges to its text
GLYPH = 19  # the family's icon and the space after it
DETAIL_LINE = 42.0
LEVEL_ROOM = 11.0  # at the lower edge, for the bar of activity
INNER_GAP = 6.0  # around the graph of a block
NARROWEST, USUAL, BLOCK, WIDEST = 160, 180, 200, 220
NAME_GAP = 12


class Spot(NamedTuple):
    """A port on a node: its name as wires write it, and its place from the node's corner."""

    port: str
    is_input: bool
    x: float
    y: float
    mark: Mark
    filled: bool
    label: str  # beside the port; empty for one that is alone on its side


class Look(NamedTuple):
    """All that a node is painted from; nodes with equal looks are painted alike."""

    title: str
    name: str
    detail: str
    family: str
    width: int
    height: int
    inputs: tuple[Spot, ...]
    outputs: tuple[Spot, ...]
    has_labels: bool = False
    bypass: bool = False
    repeat: int = 1
    shares: str = ""
    is_known: bool = True
    phase: Tag | None = None  # of a loss, where the training lists phases
    inner: InnerGraph | None = None  # of a block

    @property
    def line(self) -> float:
        """The distance from the node's top to its first port."""
        side = self.inputs or self.outputs
        return side[0].y if side else self.height / 2

    def spot(self, port: str, *, is_input: bool) -> Spot | None:
        """The port of that name, or ``None``."""
        for each in self.inputs if is_input else self.outputs:
            if each.port == port:
                return each
        return None


def look(
    project: Project, graph: str, name: str, measure: Measure, wires_in: Sequence[Wire], wires_out: Sequence[Wire]
) -> Look:
    """The look of a node, given the wires at its two sides."""
    node = project.graphs[graph].nodes[name]
    declared = layer(node.kind)
    title = _title(node)
    detail = summary(project, graph, name, node)
    least = BLOCK if node.uses_block else NARROWEST
    width = max(least, _width(title, name, detail, measure))
    family = declared.family if declared else "structure"
    into = tuple([wire.target.port for wire in wires_in])
    out_of = tuple(dict.fromkeys([wire.source.port for wire in wires_out]))
    layout = (
        _block_layout(project, node, into, out_of, width)
        if node.uses_block
        else _kind_layout(node.kind, _outputs(declared, node, project.graphs[graph]), into, out_of, width)
    )
    return Look(
        title,
        name,
        detail,
        family,
        width,
        layout.height,
        layout.inputs,
        layout.outputs,
        layout.has_labels,
        node.is_bypassed,
        node.repeat,
        node.shares or "",
        declared is not None,
        phase_tag(project, graph, name) if is_loss(node) else None,
        inner_graph(project.graphs.get(node.graph or "")) if node.uses_block else None,
    )


def inner_areas(look: Look, measure: Measure) -> tuple[QRectF, QRectF]:
    """The room for the graph of a block: between the names of its ports, or below them in the whole width."""
    sides = (look.inputs, look.outputs)
    left, right = (max((measure(each.label, "label") for each in side), default=0.0) for side in sides)
    bottom, ports_bottom = look.height - LEVEL_ROOM, max((each.y for side in sides for each in side), default=0.0)
    between = QRectF(LEFT + left + INNER_GAP, DETAIL_LINE + 1.5 * INNER_GAP, 0, 0)
    between.setBottomRight(QPointF(look.width - RIGHT - right - INNER_GAP, bottom))
    below = QRectF(LEFT, ports_bottom + 1.5 * INNER_GAP, 0, 0)
    below.setBottomRight(QPointF(look.width - RIGHT, bottom))
    return between, below


def is_loss(node: Node) -> bool:
    """Whether a node is a loss, whose look depends on the phases of the training."""
    declared = layer(node.kind)
    return declared is not None and declared.role == "loss"


class PortLayout(NamedTuple):
    """A node's height, the ports at both sides, and whether they have rows with labels."""

    height: int
    inputs: tuple[Spot, ...]
    outputs: tuple[Spot, ...]
    has_labels: bool


@lru_cache(maxsize=4096)
def _kind_layout(kind: str, outputs: tuple[Port, ...] | None, into: Names, out_of: Names, width: int) -> PortLayout:
    """The ports of a kind in the catalogue; cached, since many nodes have the same kind and wires.

    ``outputs``: those of the node, where the parameters decide; ``None``: all that are declared.
    """
    declared = layer(kind)
    if outputs is None:
        outputs = declared.outputs if declared else ()
    return _port_layout(declared, Ports(declared.inputs if declared else (), outputs), into, out_of, width)


def _outputs(declared: Layer | None, node: Node, graph: Graph) -> tuple[Port, ...] | None:
    """The outputs that a node has by its parameters, ``None`` where they do not decide."""
    if declared is None or not declared.has_optional_outputs:
        return None
    return declared_ports(declared, node, graph.nodes.get(node.shares or "")).outputs


def _block_layout(project: Project, node: Node, into: Names, out_of: Names, width: int) -> PortLayout:
    """The ports of a block, all with their names, and room between them for a picture of its graph."""
    inputs, outputs = _sides(ports(project, node), into, out_of)
    height = HEIGHT + ROW * max(len(inputs), len(outputs), LEAST_BLOCK_ROWS)
    left = tuple(_spots(inputs, None, True, height, 0, is_input=True, is_named=True))
    right = tuple(_spots(outputs, None, True, height, width, is_input=False, is_named=True))
    return PortLayout(height, left, right, has_labels=True)


def _port_layout(declared: Layer | None, node_ports: Ports, into: Names, out_of: Names, width: int) -> PortLayout:
    inputs, outputs = _sides(node_ports, into, out_of)
    has_labels = _needs_labels(inputs) or _needs_labels(outputs)
    rows = max(len(inputs), len(outputs))
    height = HEIGHT + ROW * rows if has_labels else max(HEIGHT, ROW * (rows + 1))
    is_named = has_labels and _needs_labels(inputs)
    left = tuple(_spots(inputs, declared, has_labels, height, 0, is_input=True, is_named=is_named))
    is_named = has_labels and _needs_labels(outputs)
    right = tuple(_spots(outputs, declared, has_labels, height, width, is_input=False, is_named=is_named))
    return PortLayout(height, left, right, has_labels)


def _title(node: Node) -> str:
    return (node.graph or "Block") if node.uses_block else node.kind


def _width(title: str, name: str, detail: str, measure: Measure) -> int:
    head = LEFT + GLYPH + measure(title, "title") + NAME_GAP + measure(name, "name") + RIGHT
    body = LEFT + measure(detail, "small") + RIGHT
    if body > WIDEST:  # it is cut in any case
        body = USUAL
    if head > WIDEST:  # the name is beside the detail
        body = LEFT + measure(detail, "small") + NAME_GAP + measure(name, "name") + RIGHT
        head = LEFT + GLYPH + measure(title, "title") + RIGHT
    step = 2 * GRID
    return int(min(WIDEST, max(NARROWEST, -(-head // step) * step, -(-body // step) * step)))


def _sides(node_ports: Ports, into: Names, out_of: Names) -> tuple[Side, Side]:
    """The ports to show, each with its name on a wire; unknown ports that wires name come last."""
    inputs = [pair for port in node_ports.inputs for pair in _places(port, into)]
    outputs = [(port.name, port) for port in node_ports.outputs]
    _add_unknown(inputs, into)
    _add_unknown(outputs, out_of)
    return tuple(inputs), tuple(outputs)


def _places(port: Port, into: Names) -> list[tuple[str, Port]]:
    """A variadic port shows each wire it has, and one free place."""
    if not port.variadic:
        return [(port.name, port)]
    ends = [End("", name) for name in into]
    indices = [end.index for end in ends if end.base == port.name and "[" in end.port]
    return [(f"{port.name}[{index}]", port) for index in range(max(indices, default=-1) + 2)]


def _add_unknown(side: list[tuple[str, Port]], names: Iterable[str]) -> None:
    there = {name for name, _ in side}
    for name in names:
        if name not in there:
            there.add(name)
            side.append((name, Port(name, "any")))


def _needs_labels(side: Side) -> bool:
    """Whether a side has several ports that differ in more than their number."""
    return len({port.name for _, port in side}) > 1


def _spots(
    side: Side, declared: Layer | None, has_labels: bool, height: int, x: float, *, is_input: bool, is_named: bool
) -> Iterable[Spot]:
    first = HEIGHT if has_labels else (height - ROW * (len(side) - 1)) / 2
    states = _states(declared)
    for row, (name, port) in enumerate(side):
        filled = not port.optional and not (port.variadic and row == len(side) - 1 and row > 0)
        yield Spot(name, is_input, x, first + ROW * row, _mark(port, states), filled, port.name if is_named else "")


def _mark(port: Port, states: frozenset[str]) -> Mark:
    if port.variadic:
        return "diamond"
    if port.name in states:
        return "triangle"
    return "square" if port.element in ("int", "bool") else "circle"


def _states(declared: Layer | None) -> frozenset[str]:
    """The ports that are states: those that torch nests, and a recurrent layer's hidden state."""
    emit = declared.emit if declared else None
    if not isinstance(emit, Module):
        return frozenset()
    nested = _nested(emit.takes) | _nested(emit.gives)
    return frozenset(nested | {"h_0", "h_n"}) if declared and declared.traits.one_by_one else frozenset(nested)


def _nested(pattern: Pattern) -> set[str]:
    return {name for part in pattern if not isinstance(part, str) for name in part if isinstance(name, str)}
