"""Gestures that make blocks and dissolve them."""

from collections.abc import Callable, Iterable

from engine.graph.algorithms import downstream, upstream
from engine.graph.compose.draft import Draft
from engine.graph.compose.naming import free_name, fresh
from engine.graph.compose.phases import follow
from engine.graph.edits import AddGraph, AddNode, Batch, EditError, RemoveNode, SetNode
from engine.graph.edits.insertion import node_of
from engine.graph.model import End, Graph, Node, Project, Wire, is_name

MARGIN_PX = 240.0  # between a block's ports and what lies inside


def make_block(project: Project, graph: str, names: Iterable[str], block: str = "Block") -> Batch:
    """Move nodes into a new graph, and use that in their place; wires that cross the border become its ports.

    ``block``: the new graph's name; a number is added when it is taken.
    Raises: `EditError` when a way leads out of the selection and back, when it holds what belongs outside, or when
    weights would be shared or followed across the border.
    """
    draft = Draft(project, graph)
    chosen = draft.require(names)
    _check_can_move(draft, set(chosen))
    if not is_name(block):
        raise EditError(f"{block!r} is not a name")
    name = fresh(project.graphs, block)
    border = _Border(draft, chosen)
    use = Node("Block", graph=name, pos=_middle(draft.graph, chosen))
    outer = [wire for wire in draft.graph.wires if not border.touches(wire)]
    place = list(draft.graph.nodes).index(chosen[0])
    use_name = free_name(draft.graph, name)
    wanted = border.outer_wires(use_name)

    draft.do(AddGraph(name, border.inner_graph()))
    draft.set_wires(outer)
    for node in chosen:
        draft.do(RemoveNode(graph, node))
    draft.do(AddNode(graph, use_name, use, place))
    draft.set_wires(wanted)
    follow(draft, {node: [use_name] for node in chosen})
    return draft.batch(f"Make block {name}")


def set_repeat(project: Project, graph: str, use: str, times: int) -> Batch:
    """Let a block run so many times in a row. Raises: `EditError` when the node is no block, or ``times`` below 1."""
    draft = Draft(project, graph)
    if node_of(project, graph, use).kind != "Block":
        raise EditError(f"{use} is not a block")
    if times < 1:
        raise EditError(f"{use} cannot be repeated {times} times")
    draft.do(SetNode(graph, use, "repeat", times))
    return draft.batch(f"Repeat {use} {times} times")


def _check_can_move(draft: Draft, chosen: set[str]) -> None:
    between = (downstream(draft.graph, chosen) & upstream(draft.graph, chosen)) - chosen
    if between:
        first = next(name for name in draft.graph.nodes if name in between)
        raise EditError(f"{first} lies between the selected nodes: select it too")
    for name, node in draft.graph.nodes.items():
        if name in chosen and draft.role(name) in ("input", "output", "loss", "metric"):
            raise EditError(f"{name} ({node.kind}) belongs to the graph itself: leave it out of the block")
        if node.shares in draft.graph.nodes and (name in chosen) != (node.shares in chosen):
            raise EditError(f"{name} shares the weights of {node.shares}: take both or neither")
        leader = node.settings.follows.node if node.settings.follows else ""
        if leader in draft.graph.nodes and (name in chosen) != (leader in chosen):
            raise EditError(f"{name} follows the weights of {leader}: take both or neither")


def _middle(graph: Graph, names: list[str]) -> tuple[float, float]:
    xs, ys = zip(*(graph.nodes[name].pos for name in names), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


class _Border:
    """What crosses the border of a selection: each outer source is one input of the block, each inner one an output."""

    def __init__(self, draft: Draft, chosen: list[str]) -> None:
        self._graph = draft.graph
        self._nodes = {name: draft.graph.nodes[name] for name in chosen}
        self._taken = set(chosen)
        there = draft.graph.nodes
        self._wires = [wire for wire in draft.graph.wires if wire.source.node in there and wire.target.node in there]
        crossing = [wire for wire in self._wires if self._side(wire.source) != self._side(wire.target)]
        inward = list(dict.fromkeys(wire.source for wire in crossing if self._side(wire.target)))
        outward = list(dict.fromkeys(wire.source for wire in crossing if self._side(wire.source)))
        self._inputs = self._named(inward, "x", lambda end: end.node)
        self._outputs = self._named(outward or self._loose(draft), "y", lambda end: f"{end.node}_out")

    def touches(self, wire: Wire) -> bool:
        """Whether a wire has an end inside."""
        return self._side(wire.source) or self._side(wire.target)

    def inner_graph(self) -> Graph:
        """The selection as a graph of its own, its ports left and right of it."""
        xs, (_, middle) = [node.pos[0] for node in self._nodes.values()], _middle(self._graph, list(self._nodes))
        left, right = min(xs) - MARGIN_PX, max(xs) + MARGIN_PX
        inputs = {name: Node("Input", pos=(left, middle)) for name in self._inputs.values()}
        outputs = {name: Node("Output", pos=(right, middle)) for name in self._outputs.values()}
        wires = []
        for wire in self._wires:
            if self._side(wire.source) and self._side(wire.target):
                wires.append(wire)
            elif self._side(wire.target):
                wires.append(Wire(End(self._inputs[wire.source], "output"), wire.target))
        wires += [Wire(source, End(name, "input")) for source, name in self._outputs.items()]
        return Graph(inputs | self._nodes | outputs, wires)

    def outer_wires(self, use: str) -> list[Wire]:
        """The wires of the graph around, with a use of the block in place of the selection."""
        found: dict[Wire, None] = {}
        for wire in self._graph.wires:
            if not self.touches(wire):
                found[wire] = None
            elif wire.source in self._inputs and self._side(wire.target):
                found[Wire(wire.source, End(use, self._inputs[wire.source]))] = None
            elif wire.source in self._outputs and wire.target.node in self._graph.nodes and not self._side(wire.target):
                found[Wire(End(use, self._outputs[wire.source]), wire.target)] = None
        return list(found)

    def _side(self, end: End) -> bool:
        return end.node in self._nodes

    def _loose(self, draft: Draft) -> list[End]:
        """What goes nowhere yet: it becomes the outputs of a block that would have none."""
        dead_ends = [name for name in self._nodes if not draft.graph.out_of(name)]
        return [End(name, draft.ports(name).outputs[0].name) for name in dead_ends if draft.ports(name).outputs]

    def _named(self, ends: list[End], single: str, name: Callable[[End], str]) -> dict[End, str]:
        found = {}
        for end in ends:
            found[end] = fresh(self._taken, single if len(ends) == 1 else name(end))
            self._taken.add(found[end])
        return found
