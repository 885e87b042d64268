"""Projects that the check accepts: nodes of every kind, with any legal values and names, where they fit."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st

from engine.catalog.axes import input_axes
from engine.catalog.index import layer, layers
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.check.names import snippet_names
from engine.graph.compose.blocks import make_block, set_repeat
from engine.graph.edits import EditError
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.ports import ports
from engine.graph.reserved import RESERVED_CLASSES
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.analysis.learning import trainable_weights
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import field_specs
from tests.strategies.learning import any_settings
from tests.strategies.small_data import NAMES, small_data
from tests.strategies.trainings import legal_splits, legal_trainings, legal_transforms
from tests.strategies.values import hostile_texts, params_of

KINDS = [kind for kind, declared in layers().items() if declared.role == "layer"]
OFTEN = ["Linear", "ReLU", "Conv2d", "Conv1d", "Flatten", "LSTM", "Embedding", "BatchNorm2d", "Dropout", "add", "cat"]
LOSSES = [kind for kind, declared in layers().items() if declared.role == "loss"]
METRICS = [kind for kind, declared in layers().items() if declared.role == "metric"]
SMALL: dict[str, dict[str, Value]] = {
    "Embedding": {"num_embeddings": 8, "embedding_dim": 4},
    "MultiheadAttention": {"num_heads": 2, "batch_first": True},
    "TransformerEncoderLayer": {"nhead": 2, "dim_feedforward": 8, "batch_first": True},
    "TransformerDecoderLayer": {"nhead": 2, "dim_feedforward": 8, "batch_first": True},
    "Transformer": {
        "nhead": 2,
        "num_encoder_layers": 1,
        "num_decoder_layers": 1,
        "dim_feedforward": 8,
        "batch_first": True,
    },
    "LSTM": {"hidden_size": 4},
    "GRU": {"hidden_size": 4},
    "RNN": {"hidden_size": 4},
}
"""Values that are tried first, so that the kind often fits."""


@dataclass
class Sketch:
    """A project under construction; changes that do not fit are undone. ``ends``: every known value."""

    draw: st.DrawFn
    project: Project
    fields: dict[str, FieldSpec]
    shapes: LayerCache
    analysis: Analysis | None = None

    @property
    def graph(self) -> Graph:
        return self.project.graphs[self.project.main]

    def ends(self, element: str = "any") -> list[End]:
        nodes = self.analysis.nodes if self.analysis else {}
        return [
            End(name, port)
            for name in self.graph.nodes
            for port, sort in (nodes[name].elements.items() if name in nodes else ())
            if element in ("any", sort)
        ]

    def axes(self, end: End) -> int:
        node = self.analysis.nodes.get(end.node) if self.analysis else None
        return len(node.outputs.get(end.port, ())) if node else 0

    def keep(self, change: Callable[[], None]) -> bool:
        """Make the change unless the project has an error then."""
        before = deepcopy(self.project.graphs)
        try:
            change()
        except EditError:
            self.project.graphs = before
            return False
        analysis = analyse(self.project, self.fields, self.shapes)
        if any(problem.code != "G020" for problem in analysis.errors):  # nothing leads to an end yet
            self.project.graphs = before
            return False
        self.analysis = analysis
        return True

    def name(self, kind: str) -> str:
        if self.draw(st.booleans()):
            name = self.draw(st.sampled_from(NAMES))
            if name not in self.graph.nodes:
                return name
        return next(f"{kind.lower()}{n}" for n in range(999) if f"{kind.lower()}{n}" not in self.graph.nodes)

    def source(self, declared: Layer, port: str, element: str) -> End | None:
        axes, _ = input_axes(declared.kind, port)
        ends = [end for end in self.ends(element) if not axes or self.axes(end) in axes]
        if self.draw(st.integers(0, 3)):
            computed = [end for end in ends if self.graph.nodes[end.node].kind != "Input"]
            ends = computed[-4:] or ends
        return self.draw(st.sampled_from(ends[::-1])) if ends else None

    def add(self, kind: str) -> bool:
        """Add a node of a kind with some of its ports wired."""
        declared, d = layer(kind), self.draw
        params = {**declared.preset, **SMALL.get(kind, {})} if d(st.integers(0, 3)) else {}
        node = Node(kind, {**params, **(d(params_of(declared.params)) if d(st.booleans()) else {})})
        wires = []
        name = self.name(kind)
        for port in declared.inputs:
            if port.optional and d(st.integers(0, 3)):
                continue
            if node.params.get(port.number) is not None and d(st.booleans()):
                continue
            count = d(st.integers(1, 3)) if port.variadic else 1
            for place in range(count):
                source = self.source(declared, port.name, port.element)
                if source is None:
                    return False
                wires.append(Wire(source, End(name, f"{port.name}[{place}]" if port.variadic else port.name)))

        def change() -> None:
            self.graph.nodes[name] = node
            self.graph.wires += wires

        return self.keep(change)

    def share(self) -> bool:
        owners = [
            name
            for name, node in self.graph.nodes.items()
            if not node.shares and not node.bypass and (node.kind == "Block" or layer(node.kind).stateful)
        ]
        if not owners:
            return False
        owner = self.draw(st.sampled_from(owners))
        node = self.graph.nodes[owner]
        inputs = [port.name for port in ports(self.project, node).inputs if self.graph.into(owner)]
        name = self.name(node.kind)
        wires = []
        for wire in self.graph.into(owner):
            ends = [end for end in self.ends() if self.axes(end) == self.axes(wire.source)] or [wire.source]
            wires.append(Wire(self.draw(st.sampled_from(ends)), End(name, wire.target.port)))

        def change() -> None:
            self.graph.nodes[name] = Node(node.kind, shares=owner, graph=node.graph, repeat=node.repeat)
            self.graph.wires += wires

        return bool(inputs) and self.keep(change)

    def weights(self) -> bool:
        """Change the weight settings of a node, if the check accepts it."""
        nodes = self.analysis.nodes if self.analysis else {}
        weights_by_node = {name: dict(nodes[name].weights or {}) for name in self.graph.nodes if name in nodes}
        owners = [name for name, weights in weights_by_node.items() if weights and not self.graph.nodes[name].shares]
        if not owners:
            return False
        name = self.draw(st.sampled_from(owners))
        alike = [
            other for other in owners if other != name and self.graph.nodes[other].kind == self.graph.nodes[name].kind
        ]
        settings = self.draw(any_settings(list(weights_by_node[name]), alike))
        equal = [
            (own, f"{other}.{weight}")
            for own, shape in weights_by_node[name].items()
            for other in owners
            for weight in weights_by_node[other]
            if other != name and weights_by_node[other][weight] == shape
        ]
        if equal and not settings.follows and self.draw(st.booleans()):
            own, weight = self.draw(st.sampled_from(equal))
            settings = replace(settings, shares={own: weight}).without("init", own).without("parametrize", own)

        def change() -> None:
            self.graph.nodes[name].settings = settings

        return self.keep(change)

    def bypass(self) -> bool:
        if not self.graph.nodes:
            return False
        name = self.draw(st.sampled_from(list(self.graph.nodes)))

        def change() -> None:
            self.graph.nodes[name].bypass = True

        return self.keep(change)

    def block(self) -> bool:
        inside = [name for name, node in self.graph.nodes.items() if node.kind not in ("Input", "Output")]
        inside = [name for name in inside if self.graph.nodes[name].kind == "Block" or _is_plain(self.graph, name)]
        if not inside:
            return False
        selection = self.draw(st.lists(st.sampled_from(inside), min_size=1, max_size=4, unique=True))
        name = self.draw(st.sampled_from(("Body", "Stem", "Block", *NAMES)))
        main = self.project.main

        def change() -> None:
            make_block(self.project, main, selection, name).apply(self.project)

        if not self.keep(change):
            return False
        use = self.draw(st.sampled_from([each for each, node in self.graph.nodes.items() if node.kind == "Block"]))
        times = self.draw(st.integers(1, 3))

        def repeat() -> None:
            set_repeat(self.project, main, use, times).apply(self.project)

        self.keep(repeat)
        return True


def _is_plain(graph: Graph, name: str) -> bool:
    return layer(graph.nodes[name].kind).role == "layer"


@st.composite
def accepted(draw: st.DrawFn, folder: Path, steps: int = 8) -> Project:
    """A project without errors in its graphs, with its data in ``folder``; most have none in their settings either."""
    data = draw(small_data(folder))
    main = draw(st.sampled_from(("Net", *(name for name in NAMES if name not in RESERVED_CLASSES | snippet_names()))))
    project = Project(draw(st.just("net") | hostile_texts), main, {main: Graph()}, data=data)
    sketch = Sketch(draw, project, field_specs(project.data, folder), LayerCache())
    for name in sketch.fields:
        _input(sketch, name)
    for _ in range(draw(st.integers(1, steps)) + draw(st.integers(0, steps))):
        match draw(st.integers(0, 13)):
            case 0:
                sketch.share()
            case 1:
                sketch.bypass()
            case 2:
                sketch.block()
            case 3 | 4:
                sketch.weights()
            case _:
                sketch.add(draw(st.sampled_from((*KINDS, *OFTEN, *OFTEN))))
    _end(sketch)
    project.data = replace(
        project.data, split=draw(legal_splits()), transforms=tuple(draw(legal_transforms(sketch.fields)))
    )
    project.training = draw(legal_trainings(project))
    return project


def _input(sketch: Sketch, field_name: str) -> None:
    name = sketch.name(field_name)

    def change() -> None:
        sketch.graph.nodes[name] = Node("Input", {"field": field_name})

    sketch.keep(change)


def _end(sketch: Sketch) -> None:
    d = sketch.draw
    for _ in range(d(st.integers(1, 3))):
        sketch.add(d(st.sampled_from(LOSSES)))
    has_loss = any(layer(node.kind).role == "loss" for node in sketch.graph.nodes.values())
    if not has_loss or list(trainable_weights.problems(sketch.project, sketch.analysis.nodes)):
        _plain_loss(sketch)
    for _ in range(d(st.integers(0, 2))):
        sketch.add(d(st.sampled_from(METRICS)))
    for _ in range(d(st.integers(0, 2))):
        sketch.add("Output")


def _plain_loss(sketch: Sketch) -> None:
    """Add a Linear and a loss on some value, so that the project can be trained."""
    d = sketch.draw
    ends = [end for end in sketch.ends("float") if sketch.axes(end) == 2][-3:]
    labels = [
        (End(name, "output"), spec)
        for name, node in sketch.graph.of_kind("Input").items()
        if (spec := sketch.fields[str(node.params["field"])]) and spec.shape == (() if spec.classes else (1,))
    ]
    if not ends or not labels:
        return
    target, spec = labels[0]
    source, linear, loss = d(st.sampled_from(ends[::-1])), sketch.name("Linear"), sketch.name("loss")

    def change() -> None:
        sketch.graph.nodes[linear] = Node("Linear", {"out_features": spec.classes or 1})
        sketch.graph.nodes[loss] = Node("CrossEntropyLoss" if spec.classes else "MSELoss")
        sketch.graph.wires += [
            Wire(source, End(linear, "input")),
            Wire(End(linear, "output"), End(loss, "input")),
            Wire(target, End(loss, "target")),
        ]

    sketch.keep(change)
