"""Nodes, graphs and projects."""

from dataclasses import replace

from hypothesis import strategies as st

from engine.catalog.index import layer
from engine.graph.loops import LoopSettings
from engine.graph.model import NO_DATA, End, Frame, Graph, Node, Note, Project, Wire
from engine.graph.ports import ports
from engine.project.upgrade import VERSION
from tests.strategies.expressions import PARAM_NAMES, block_params, expressions
from tests.strategies.settings import data, generations, phases, trainings, weight_settings
from tests.strategies.values import hostile_texts, json_extra, names, params_of, points, rects

CHAIN = ("ReLU", "Conv2d", "Linear", "BatchNorm2d", "Dropout", "Flatten", "reshape", "Softmax", "LeakyReLU", "Identity")
JOINS = ("add", "cat", "matmul", "Bilinear", "stack", "MultiheadAttention", "LSTM", "mul")
SINKS = ("Output", "CrossEntropyLoss", "MSELoss", "Accuracy")
ODD_KINDS = ("Zorp", "Custom", "__import__('os')")


@st.composite
def nodes(draw: st.DrawFn, kinds: st.SearchStrategy[str] | None = None) -> Node:
    """One node with legal values, or of an unknown kind with any."""
    kind = draw(st.sampled_from(CHAIN + JOINS + SINKS + ODD_KINDS) if kinds is None else kinds)
    declared = layer(kind)
    if declared:
        params, settings = draw(params_of(declared.params)), draw(weight_settings())
        return Node(kind, params, draw(points), settings=settings, extra=draw(json_extra))
    params = draw(st.dictionaries(names, st.integers() | st.text(max_size=3) | st.just((1, (2, None))), max_size=2))
    opaque = draw(st.just({}) | st.just({"params": {"deep": {"a": [1, {}]}}}))
    return Node(kind, params, draw(points), extra=draw(json_extra) | opaque)


class GraphBuilder:
    """A graph under construction; every source must exist already, so it has no cycle."""

    def __init__(self, project: Project, name: str) -> None:
        self.project = project
        self.name = name
        self.graph = project.graphs.setdefault(name, Graph())

    def add(self, kind: str, *sources: End, name: str = "", node: Node | None = None) -> End | None:
        """Add a node and wire the sources to its inputs in order; returns its first output, if any."""
        node = node or Node(kind)
        name = name or self.unused_name(kind)
        self.graph.nodes[name] = node
        own = ports(self.project, node)
        targets = [port.name for port in own.inputs]
        if own.inputs and own.inputs[0].variadic:
            targets = [f"{own.inputs[0].name}[{place}]" for place in range(len(sources))]
        wires = [Wire(source, End(name, port)) for source, port in zip(sources, targets, strict=False)]
        self.graph.wires += wires
        return End(name, own.outputs[0].name) if own.outputs else None

    def unused_name(self, kind: str) -> str:
        """A name that no node has."""
        stem = "".join(letter for letter in kind.lower() if letter.isalpha()) or "node"
        return next(f"{stem}_{n}" for n in range(10**6) if f"{stem}_{n}" not in self.graph.nodes)

    def outputs(self) -> list[End]:
        """Every output port."""
        return [
            End(name, port.name)
            for name, node in self.graph.nodes.items()
            for port in ports(self.project, node).outputs
        ]


