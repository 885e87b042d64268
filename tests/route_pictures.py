"""Graphs with sizes and ports of nodes as in the window, their routes, and checks of these."""

from dataclasses import dataclass, field
from itertools import combinations, pairwise

from engine.graph.model import End, Graph, Project, Wire
from engine.graph.ports import ports
from engine.graph.routes import Box, Chips, Corners, Point, Router

CHIP_PX = 90.0
WIDTHS = (160.0, 180.0, 200.0, 220.0)


@dataclass
class Picture:
    """The positions of nodes, and of their ports from the corners of nodes."""

    graph: Graph
    project: Project = field(default_factory=lambda: Project(graphs={}))
    sizes: dict[str, tuple[float, float]] = field(default_factory=dict)
    spots: dict[tuple[End, bool], Point] = field(default_factory=dict)
    corners: dict[str, Point] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, name in enumerate(self.graph.nodes):
            self._measure(name, WIDTHS[place % len(WIDTHS)])

    def _measure(self, name: str, width: float) -> None:
        node_ports = ports(self.project, self.graph.nodes[name])
        targets = [wire.target for wire in self.graph.wires if wire.target.node == name]
        inputs: list[str] = []
        for port in node_ports.inputs:
            count = 1 + max((end.index for end in targets if end.base == port.name), default=-1) + 1
            inputs += [f"{port.name}[{place}]" for place in range(count)] if port.variadic else [port.name]
        outputs = [port.name for port in node_ports.outputs]
        has_rows = len({port.name for port in node_ports.inputs}) > 2 or len(outputs) > 1
        rows = max(len(inputs), len(outputs))
        height = 60.0 + 20.0 * rows if has_rows else max(60.0, 20.0 * (rows + 1))
        self.sizes[name] = width, height
        for side, is_input in ((inputs, True), (outputs, False)):
            first = 60.0 if has_rows else (height - 20.0 * (len(side) - 1)) / 2
            for row, port in enumerate(side):
                self.spots[End(name, port), is_input] = (0.0 if is_input else width, first + 20.0 * row)

    def as_drawn(self) -> "Picture":
        """Leave all nodes where the graph has them."""
        self.corners = {name: node.pos for name, node in self.graph.nodes.items()}
        return self

    def in_a_row(self, gap: float = 40.0) -> "Picture":
        """Put all nodes side by side, as in a hasty graph."""
        x = 0.0
        for name, (width, _) in self.sizes.items():
            self.corners[name] = x, 0.0
            x += width + gap
        return self

    def box(self, name: str) -> Box:
        (x, y), (width, height) = self.corners[name], self.sizes[name]
        return Box(x, y, x + width, y + height)

    def ends(self, wire: Wire) -> tuple[Point, Point]:
        return self._end(wire.source, is_input=False), self._end(wire.target, is_input=True)

    def _end(self, end: End, *, is_input: bool) -> Point:
        (x, y), (right, down) = self.corners[end.node], self.spots[end, is_input]
        return x + right, y + down

    def tell(self, router: Router) -> None:
        """Add all nodes and wires to a router."""
        for name in self.graph.nodes:
            router.put_node(name, self.box(name))
        for wire in self.graph.wires:
            router.put_wire(wire, *self.ends(wire))

    def routes(self) -> dict[Wire, Corners]:
        router = Router()
        self.tell(router)
        return {wire: router.route(wire) for wire in self.graph.wires}

    def chips(self) -> dict[Wire, Point | None]:
        router = Router()
        self.tell(router)
        chips = Chips(router)
        for wire in self.graph.wires:
            chips.put(wire, router.route(wire), CHIP_PX)
        return {wire: chips.middle(wire) for wire in self.graph.wires}


def boxes_of(corners: Corners) -> list[Box]:
    """The straight pieces of a route."""
    return [
        Box(min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))
        for one, two in pairwise(corners)
    ]


def through_nodes(picture: Picture, routes: dict[Wire, Corners]) -> list[tuple[Wire, str]]:
    """The wires that run through nodes, including their own two, which they may only touch."""
    nodes = {name: picture.box(name) for name in picture.graph.nodes}
    return [
        (wire, name)
        for wire, corners in routes.items()
        for piece in boxes_of(corners)
        for name, box in nodes.items()
        if piece.grown(0.01, 0.01).meets(box.grown(-0.02, -0.02))
    ]


def near_nodes(picture: Picture, routes: dict[Wire, Corners], px: float) -> list[tuple[Wire, str]]:
    """The wires that come so close to another node that they seem to end there."""
    nodes = {name: picture.box(name) for name in picture.graph.nodes}
    return [
        (wire, name)
        for wire, corners in routes.items()
        for piece in boxes_of(corners)
        for name, box in nodes.items()
        if name not in (wire.source.node, wire.target.node) and piece.grown(0.01, 0.01).meets(box.grown(px, px))
    ]


def on_one_line(routes: dict[Wire, Corners], apart: float = 0.9) -> list[tuple[Wire, Wire]]:
    """The pairs of wires from different ports that run along one line."""
    pieces = [(wire, piece) for wire, corners in routes.items() for piece in boxes_of(corners)]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(pieces, 2)
        if one.source != other.source and (_beside(a, b, apart) or _beside(_turned(a), _turned(b), apart))
    ]


def _beside(one: Box, other: Box, apart: float) -> bool:
    is_level = one.top == one.bottom and other.top == other.bottom
    return is_level and abs(one.top - other.top) < apart and one.left < other.right and other.left < one.right


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def covered_chips(picture: Picture, chips: dict[Wire, Point | None]) -> list[Wire]:
    """The wires whose chips are under a node or on another chip."""
    visible = {
        wire: Box(at[0] - CHIP_PX / 2, at[1] - 9, at[0] + CHIP_PX / 2, at[1] + 9) for wire, at in chips.items() if at
    }
    nodes = [picture.box(name) for name in picture.graph.nodes]
    return [
        wire
        for wire, box in visible.items()
        if any(box.meets(node) for node in nodes)
        or any(box.meets(other) for each, other in visible.items() if each is not wire)
    ]
