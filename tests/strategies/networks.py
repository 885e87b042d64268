"""Networks that are valid, shapes included: blocks, repeats, shared weights, several inputs, outputs, losses and metrics."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.catalog.spec import Module
from engine.codegen.names import RESERVED_ATTRIBUTES
from engine.graph.algorithms import order
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.ports import ports

ROWS = 5
Shape = tuple[int, ...]
NAMES = (
    "x", "h", "z", "torch", "nn", "F", "Tensor", "self", "batch", "outputs", "block", "losses", "metrics", "accuracy",
    "range", "max", "input", "l", "O", "conv1", "lstm", "lstm_h_n", "lstm_1_h_n", "relu", "cat", "add", "linear", "x_", "h_",
    "torch_", "max_", "_", "__", "_decisions", "Stem", "Body", "Net", "value", "output", "x_in_features", "fc_in_features", "fc",
    "mean", "LSTM", "field", "image", "math", "float", "print", "match", "a_rather_long_name_for_a_node_of_a_network",
)  # fmt: skip
FIELDS = ("image", "label", "x", "z", "features", "input", "relu", "fc", "cat", "linear", "max")


class Misfit(ValueError):
    """The values do not fit the layer."""


@dataclass
class Network:
    """A project with what its analysis would tell. ``fields``: the shape of each field that enters as numbers."""

    project: Project
    derived: dict[tuple[str, ...], dict[str, Value]] = field(default_factory=dict)
    fields: dict[str, Shape] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)  # the classes of each field of whole numbers


# Shapes, told without torch


def _same(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    return {"output": shapes["input"]}


def _alike(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    if shapes["input"] != shapes["other"]:
        raise Misfit
    return {"output": shapes["input"]}


def _cat(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    first, *rest = shapes.values()
    axis = params.get("dim", 0)
    if any(s[:axis] + s[axis + 1 :] != first[:axis] + first[axis + 1 :] or len(s) != len(first) for s in rest):
        raise Misfit
    return {"output": (*first[:axis], sum(s[axis] for s in shapes.values()), *first[axis + 1 :])}


def _stack(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    if len(set(shapes.values())) > 1:
        raise Misfit
    first = next(iter(shapes.values()))
    return {"output": (first[0], len(shapes), *first[1:])}


def _recurrent(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    rows, steps, _ = _axes(shapes["input"], 3)
    size = params["hidden_size"]
    states = {"h_n": (1, rows, size), "c_n": (1, rows, size)}
    if any(shapes.get(name, (1, rows, size)) != (1, rows, size) for name in ("h_0", "c_0")):
        raise Misfit
    return {"output": (rows, steps, size), **states}


def _attention(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    query, key, value = (_axes(shapes[name], 3) for name in ("query", "key", "value"))
    if key[:2] != value[:2] or query[0] != key[0]:
        raise Misfit
    return {"attn_output": query, "attn_output_weights": (query[0], query[1], key[1])}


def _axes(shape: Shape, count: int) -> Shape:
    if len(shape) != count or shape[0] != ROWS:
        raise Misfit
    return shape


def _flat(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    rows, *rest = shapes["input"]
    size = 1
    for number in rest:
        size *= number
    if rows != ROWS or not rest:
        raise Misfit
    return {"output": (rows, size)}


def _select(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    axis, shape = params["dim"], shapes["input"]
    if axis >= len(shape) or len(shape) < 3:
        raise Misfit
    return {"output": shape[:axis] + shape[axis + 1 :]}


def _mean(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    rows, _, features = _axes(shapes["input"], 3)
    return {"output": (rows, features)}


def _slice(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    shape, axis = list(shapes["input"]), params["dim"]
    if axis >= len(shape):
        raise Misfit
    shape[axis] = len(range(shape[axis])[slice(params.get("start"), params.get("end"), params.get("step"))])
    if not shape[axis]:
        raise Misfit
    return {"output": tuple(shape)}


def _norm(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    if shapes["input"][0] != ROWS or len(shapes["input"]) not in (2, 3):
        raise Misfit
    return _same(shapes, params)


def _rows_first(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    _axes(shapes["input"], 3)
    return _same(shapes, params)


SHAPES: dict[str, Callable[[dict[str, Shape], dict[str, Value]], dict[str, Shape]]] = {
    "Linear": lambda shapes, params: {"output": (*shapes["input"][:-1], params["out_features"])},
    "ReLU": _same, "PReLU": _same, "Dropout": _same, "Identity": _same, "LayerNorm": _same, "float": _same,
    "BatchNorm1d": _norm, "LearnedPositionEncoding": _rows_first, "add": _alike, "sub": _alike, "mul": _alike,
    "cat": _cat, "stack": _stack, "LSTM": _recurrent, "MultiheadAttention": _attention, "Flatten": _flat,
    "select": _select, "mean": _mean, "slice": _slice,
    "unsqueeze": lambda shapes, params: {"output": (shapes["input"][0], 1, *shapes["input"][1:])},
    "permute": lambda shapes, params: {"output": tuple(_axes(shapes["input"], 3)[axis] for axis in params["dims"])},
}  # fmt: skip


def follow(network: Network, graph: str, inputs: dict[str, Shape], place: tuple[str, ...] = ()) -> dict[End, Shape]:
    """The shape of every value of a graph, given its inputs; fills in what is derived. Raises: `Misfit`."""
    drawn = network.project.graphs[graph]
    found: dict[End, Shape] = {End(name, "output"): shape for name, shape in inputs.items()}
    for name in order(drawn):
        node, kind = drawn.nodes[name], layer(drawn.nodes[name].kind)
        fed = {wire.target.port: found[wire.source] for wire in drawn.into(name)}
        if kind.role in ("input", "output", "loss", "metric"):
            continue
        owner = drawn.nodes[node.shares] if node.shares else node
        made = _called(network, node, owner, fed, (*place, name))
        passed = ports(network.project, node).outputs[0].name
        found |= (
            {End(name, passed): next(iter(fed.values()))} if node.bypass else {End(name, p): s for p, s in made.items()}
        )
    for name, node in drawn.nodes.items():
        if node.shares and network.derived.get((*place, name)) != network.derived.get((*place, node.shares)):
            raise Misfit
    return found


def _called(
    network: Network, node: Node, owner: Node, fed: dict[str, Shape], place: tuple[str, ...]
) -> dict[str, Shape]:
    if node.kind == "Block":
        drawn = network.project.graphs[node.graph]
        found = follow(network, node.graph, fed, place)
        given = {name: found[drawn.into(name)[0].source] for name in drawn.of_kind("Output")}
        if node.repeat > 1 and list(given.values()) != list(fed.values())[: len(given)]:
            raise Misfit
        return given
    kind = layer(node.kind)
    given = SHAPES[node.kind](fed, owner.params)
    values = {}
    for param in kind.derived:
        size = fed[param.port][param.axis]
        if owner.params.get(param.name, size) != size:
            raise Misfit
        if param.name not in owner.params and not (param.unless and size == values.get(param.unless)):
            values[param.name] = size
    if values:
        network.derived[place] = values
    return given


# Drawing


@dataclass
class _Pen:
    draw: st.DrawFn
    network: Network
    name: str
    shapes: dict[End, Shape] = field(default_factory=dict)
    blocks: tuple[str, ...] = ()

    @property
    def graph(self) -> Graph:
        return self.network.project.graphs[self.name]

    def fresh(self, stem: str) -> str:
        if self.draw(st.integers(0, 3)) == 0:
            name = self.draw(st.sampled_from(NAMES))
            if name not in self.graph.nodes and not name.startswith("_") and name not in RESERVED_ATTRIBUTES:
                return name
        return next(f"{stem}_{n}" for n in range(1, 999) if f"{stem}_{n}" not in self.graph.nodes)

    def value(self, fits: Callable[[Shape], bool] = lambda shape: True) -> End | None:
        values = [end for end, shape in self.shapes.items() if fits(shape)]
        if not values:
            return None
        recent = self.draw(st.booleans())
        return values[-1] if recent else self.draw(st.sampled_from(values))

    def add(self, node: Node, *sources: End, stem: str = "") -> bool:
        """Add a node if its shapes fit."""
        own = ports(self.network.project, node)
        first = own.inputs[0] if own.inputs else None
        names = (
            [f"{first.name}[{n}]" for n in range(len(sources))]
            if first and first.variadic
            else [p.name for p in own.inputs]
        )
        name = self.fresh(stem or node.kind.lower())
        fed = {port: self.shapes[source] for port, source in zip(names, sources, strict=False)}
        owner = self.graph.nodes[node.shares] if node.shares else node
        trial = Network(self.network.project)
        try:
            made = _called(trial, node, owner, fed, (name,))
        except Misfit:
            return False
        if node.shares and {path[1:]: v for path, v in trial.derived.items()} != self._told(node.shares):
            return False
        self.graph.nodes[name] = node
        self.graph.wires += [Wire(source, End(name, port)) for port, source in zip(names, sources, strict=False)]
        if node.bypass:
            made = {own.outputs[0].name: next(iter(fed.values()))}
        self.shapes |= {End(name, port): shape for port, shape in made.items()}
        return True

    def _told(self, owner: str) -> dict[tuple[str, ...], dict[str, Value]]:
        trial = Network(self.network.project)
        fed = {wire.target.port: self.shapes[wire.source] for wire in self.graph.into(owner)}
        _called(trial, self.graph.nodes[owner], self.graph.nodes[owner], fed, (owner,))
        return {path[1:]: values for path, values in trial.derived.items()}

    def grow(self, steps: int) -> None:
        for _ in range(steps):
            self.draw(
                st.sampled_from(
                    (
                        self.plain,
                        self.plain,
                        self.join,
                        self.residual,
                        self.sequence,
                        self.share,
                        self.block,
                        self.state,
                    )
                )
            )()

    def plain(self) -> None:
        d = self.draw
        node = d(st.sampled_from((
            Node("Linear", {"out_features": d(st.integers(2, 4)), "bias": d(st.booleans())}), Node("ReLU"), Node("PReLU"),
            Node("Dropout", {"p": 0.0}), Node("Identity"), Node("LayerNorm", {"eps": 1e-3}), Node("BatchNorm1d"), Node("Flatten"),
            Node("unsqueeze", {"dim": 1}), Node("mean", {"dim": 1}), Node("permute", {"dims": (0, 2, 1)}),
            Node("slice", {"dim": 1, "start": 1}), Node("slice", {"dim": 1, "end": -1, "step": 2}), Node("slice", {"dim": 2, "end": 2}),
            Node("select", {"dim": 1, "index": -1}), Node("float"),
        )))  # fmt: skip
        kind = layer(node.kind)
        if kind.derived and len(kind.derived) == 1 and d(st.integers(0, 5)) == 0:
            shape = self.shapes[list(self.shapes)[-1]]
            node.params[kind.derived[0].name] = shape[kind.derived[0].axis] if len(shape) > 1 else 1
        node.bypass = d(st.integers(0, 8)) == 0
        self.add(node, self.value())

    def join(self) -> None:
        first = self.value()
        count = self.draw(st.integers(0, 2))
        others = [self.value(lambda shape: shape == self.shapes[first]) for _ in range(count)]
        others += [self.value(lambda shape: shape[:1] + shape[2:] == self.shapes[first][:1] + self.shapes[first][2:])]
        kind = self.draw(st.sampled_from(("cat", "cat", "stack", "add", "sub", "mul")))
        if kind in ("cat", "stack"):
            self.add(Node(kind, {"dim": 1}), first, *others)
        else:
            self.add(Node(kind), *self.draw(st.permutations([first, others[0]])))

    def residual(self) -> None:
        start = end = self.value()
        for _ in range(self.draw(st.integers(0, 3))):
            if not self.add(Node("Linear", {"out_features": self.shapes[start][-1]}), end):
                return
            end = list(self.shapes)[-1]
        self.add(Node("add"), *self.draw(st.permutations([start, end])))

    def sequence(self) -> None:
        source = self.value(lambda shape: len(shape) == 3 and shape[0] == ROWS)
        if source is None:
            return
        if self.draw(st.booleans()):
            states = [end for end, shape in self.shapes.items() if shape == (1, ROWS, 3)]
            pair = [self.draw(st.sampled_from(states)) for _ in range(2)] if states and self.draw(st.booleans()) else []
            self.add(Node("LSTM", {"hidden_size": 3, "batch_first": True}), source, *pair)
        elif self.draw(st.booleans()):
            self.add(Node("LearnedPositionEncoding"), source, stem="position")
        else:
            other = self.value(lambda shape: len(shape) == 3 and shape[0] == ROWS)
            params = {"num_heads": 1, "batch_first": True, "need_weights": self.draw(st.booleans())}
            if self.add(Node("MultiheadAttention", params), source, other, other) and not params["need_weights"]:
                del self.shapes[list(self.shapes)[-1]]

    def state(self) -> None:
        source = self.value(lambda shape: shape[0] == 1 and len(shape) == 3)
        if source is not None:
            self.add(Node("select", {"dim": 0, "index": 0}), source)

    def share(self) -> None:
        owners = [
            name for name, node in self.graph.nodes.items()
            if not node.shares and not node.bypass and (node.kind == "Block" or isinstance(layer(node.kind).emit, Module))
        ]  # fmt: skip
        if owners:
            owner = self.draw(st.sampled_from(owners))
            lender = self.graph.nodes[owner]
            fed = [self.shapes[wire.source] for wire in self.graph.into(owner)]
            sources = [self.value(lambda shape, like=like: shape == like) for like in fed]
            self.add(Node(lender.kind, shares=owner, graph=lender.graph, repeat=lender.repeat), *sources, stem="shared")

    def block(self) -> None:
        if not self.blocks:
            return
        name = self.draw(st.sampled_from(self.blocks))
        inputs = self.network.project.graphs[name].of_kind("Input")
        sources = [self.value() for _ in inputs]
        for repeat in self.draw(st.permutations((1, 2, 3))):
            if self.add(Node("Block", graph=name, repeat=repeat), *sources, stem=name.lower()):
                return


_FIELD_SHAPES = st.sampled_from(((ROWS, 4), (ROWS, 3), (ROWS, 4, 3), (ROWS, 3, 4)))


@st.composite
def networks(draw: st.DrawFn, steps: int = 10) -> Network:
    """A valid network with up to three blocks, of which later ones may use earlier ones."""
    project = Project(name="drawn", graphs={})
    network = Network(project)
    blocks: tuple[str, ...] = ()
    for name in ("Stem", "Body", "Tail")[: draw(st.integers(0, 3))]:
        project.graphs[name] = Graph()
        pen = _Pen(draw, network, name, blocks=blocks)
        for _ in range(draw(st.integers(1, 2))):
            _input(pen, draw(_FIELD_SHAPES))
        pen.grow(draw(st.integers(1, 4)))
        for end in draw(st.lists(st.sampled_from(list(pen.shapes)), min_size=1, max_size=2)):
            _sink(pen, Node("Output"), end, stem="y")
        blocks = (*blocks, name)
    project.graphs["Net"] = Graph()
    pen = _Pen(draw, network, "Net", blocks=blocks)
    for _ in range(draw(st.integers(1, 3))):
        _input(pen, draw(_FIELD_SHAPES), fielded=True)
    pen.grow(draw(st.integers(1, steps)))
    _finish(pen)
    for name in project.graphs:
        _shuffle(draw, project.graphs[name])
    names = draw(st.permutations(list(project.graphs)))
    project.graphs = {name: project.graphs[name] for name in names}
    inputs = project.graphs["Net"].of_kind("Input")
    network.derived.clear()
    follow(network, "Net", {name: network.fields.get(_field(node, name), (ROWS,)) for name, node in inputs.items()})
    return network


def _field(node: Node, name: str) -> str:
    return node.params.get("field") or name


def _input(pen: _Pen, shape: Shape, *, fielded: bool = False) -> End:
    name = pen.fresh("in")
    if fielded:
        field_name = pen.draw(st.sampled_from(FIELDS))
        taken = pen.network.fields | pen.network.labels
        if field_name in taken or field_name in pen.graph.nodes:
            field_name = next(f"field_{n}" for n in range(99) if f"field_{n}" not in taken)
        pen.network.fields[field_name] = shape
        pen.graph.nodes[name] = Node("Input", {"field": field_name})
    else:
        pen.graph.nodes[name] = Node("Input")
    end = End(name, "output")
    pen.shapes[end] = shape
    return end


def _sink(pen: _Pen, node: Node, *sources: End, stem: str = "") -> None:
    name = pen.fresh(stem or node.kind.lower())
    if name == "total" or name.startswith("_"):
        name = pen.fresh(stem)
    pen.graph.nodes[name] = node
    targets = [port.name for port in ports(pen.network.project, node).inputs]
    pen.graph.wires += [Wire(source, End(name, port)) for source, port in zip(sources, targets, strict=True)]


def _finish(pen: _Pen) -> None:
    """Outputs, losses and metrics; at least one of them reads something that is computed."""
    d = pen.draw
    nodes = pen.graph.nodes
    computed = [end for end in pen.shapes if nodes[end.node].kind != "Input"] or list(pen.shapes)
    for _ in range(d(st.integers(0, 2))):
        _sink(pen, Node("Output"), d(st.sampled_from(list(pen.shapes))), stem="out")
    for _ in range(d(st.integers(0, 3))):
        _score(pen, d(st.sampled_from(computed)))
    read = {
        wire.source.node
        for wire in pen.graph.wires
        if wire.target.port == "input" and layer(nodes[wire.target.node].kind).role == "loss"
    }
    if not pen.graph.of_kind("Output") and all(nodes[name].kind == "Input" or nodes[name].bypass for name in read):
        _sink(pen, Node("Output"), computed[-1], stem="out")


def _score(pen: _Pen, end: End) -> None:
    d = pen.draw
    shape = pen.shapes[end]
    scale = d(st.sampled_from(({}, {"scale": 0.5}, {"scale": 2.0})))
    if len(shape) == 2 and shape[0] == ROWS and d(st.booleans()):
        name = pen.fresh("label")
        field_name = next(f"label_{n}" for n in range(99) if f"label_{n}" not in pen.network.labels)
        pen.network.labels[field_name] = shape[1]
        pen.graph.nodes[name] = Node("Input", {"field": field_name})
        weight = {"weight": tuple([1.0] * shape[1])} if d(st.booleans()) else {}
        _sink(pen, Node("CrossEntropyLoss", {**scale, **weight}), end, End(name, "output"), stem="ce")
        if d(st.booleans()):
            _sink(pen, Node("Accuracy"), end, End(name, "output"), stem="acc")
        return
    target = _target(pen, shape)
    kind = d(st.sampled_from(("MSELoss", "HuberLoss")))
    _sink(pen, Node(kind, dict(scale)), end, target, stem="loss")
    for metric in d(st.lists(st.sampled_from(("MeanAbsoluteError", "RootMeanSquaredError")), max_size=2)):
        _sink(pen, Node(metric), end, target if d(st.booleans()) else _target(pen, shape), stem="err")


def _target(pen: _Pen, shape: Shape) -> End:
    """Another value of that shape, a field, or something made of a field on the way."""
    d = pen.draw
    alike = [end for end, other in pen.shapes.items() if other == shape]
    way = d(st.integers(0, 3))
    if way == 0 and alike:
        return d(st.sampled_from(alike))
    source = next(
        (
            End(name, "output")
            for name, node in pen.graph.nodes.items()
            if node.kind == "Input" and pen.shapes.get(End(name, "output")) == shape
        ),
        None,
    )
    source = source if source and d(st.booleans()) else _input(pen, shape, fielded=True)
    for _ in range(way):
        node = d(st.sampled_from((Node("add"), Node("mul"), Node("float"))))
        before = set(pen.graph.nodes)
        pen.add(node, *[source] * (1 if node.kind == "float" else 2))
        made = next(name for name in pen.graph.nodes if name not in before)
        source = End(made, "output")
    if way and d(st.booleans()):
        del pen.shapes[source]  # so that nothing but targets reads it
    return source


def _shuffle(draw: st.DrawFn, graph: Graph) -> None:
    """Another order of nodes; Input and Output nodes keep theirs, for it is the order of a block's ports."""
    if draw(st.booleans()):
        return
    names = draw(st.permutations(list(graph.nodes)))
    ends = iter([name for name in graph.nodes if graph.nodes[name].kind in ("Input", "Output")])
    names = [next(ends) if graph.nodes[name].kind in ("Input", "Output") else name for name in names]
    graph.nodes = {name: graph.nodes[name] for name in names}