@st.composite
def _grown(draw: st.DrawFn, builder: GraphBuilder, blocks: tuple[str, ...], steps: int) -> None:
    """Add motifs to a graph."""
    for _ in range(draw(st.integers(1, 2))):
        builder.add("Input", node=Node("Input", draw(params_of(layer("Input").params)), draw(points)))
    for _ in range(draw(st.integers(0, steps))):
        sources = st.sampled_from(builder.outputs())
        match draw(st.sampled_from(("chain", "chain", "join", "diamond", "fan", "share", "block", "sink"))):
            case "chain":
                _link(draw, builder, draw(sources))
            case "join":
                kind = draw(st.sampled_from(JOINS))
                builder.add(kind, *draw(st.lists(sources, min_size=1, max_size=4)), node=draw(nodes(st.just(kind))))
            case "diamond":
                _diamond(draw, builder, draw(sources))
            case "fan":
                source = draw(sources)
                for _ in range(draw(st.integers(2, 3))):
                    _link(draw, builder, source)
            case "share":
                _share(draw, builder, draw(sources))
            case "block" if blocks:
                _use(draw, builder, draw(st.sampled_from(blocks)))
            case _:
                kind = draw(st.sampled_from(SINKS))
                builder.add(kind, *draw(st.lists(sources, min_size=1, max_size=2)), node=draw(nodes(st.just(kind))))


def _use(draw: st.DrawFn, builder: GraphBuilder, block: str) -> None:
    """Add a block use, repeated only where the block has as many outputs as inputs, or a loop."""
    inside = builder.project.graphs[block]
    if not draw(st.integers(0, 4)):
        loop = draw(loops(list(inside.of_kind("Input")), list(inside.of_kind("Output"))))
        builder.add("Loop", *builder.outputs()[:2], node=Node("Loop", graph=block, pos=draw(points), loop=loop))
        return
    can_repeat = len(inside.of_kind("Input")) == len(inside.of_kind("Output"))
    node = Node("Block", graph=block, pos=draw(points), repeat=draw(st.integers(1, 3)) if can_repeat else 1)
    builder.add("Block", *draw(st.lists(st.sampled_from(builder.outputs()), max_size=3)), node=node)


@st.composite
def loops(draw: st.DrawFn, inputs: list[str], outputs: list[str]) -> LoopSettings:
    """The rounds of a loop; names are ports of its block."""
    over = draw(st.dictionaries(st.sampled_from(inputs), st.integers(-3, 3), max_size=2)) if inputs else {}
    rest = [port for port in inputs if port not in over]
    carry = {port: draw(st.sampled_from(outputs)) for port in rest if outputs and draw(st.booleans())}
    collect = draw(st.lists(st.sampled_from(outputs), unique=True)) if outputs else []
    count = None if over else draw(st.integers(1, 9) | expressions)
    return LoopSettings(tuple(over.items()), count, tuple(carry.items()), tuple(collect))


def _link(draw: st.DrawFn, builder: GraphBuilder, source: End) -> End:
    kind = draw(st.sampled_from(CHAIN))
    return builder.add(kind, source, node=draw(nodes(st.just(kind))))


def _diamond(draw: st.DrawFn, builder: GraphBuilder, source: End) -> None:
    """Two arms, often of unequal length and sometimes empty, that meet again."""
    arms = []
    for _ in range(2):
        end = source
        for _ in range(draw(st.integers(0, 3))):
            end = _link(draw, builder, end)
        arms.append(end)
    builder.add(draw(st.sampled_from(("add", "cat", "matmul"))), *draw(st.permutations(arms)))


def _share(draw: st.DrawFn, builder: GraphBuilder, source: End) -> None:
    owners = [name for name, node in builder.graph.nodes.items() if node.kind in ("Linear", "Conv2d")]
    if not owners:
        _link(draw, builder, source)
        return
    owner = draw(st.sampled_from(owners))
    builder.add(
        "", source, node=Node(builder.graph.nodes[owner].kind, shares=owner), name=builder.unused_name("shared")
    )


def _shuffled(draw: st.DrawFn, graph: Graph) -> None:
    """Change the order of nodes and wires, with the same meaning except for ties."""
    order = draw(st.permutations(list(graph.nodes)))
    graph.nodes = {name: graph.nodes[name] for name in order}
    graph.wires = draw(st.permutations(graph.wires))


