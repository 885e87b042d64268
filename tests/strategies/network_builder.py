"""A builder of valid graphs by motifs: chains, joins, residuals, sequences, shared weights, blocks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.graph.loops import LoopSettings
from engine.graph.model import End, Graph, Node, Wire
from engine.graph.ports import ports
from engine.graph.reserved import RESERVED_ATTRIBUTES
from tests.strategies.sizes import ROWS, Misfit, Network, Shape, called

_NAMES = """
    x h z torch nn F Tensor self batch outputs block losses metrics accuracy range max input l O conv1 lstm lstm_h_n
    lstm_1_h_n relu cat add linear x_ h_ torch_ max_ Stem Body Net value output x_in_features fc_in_features fc mean
    LSTM field image math float print match a_rather_long_name_for_a_node_of_a_network each_x all_y
"""
NAMES = tuple(_NAMES.split())
PLAIN: tuple[tuple[str, dict[str, Value]], ...] = (
    ("ReLU", {}),
    ("PReLU", {}),
    ("Dropout", {"p": 0.0}),
    ("Identity", {}),
    ("LayerNorm", {"eps": 1e-3}),
    ("BatchNorm1d", {}),
    ("Flatten", {}),
    ("unsqueeze", {"dim": 1}),
    ("mean", {"dim": 1}),
    ("permute", {"dims": (0, 2, 1)}),
    ("slice", {"dim": 1, "start": 1}),
    ("slice", {"dim": 1, "end": -1, "step": 2}),
    ("slice", {"dim": 2, "end": 2}),
    ("select", {"dim": 1, "index": -1}),
    ("float", {}),
    ("add", {"other": 1}),
    ("sub", {"other": -0.5}),
    ("mul", {"other": 2.0}),
    ("sub", {"input": 1}),
    ("full_like", {"fill_value": 1.0}),
)
OF_SCHEMES: tuple[tuple[str, dict[str, Value]], ...] = (
    ("full_like", {"fill_value": 0.0}),
    ("vector_norm", {"dim": (1,)}),
    ("vector_norm", {"dim": (1,), "keepdim": True}),
    ("vector_norm", {"ord": 1.0, "dim": (2,)}),
)
"""The nodes of adversarial networks and of penalties on gradients."""
PASSING = (
    "Linear", "LayerNorm", "PReLU", "add", "sub", "mul", "cat", "stack", "slice", "mean", "vector_norm", "Identity",
)  # fmt: skip
"""Kinds whose outputs have a gradient with respect to each of their inputs."""
FIELDS = ("image", "label", "x", "z", "features", "input", "relu", "fc", "cat", "linear", "max")


@dataclass
class NetworkBuilder:
    draw: st.DrawFn
    network: Network
    name: str
    shapes: dict[End, Shape] = field(default_factory=dict)
    blocks: tuple[str, ...] = ()
    draws: bool = False  # random numbers and gradients too, which only some laws can bear

    @property
    def graph(self) -> Graph:
        return self.network.project.graphs[self.name]

    def unused_name(self, stem: str) -> str:
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
            else [p.name for p in own.inputs if node.params.get(p.number) is None]
        )
        name = self.unused_name(stem or node.kind.lower())
        shapes = {port: self.shapes[source] for port, source in zip(names, sources, strict=False)}
        owner = self.graph.nodes[node.shares] if node.shares else node
        trial = Network(self.network.project)
        try:
            results = called(trial, node, owner, shapes, (name,))
        except Misfit:
            return False
        if node.shares and {path[1:]: v for path, v in trial.derived.items()} != self._derived(node.shares):
            return False
        self.graph.nodes[name] = node
        self.graph.wires += [Wire(source, End(name, port)) for port, source in zip(names, sources, strict=False)]
        if node.bypass:
            results = {own.outputs[0].name: next(iter(shapes.values()))}
        elif not node.uses_block:
            outputs = {port.name for port in layer(node.kind).outputs_with(owner.params)}
            results = {port: shape for port, shape in results.items() if port in outputs}
        self.shapes |= {End(name, port): shape for port, shape in results.items()}
        return True

    def _derived(self, owner: str) -> dict[tuple[str, ...], dict[str, Value]]:
        trial = Network(self.network.project)
        shapes = {wire.target.port: self.shapes[wire.source] for wire in self.graph.into(owner)}
        called(trial, self.graph.nodes[owner], self.graph.nodes[owner], shapes, (owner,))
        return {path[1:]: values for path, values in trial.derived.items()}

    def grow(self, steps: int) -> None:
        """Add a number of motifs; those that do not fit are left out."""
        motifs = [self.plain, self.plain, self.parts, self.join, self.residual, self.sequence, self.state, self.share]
        motifs += [*[self.block] * 4, self.loop, self.loop] if self.blocks else []
        motifs += [self.noise, self.gradient, self.scheme] if self.draws else []
        for _ in range(steps):
            self.draw(st.sampled_from(motifs))()

    def plain(self) -> None:
        d = self.draw
        linear = Node("Linear", {"out_features": d(st.integers(2, 4)), "bias": d(st.booleans())})
        kind, params = d(st.sampled_from(PLAIN))
        node = d(st.sampled_from((linear, Node(kind, dict(params)))))
        derived = layer(node.kind).derived
        if len(derived) == 1 and d(st.integers(0, 5)) == 0:
            shape = self.shapes[list(self.shapes)[-1]]
            node.params[derived[0].name] = shape[derived[0].axis] if len(shape) > 1 else 1
        node.bypass = d(st.integers(0, 8)) == 0 and "input" not in node.params
        self.add(node, self.value())

    def parts(self) -> None:
        source = self.value(lambda shape: len(shape) > 1 and shape[1] > 1)
        if source is not None:
            sizes = (1, self.shapes[source][1] - 1)
            split = Node("split", {"split_size_or_sections": sizes, "dim": 1})
            chunk, topk = Node("chunk", {"chunks": 2, "dim": 1}), Node("topk", {"k": 2, "dim": 1})
            self.add(self.draw(st.sampled_from((split, chunk, topk))), source)

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
            self.add(Node("MultiheadAttention", params), source, other, other)

    def state(self) -> None:
        source = self.value(lambda shape: shape[0] == 1 and len(shape) == 3)
        if source is not None:
            self.add(Node("select", {"dim": 0, "index": 0}), source)

    def noise(self) -> None:
        kind, shape = self.draw(st.sampled_from(("randn", "rand"))), self.draw(st.sampled_from(((4,), (3,), (4, 3))))
        like = self.value(lambda shape: shape[0] == ROWS) if self.draw(st.booleans()) else None
        self.add(Node(kind, {"shape": shape}), *([like] if like else []))

    def scheme(self) -> None:
        kind, params = self.draw(st.sampled_from(OF_SCHEMES))
        self.add(Node(kind, dict(params)), self.value())

    def gradient(self) -> None:
        end = self.value()
        starts = [start for start in self._before(end) if start in self.shapes]
        if starts:
            self.add(Node("grad"), end, self.draw(st.sampled_from(starts)))

    def _before(self, end: End) -> list[End]:
        """The values that one is computed from, through kinds that pass gradients on."""
        node, ends = self.graph.nodes[end.node], list[End]()
        if node.kind in PASSING and not node.bypass:
            for wire in self.graph.into(end.node):
                bypassed = self.graph.nodes[wire.source.node].bypass
                ends += [*([] if bypassed else [wire.source]), *self._before(wire.source)]
        return list(dict.fromkeys(ends))

    def share(self) -> None:
        lenders = {name: node for name, node in self.graph.nodes.items() if not node.shares and not node.bypass}
        owners = [name for name, node in lenders.items() if node.uses_block or layer(node.kind).stateful]
        if owners:
            owner = self.draw(st.sampled_from(owners))
            owner_node = self.graph.nodes[owner]
            shapes = [self.shapes[wire.source] for wire in self.graph.into(owner)]
            sources = [self.value(lambda shape, like=like: shape == like) for like in shapes]
            self.add(
                Node(
                    owner_node.kind,
                    shares=owner,
                    graph=owner_node.graph,
                    repeat=owner_node.repeat,
                    loop=owner_node.loop,
                ),
                *sources,
                stem="shared",
            )

    def block(self) -> None:
        name = self.draw(st.sampled_from(self.blocks))
        inputs = self.network.project.graphs[name].of_kind("Input")
        sources = [self.value() for _ in inputs]
        for repeat in self.draw(st.permutations((1, 2, 3))):
            if self.add(Node("Block", graph=name, repeat=repeat), *sources, stem=name.lower()):
                return

    def loop(self) -> None:
        """A block once for each entry of axis 1 of some inputs, or a number of times."""
        name = self.draw(st.sampled_from(self.blocks))
        inputs, outputs = (list(self.network.project.graphs[name].of_kind(kind)) for kind in ("Input", "Output"))
        sources = [self.value() for _ in inputs]
        over = {port: 1 for port in inputs if self.draw(st.booleans())}
        rest = [port for port in inputs if port not in over]
        carry = dict(zip(rest, outputs, strict=False))
        if outputs and self.draw(st.booleans()):  # one output to several inputs too
            carry = {port: self.draw(st.sampled_from(outputs)) for port in rest}
        settings = LoopSettings(
            tuple(over.items()),
            None if over else self.draw(st.integers(1, 3)),
            tuple(carry.items()) if self.draw(st.booleans()) else (),
            tuple(output for output in outputs if self.draw(st.booleans())),
        )
        self.add(Node("Loop", graph=name, loop=settings), *sources, stem=name.lower())
