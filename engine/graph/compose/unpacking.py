"""The gesture that replaces a block use by the content of the block."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from engine.catalog.expressions import Expression, parse, sizes
from engine.catalog.index import layer
from engine.graph.compose.annotations import Annotations, set_annotations
from engine.graph.compose.block_params import Sizes, Values, with_values
from engine.graph.compose.draft import Draft
from engine.graph.compose.naming import taken_names, unused_name
from engine.graph.compose.phases import replace_in_phases
from engine.graph.edits import AddNode, Batch, EditError, RemoveNode, SetWeights
from engine.graph.edits.insertion import node_of
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.node_expressions import expressions_of
from engine.graph.phases import weight_owner
from engine.graph.resolved import NO_SIZES, SizeValues, loop_values
from engine.graph.weights import WeightSettings

MAX_REPEAT = 100
GAP_PX = 60.0  # between the repetitions of a block


def unpack(project: Project, graph: str, use: str, sizes: SizeValues = NO_SIZES) -> Batch:
    """Replace a block use by copies of the block's content, one for each repetition; the block itself stays.

    The values of the use go into the expressions. ``sizes``: of the inputs of the use, for expressions that read them.
    Raises: `EditError` when the node is not a use of a block, or one that is bypassed, shares or follows weights, or
    starts from a file, when it is repeated and another node shares one of its weights, or when a size is unknown.
    """
    draft = Draft(project, graph)
    block = _check(draft, node_of(project, graph, use), use)
    place = list(draft.graph.nodes).index(use)
    unpacking = _Unpacking(draft, use, block, sizes)
    new_wires = unpacking.outer_wires()

    draft.set_wires([wire for wire in draft.graph.wires if use not in (wire.source.node, wire.target.node)])
    draft.do(RemoveNode(graph, use))
    for step, (name, node) in enumerate(unpacking.nodes.items()):
        draft.do(AddNode(graph, name, node, place + step))
    draft.set_wires(new_wires)
    set_annotations(draft, unpacking.annotations)
    for name, settings in unpacking.sharers():
        draft.do(SetWeights(graph, name, settings))
    replace_in_phases(draft, {use: [name for name in unpacking.nodes if weight_owner(draft.graph, name) == name]})
    return draft.batch(f"Unpack {use}")


def _check(draft: Draft, node: Node, use: str) -> Graph:
    block = draft.project.graphs.get(node.graph or "") if node.kind == "Block" else None
    if node.kind == "Loop":
        raise EditError(f"{use} is a loop, whose rounds cannot be unpacked")
    if block is None:
        raise EditError(f"{use} is not the use of a block")
    if node.bypass:  # by an expression too
        raise EditError(f"{use} is bypassed: switch it on first")
    sharers = [name for name, other in draft.graph.nodes.items() if other.shares == use]
    if node.shares is not None or sharers:
        raise EditError(f"{use} shares its weights with {node.shares or sharers[0]}: give each its own first")
    others = draft.graph.nodes.items()
    followers = [name for name, other in others if other.settings.follows and other.settings.follows.node == use]
    if node.settings.follows or followers:
        leader = node.settings.follows.node if node.settings.follows else use
        raise EditError(f"{followers[0] if followers else use} follows the weights of {leader}: let it go first")
    if node.settings.weights:
        raise EditError(f"{use} starts from {node.settings.weights.path}: remove that first")
    if node.repeat > 1 and (sharer := next((name for name, other in others if use in other.settings.owners), "")):
        raise EditError(f"{sharer} shares a weight of {use}, which is repeated: give it its own first")
    if node.repeat > MAX_REPEAT:
        raise EditError(f"{use} is repeated {node.repeat} times; at most {MAX_REPEAT} can be unpacked")
    if node.repeat > 1 and len(block.of_kind("Input")) != len(block.of_kind("Output")):
        raise EditError(f"{use} is repeated, but {node.graph} does not have as many outputs as inputs")
    return block


def _has_weights(node: Node) -> bool:
    declared = layer(node.kind)
    return node.uses_block or (declared is not None and declared.stateful)


class _Unpacking:
    """The nodes and wires of every repetition; values are traced through the block's ports to their source."""

    def __init__(self, draft: Draft, use: str, block: Graph, sizes: SizeValues) -> None:
        self._use, self._outer, self._block = use, draft.graph, block
        self._inputs, self._outputs = list(block.of_kind("Input")), list(block.of_kind("Output"))
        self._feeds = {wire.target: wire.source for wire in reversed(block.wires)}
        self._outer_inputs = () if draft.is_main else tuple(draft.graph.of_kind("Input"))
        self._around = draft.graph.nodes.keys() - {use}
        feeds = [wire for wire in reversed(draft.graph.into(use)) if wire.source.node in self._around]
        self._use_sources = {wire.target.port: wire.source for wire in feeds}
        self._use_node, self._use_sizes = draft.graph.nodes[use], sizes
        self._times = max(1, self._use_node.repeat)
        self.nodes: dict[str, Node] = {}
        used = taken_names(draft.graph) - {use}
        self._names: list[dict[str, str]] = []
        self.annotations = Annotations(draft.graph.frames, draft.graph.notes)
        for repetition in range(self._times):
            self._copy(repetition, used)

    def outer_wires(self) -> list[Wire]:
        """The wires of the outer graph, with those of the block's nodes."""
        wires = []
        for wire in self._outer.wires:
            if wire.source.node == self._use:
                source = self._output(self._times - 1, wire.source.port)
                wires += [replace(wire, source=source)] if source and wire.target.node in self._around else []
            elif wire.target.node != self._use:
                wires.append(wire)
        return wires + [wire for repetition in range(self._times) for wire in self._inner_wires(repetition)]

    def sharers(self) -> Iterator[tuple[str, WeightSettings]]:
        """The other nodes that share a weight of the use, with the settings in which its new node has that weight."""
        for name in self._around:
            settings = self._outer.nodes[name].settings
            if self._use in settings.owners:
                yield name, replace(settings, shares={key: self._weight(each) for key, each in settings.shares.items()})

    def _weight(self, name: str) -> str:
        """The new name of a weight, of the use or of another node."""
        owner, _, inner = name.partition(".")
        node, _, rest = inner.partition(".")
        return f"{self._names[0].get(node, node)}.{rest}" if owner == self._use else name

    def _copy(self, repetition: int, used: set[str]) -> None:
        """Add the nodes of one repetition, and their names in the outer graph."""
        inner = {name: node for name, node in self._block.nodes.items() if node.kind not in ("Input", "Output")}
        names: dict[str, str] = {}
        for name in inner:
            names[name] = unused_name(used, name)
            used.add(names[name])
        self._names.append(names)
        dx, dy = self._shift(inner, repetition)
        more = Annotations(self._block.frames, self._block.notes).shifted(dx, dy)
        self.annotations = Annotations(self.annotations.frames + more.frames, self.annotations.notes + more.notes)
        values = self._values(repetition)
        for name, node in inner.items():
            copy = with_values(deepcopy(node), values, self._sizes(node, repetition))
            copy = replace(copy, pos=(node.pos[0] + dx, node.pos[1] + dy))
            copy.shares = names.get(node.shares or "")
            copy.settings = copy.settings.following(names)
            if copy.shares is None and _has_weights(node):
                copy.settings = copy.settings.under(self._use_node.settings, name)
            self.nodes[names[name]] = copy

    def _values(self, repetition: int) -> Values:
        """The values of the block's parameters, which may read those of the block around the use."""
        use = with_values(self._use_node, loop_values(self._use_node, repetition))
        return {name: use.params.get(name, param.default) for name, param in self._block.params.items()}

    def _sizes(self, node: Node, repetition: int) -> Sizes:
        """The sizes of inputs that a node reads. Raises: `EditError` when one of them is unknown."""
        by_axis: dict[tuple[str, int], int | Expression] = {}
        for _, expression in expressions_of(node):
            for port, axis in sizes(expression):
                source = self._source(repetition, End(port, "output"))
                if source and source.node in self._outer_inputs:
                    by_axis[port, axis] = parse(f"size({source.node}, {axis})")
                elif repetition == 0 and (port, axis) in self._use_sizes:
                    by_axis[port, axis] = self._use_sizes[port, axis]
                else:
                    raise EditError(f"{self._use} reads size({port}, {axis}), which is unknown: write a number instead")
        return by_axis

    def _shift(self, inner: dict[str, Node], repetition: int) -> tuple[float, float]:
        """The offset from the block's scene to the position of its use; repetitions follow each other to the right."""
        xs, ys = [node.pos[0] for node in inner.values()], [node.pos[1] for node in inner.values()]
        x, y = self._outer.nodes[self._use].pos
        if not xs:
            return 0.0, 0.0
        step = max(xs) - min(xs) + 200.0 + GAP_PX
        return x - min(xs) + repetition * step, y - (min(ys) + max(ys)) / 2

    def _inner_wires(self, repetition: int) -> list[Wire]:
        names, wires = self._names[repetition], []
        for wire in self._block.wires:
            source = self._source(repetition, wire.source)
            if source and wire.target.node in names:
                points = wire.points if wire.source.node in names else ()
                dx, dy = self._shift({name: self._block.nodes[name] for name in names}, repetition)
                target = End(names[wire.target.node], wire.target.port)
                wires.append(Wire(source, target, tuple((x + dx, y + dy) for x, y in points)))
        return wires

    def _source(self, repetition: int, inner: End) -> End | None:
        """The source in the outer graph of a value of the block, ``None`` when it has none."""
        if inner.node in self._names[repetition]:
            return End(self._names[repetition][inner.node], inner.port)
        if inner.node not in self._inputs:
            return None
        if repetition == 0:
            return self._use_sources.get(inner.node)
        return self._output(repetition - 1, self._outputs[self._inputs.index(inner.node)])

    def _output(self, repetition: int, output: str) -> End | None:
        inner = self._feeds.get(End(output, "input"))
        return self._source(repetition, inner) if inner else None
