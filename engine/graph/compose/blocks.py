"""Gestures that make blocks and repeat them."""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy

from engine.catalog.params import Value
from engine.graph.algorithms import downstream
from engine.graph.compose.annotations import Sizes, annotations_of, area_of, set_annotations, without
from engine.graph.compose.block_members import check_members
from engine.graph.compose.block_params import carried_params
from engine.graph.compose.changing import rename
from engine.graph.compose.draft import Draft
from engine.graph.compose.naming import free_name, unused_name
from engine.graph.compose.phases import replace_in_phases
from engine.graph.edits import AddGraph, AddNode, Batch, EditError, RemoveNode, RenameGraph, SetNode
from engine.graph.edits.insertion import node_of
from engine.graph.model import USUAL_SIZE, End, Graph, Node, Project, Wire, is_name

MARGIN_PX = 60.0  # between a block's ports and its other nodes
LOWER_PX = 30.0  # from the port of a node with one input to the first port of a block
PORT_STEP_PX = 100.0  # between the ports of one side


NO_SIZES: Sizes = {}


def make_block(
    project: Project, graph: str, names: Iterable[str], block: str = "Block", sizes: Sizes = NO_SIZES
) -> Batch:
    """Move nodes into a new graph, and replace them by a use of it; wires that cross the border become its ports.

    Frames and notes that belong to the nodes alone move with them. ``block``: the new graph's name; a number is added
    when the name is taken. ``sizes``: width and height of nodes.
    Raises: `NoBlockError` when a path leads out of the selection and back, when the selection has inputs, outputs,
    losses or metrics, or when weights would be shared or followed across the border.
    """
    draft = Draft(project, graph)
    selection = draft.require(names)
    check_members(draft, selection)
    if not is_name(block):
        raise EditError(f"{block!r} is not a name")
    name = unused_name(project.graphs, block)
    border = _Border(draft, selection, sizes)
    rest = without(draft.graph, border.annotations)
    use = Node("Block", border.values, graph=name, pos=_place(draft.graph, selection))
    outer = [wire for wire in draft.graph.wires if not border.touches(wire)]
    place = list(draft.graph.nodes).index(selection[0])
    use_name = free_name(draft.graph, name)
    new_wires = border.outer_wires(use_name)

    draft.do(AddGraph(name, border.inner_graph()))
    draft.set_wires(outer)
    for node in selection:
        draft.do(RemoveNode(graph, node))
    draft.do(AddNode(graph, use_name, use, place))
    draft.set_wires(new_wires)
    set_annotations(draft, rest)
    replace_in_phases(draft, {node: [use_name] for node in selection})
    return draft.batch(f"Make block {name}")


def rename_block(project: Project, block: str, name: str, use: tuple[str, str] | None = None) -> Batch:
    """Rename a block, and all its uses follow. ``use``: a graph and a use in it that is named after the block, too.

    Raises: `EditError` when the name is taken or is none.
    """
    draft = Draft(project, block)
    draft.do(RenameGraph(block, name))
    if use is not None:
        graph, node = use
        similar = free_name(draft.project.graphs[graph], name)
        draft.do_all(rename(draft.project, graph, node, similar).edits)
    return draft.batch(f"Rename block {block} to {name}")


def make_independent(project: Project, graph: str, use: str) -> Batch:
    """Give one use of a block a block of its own, a copy under an unused name.

    Raises: `EditError` when the node is no use of a block, is its only use, or shares or follows weights of another.
    """
    draft = Draft(project, graph)
    node = node_of(project, graph, use)
    block = node.graph if node.uses_block else None
    if block is None or block not in project.graphs:
        raise EditError(f"{use} is not the use of a block")
    if len(list(project.uses(block))) == 1:
        raise EditError(f"{use} is the only use of {block} already")
    others = [*node.mentions, *(name for name, other in draft.graph.nodes.items() if use in other.mentions)]
    if others:
        raise EditError(f"{use} has its weights in common with {others[0]}: give each its own first")
    name = unused_name(project.graphs, block)
    draft.do(AddGraph(name, deepcopy(project.graphs[block]), list(project.graphs).index(block) + 1))
    draft.do(SetNode(graph, use, "graph", name))
    return draft.batch(f"Make {use} independent")


def set_repeat(project: Project, graph: str, use: str, times: int) -> Batch:
    """Repeat a block ``times`` times in a row.

    Raises: `EditError` when the node is not a block or ``times`` is below 1.
    """
    draft = Draft(project, graph)
    if not node_of(project, graph, use).uses_block:
        raise EditError(f"{use} is not a block")
    if node_of(project, graph, use).kind == "Loop":
        raise EditError(f"{use} is a loop, which cannot be repeated")
    if times < 1:
        raise EditError(f"{use} cannot be repeated {times} times")
    draft.do(SetNode(graph, use, "repeat", times))
    return draft.batch(f"Repeat {use} {times} times")


def _place(graph: Graph, names: list[str]) -> tuple[float, float]:
    """Where the use of a block goes: in the middle of its nodes, or at their beginning where none follows them."""
    x, y = _middle(graph, names)
    is_last = downstream(graph, names) <= set(names)
    return (min(graph.nodes[name].pos[0] for name in names) if is_last else x), y - LOWER_PX