def _decorated(draw: st.DrawFn, graph: Graph) -> None:
    graph.frames = tuple(draw(st.lists(st.builds(Frame, hostile_texts, rects), max_size=2)))
    graph.notes = tuple(draw(st.lists(st.builds(Note, hostile_texts, rects), max_size=2)))
    graph.extra = draw(json_extra)
    graph.wires = [
        replace(wire, points=tuple(draw(st.lists(points, max_size=2)))) if draw(st.integers(0, 5)) == 0 else wire
        for wire in graph.wires
    ]


def _parametrized(draw: st.DrawFn, graph: Graph) -> None:
    """Add parameters, and expressions that often have no value."""
    graph.params = draw(block_params)
    for name in draw(st.lists(st.sampled_from(list(graph.nodes)), max_size=3, unique=True)):
        node = graph.nodes[name]
        declared = layer(node.kind)
        names_there = [param.name for param in declared.params] if declared and declared.params else PARAM_NAMES
        node.params[draw(st.sampled_from(names_there))] = draw(expressions)
        node.bypass = draw(st.booleans() | expressions)


def _spoiled(draw: st.DrawFn, graph: Graph) -> None:
    """Add what a file edited by hand can have: wires to missing nodes, double wires, cycles, unknown kinds."""
    existing = st.sampled_from([*graph.nodes, "ghost"])
    ends = st.builds(End, existing, st.sampled_from(("input", "output", "other", "tensors[1]", "nonsense")))
    graph.wires += draw(st.lists(st.builds(Wire, ends, ends), max_size=4))
    if draw(st.booleans()):
        graph.nodes["odd"] = draw(nodes(st.sampled_from(ODD_KINDS)))
    if draw(st.booleans()):
        graph.nodes["lost"] = Node("Block", graph="Nowhere")
    if draw(st.booleans()):
        graph.nodes["stray"] = Node("Linear", shares="ghost")


@st.composite
def graphs(draw: st.DrawFn, max_steps: int = 8, *, decorated: bool = False) -> Graph:
    """One graph without blocks."""
    builder = GraphBuilder(Project(), "Net")
    draw(_grown(builder, (), max_steps))
    _shuffled(draw, builder.graph)
    if decorated:
        _decorated(draw, builder.graph)
    return builder.graph


@st.composite
def projects(draw: st.DrawFn, max_steps: int = 6, *, odd: bool = False, version: int = VERSION) -> Project:
    """A project with up to two blocks, one of which may use the other; ``odd``: with mistakes that files can have.

    ``version``: of the file format; the project has only what that version has.
    """
    project = Project(name=draw(hostile_texts), graphs={}, version=version, extra=draw(json_extra))
    blocks: tuple[str, ...] = ()
    for name in ("Stem", "Body")[: draw(st.integers(0, 2))]:
        builder = GraphBuilder(project, name)
        draw(_grown(builder, blocks, 3))
        for source in draw(st.lists(st.sampled_from(builder.outputs()), min_size=1, max_size=2)):
            builder.add("Output", source)
        blocks = (*blocks, name)
    net = GraphBuilder(project, "Net")
    draw(_grown(net, blocks, max_steps))
    for unused in [name for name in blocks if not any(project.uses(name))]:
        _use(draw, net, unused)
    for graph in project.graphs.values():
        _shuffled(draw, graph)
        _decorated(draw, graph)
        if odd:
            _spoiled(draw, graph)
        if odd and version >= 2:
            _parametrized(draw, graph)
    order = draw(st.permutations(list(project.graphs)))
    project.graphs = {name: project.graphs[name] for name in order}
    project.data, project.training = draw(data()), draw(trainings())
    project.generation = draw(st.none() | generations()) if version >= 2 else None
    if version >= 2:
        project.data = draw(st.sampled_from((project.data, project.data, NO_DATA)))
        names_there = st.sampled_from(["ghost", *net.graph.nodes])
        project.training = replace(project.training, phases=draw(phases(names_there)))
    return project