def _middle(graph: Graph, names: list[str]) -> tuple[float, float]:
    xs, ys = zip(*(graph.nodes[name].pos for name in names), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


class _Border:
    """The wires across the border of a selection: each outer source becomes an input, each inner one an output."""

    def __init__(self, draft: Draft, selection: list[str], sizes: Sizes) -> None:
        self._graph = draft.graph
        self.annotations = annotations_of(draft.graph, selection, sizes)
        self._area = area_of(draft.graph, selection, sizes, self.annotations.frames)
        self._nodes = {name: draft.graph.nodes[name] for name in selection}
        self._names = {*selection, *draft.graph.params}
        nodes = draft.graph.nodes
        self._wires = [wire for wire in draft.graph.wires if wire.source.node in nodes and wire.target.node in nodes]
        crossing = [wire for wire in self._wires if self._side(wire.source) != self._side(wire.target)]
        inward = list(dict.fromkeys(wire.source for wire in crossing if self._side(wire.target)))
        outward = list(dict.fromkeys(wire.source for wire in crossing if self._side(wire.source)))
        self._inputs = self._port_names(inward, "x", "")
        self._open_inputs = self._port_names([] if inward else self._unwired_inputs(draft), "x", "_in")
        self._outputs = self._port_names(outward or self._unused_outputs(draft), "y", "_out")
        self._carried = carried_params(draft.graph, self._nodes, self._inputs)

    @property
    def values(self) -> dict[str, Value]:
        """The values of the use: the parameters of the block around it that the selection reads."""
        return dict(self._carried.values)

    def touches(self, wire: Wire) -> bool:
        """Whether a wire has an end inside."""
        return self._side(wire.source) or self._side(wire.target)

    def inner_graph(self) -> Graph:
        """The selection as a graph, with its inputs on the left and its outputs on the right."""
        _, middle = _middle(self._graph, list(self._nodes))
        left, _, width, _ = self._area
        left, right = left - MARGIN_PX - USUAL_SIZE[0], left + width + MARGIN_PX
        inputs = _column((*self._inputs.values(), *self._open_inputs.values()), "Input", left, middle)
        outputs = _column(self._outputs.values(), "Output", right, middle)
        wires = []
        for wire in self._wires:
            if self._side(wire.source) and self._side(wire.target):
                wires.append(wire)
            elif self._side(wire.target):
                wires.append(Wire(End(self._inputs[wire.source], "output"), wire.target))
        wires += [Wire(End(name, "output"), target) for target, name in self._open_inputs.items()]
        wires += [Wire(source, End(name, "input")) for source, name in self._outputs.items()]
        nodes = inputs | self._carried.nodes | outputs
        return Graph(nodes, wires, *self.annotations, params=self._carried.params)

    def outer_wires(self, use: str) -> list[Wire]:
        """The wires of the outer graph, with a use of the block in place of the selection."""
        wires: dict[Wire, None] = {}
        for wire in self._graph.wires:
            if not self.touches(wire):
                wires[wire] = None
            elif wire.source in self._inputs and self._side(wire.target):
                wires[Wire(wire.source, End(use, self._inputs[wire.source]))] = None
            elif wire.source in self._outputs and wire.target.node in self._graph.nodes and not self._side(wire.target):
                wires[Wire(End(use, self._outputs[wire.source]), wire.target)] = None
        return list(wires)

    def _side(self, end: End) -> bool:
        return end.node in self._nodes

    def _unwired_inputs(self, draft: Draft) -> list[End]:
        """The inputs that lack a wire, which become the inputs of a block that would have none."""
        ends = {End(wire.target.node, wire.target.base) for wire in self._wires}
        return [
            End(name, f"{port.name}[0]" if port.variadic else port.name)
            for name in self._nodes
            for port in draft.ports(name).inputs
            if not port.optional and End(name, port.name) not in ends
        ]

    def _unused_outputs(self, draft: Draft) -> list[End]:
        """The outputs without a wire, which become the outputs of a block that would have none."""
        dead_ends = [name for name in self._nodes if not draft.graph.out_of(name)]
        return [End(name, draft.ports(name).outputs[0].name) for name in dead_ends if draft.ports(name).outputs]

    def _port_names(self, ends: list[End], single: str, suffix: str) -> dict[End, str]:
        """Names for ports: of the node that gives the value, and of its port where the node gives several."""
        names, givers = {}, Counter(end.node for end in ends)
        for end in ends:
            name = f"{end.node}_{end.base}" if givers[end.node] > 1 else f"{end.node}{suffix}"
            names[end] = unused_name(self._names, single if len(ends) == 1 else name)
            self._names.add(names[end])
        return names


def _column(names: Iterable[str], kind: str, x: float, middle: float) -> dict[str, Node]:
    """Ports below each other, around a height."""
    in_order = list(names)
    top = middle - PORT_STEP_PX * (len(in_order) - 1) / 2
    return {name: Node(kind, pos=(x, top + PORT_STEP_PX * place)) for place, name in enumerate(in_order)}
