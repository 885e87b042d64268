"""Projects that the check accepts: nodes of every kind, with any legal values and names, where they fit."""

import csv
import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from engine.catalog.axes import input_axes
from engine.catalog.data.transforms import fits, transforms
from engine.catalog.index import layer, layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer
from engine.check.names import snippet_names
from engine.graph.compose.blocks import make_block, set_repeat
from engine.graph.edits import EditError
from engine.graph.model import (
    Best,
    Clip,
    Data,
    EarlyStop,
    End,
    Graph,
    Node,
    Part,
    Phase,
    Project,
    SchedulePart,
    Split,
    Training,
    Wire,
)
from engine.graph.off import OFF
from engine.graph.phases import holders, losses_of
from engine.graph.ports import ports
from engine.graph.reserved import RESERVED_CLASSES
from engine.graph.watched_metrics import metric_names
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.analysis.learning import gradients
from engine.runtime.data.fields import FieldSpec, field_specs
from tests.strategies.learning import any_settings
from tests.strategies.settings import parts
from tests.strategies.values import hostile_texts, params_of

ROWS = 24
CLASSES = 3
RESERVED = """
    x h z h_ x_ self torch nn F Tensor math losses metrics outputs batch block total total_ range super float max len
    loss accuracy mae val train_loss val_loss train val lr seconds step epoch epochs steps rows device model options
    report best training validation main predict evaluate load_data order Metrics FIELDS TARGETS BATCH_SIZE
    optimizer schedule early_stop weights Net Model Module Body value values output outputs_ input inputs label target
    features image None_ list dict tuple print __name value_ figures penalty penalized causal_mask class_accuracy
    LearnedPositionEncoding conv1 fc add cat mean relu ReLU Linear name names shape data path np os sys json
    Path argparse OrderedDict field fields table read_table forward_ training_batches part_batches Change is_best join
    save_file load_file EarlyStop epoch_order change augmentation measure bare sums outputs_of
"""
NAMES = tuple(RESERVED.split())
"""Names that generated source, scripts, runs and torch use themselves."""

KINDS = [kind for kind, declared in layers().items() if declared.role == "layer"]
OFTEN = ["Linear", "ReLU", "Conv2d", "Conv1d", "Flatten", "LSTM", "Embedding", "BatchNorm2d", "Dropout", "add", "cat"]
LOSSES = [kind for kind, declared in layers().items() if declared.role == "loss"]
METRICS = [kind for kind, declared in layers().items() if declared.role == "metric"]
SIZES: dict[str, tuple[tuple[int, ...], str]] = {
    "features": ((4,), "float"),
    "image": ((2, 6, 6), "float"),
    "series": ((5, 4), "float"),
    "volume": ((1, 4, 4, 4), "float"),
    "share": ((CLASSES,), "share"),
    "chance": ((1,), "chance"),
    "tokens": ((5,), "int"),
    "label": ((), "label"),
}
COMPUTED = ("TwoSpirals", "NoisySine", "SequenceCopy")
SHIPPED = ("Iris", "BreastCancer", "Diabetes", "LogicGate", *COMPUTED)
HOSTILE_COLUMNS = ("'", '"', "a,b", "{x}", "a%s", "\\", "#", "</b>", "x\ny", "é", "None", "class")
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


def write_arrays(folder: Path, names: dict[str, str]) -> str:
    """Write a file of a few samples with a field of every sort, and return its name; ``names``: of the fields."""
    stem = "-".join(names[role] for role in SIZES)
    path = folder / f"{stem}.npz"
    if not path.exists():
        random = np.random.default_rng(0)
        arrays = {names[role]: _array(random, *SIZES[role]) for role in SIZES}
        np.savez(path, **arrays)
    return path.name


def write_table(folder: Path, header: list[str]) -> str:
    """Write a small table with these columns, and return its name."""
    path = folder / f"table-{hashlib.sha256(repr(header).encode()).hexdigest()[:12]}.csv"
    random = np.random.default_rng(len(header))
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(header)
        lines.writerows([f"{value:.3f}" for value in row] for row in random.standard_normal((ROWS, len(header))))
    return path.name


def _array(random: np.random.Generator, shape: tuple[int, ...], sort: str) -> np.ndarray:
    if sort == "label":
        return np.arange(ROWS) % CLASSES
    if sort == "int":
        return random.integers(0, 8, (ROWS, *shape))
    values = random.random((ROWS, *shape), dtype=np.float32) if sort in ("share", "chance") else None
    if values is None:
        values = random.standard_normal((ROWS, *shape), dtype=np.float32)
    return values / values.sum(1, keepdims=True) if sort == "share" else values


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
        weights_by_node = {name: list(nodes[name].weights or ()) for name in self.graph.nodes if name in nodes}
        owners = [name for name, weights in weights_by_node.items() if weights and not self.graph.nodes[name].shares]
        if not owners:
            return False
        name = self.draw(st.sampled_from(owners))
        alike = [
            other for other in owners if other != name and self.graph.nodes[other].kind == self.graph.nodes[name].kind
        ]
        settings = self.draw(any_settings(weights_by_node[name], alike))

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
    data = draw(_data(folder))
    main = draw(st.sampled_from(("Net", *(name for name in NAMES if name not in RESERVED_CLASSES | snippet_names()))))
    project = Project(draw(st.just("drawn") | hostile_texts), main, {main: Graph()}, data=data)
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
    project.data = replace(project.data, split=draw(_splits()), transforms=tuple(draw(_transforms(sketch.fields))))
    project.training = draw(_trainings(project))
    return project


@st.composite
def _data(draw: st.DrawFn, folder: Path) -> Data:
    kind = draw(st.sampled_from(("Npz", "Npz", "Npz", "Csv", *SHIPPED)))
    if kind == "Csv":
        header = draw(st.lists(st.sampled_from((*NAMES, *HOSTILE_COLUMNS)), min_size=3, max_size=4, unique=True))
        target = draw(st.sampled_from(header))
        return Data("Csv", {"path": write_table(folder, header), "target": target})
    if kind != "Npz":
        rows = {"rows": ROWS} if kind in COMPUTED else {}
        return Data(kind, rows)
    names = {role: role for role in SIZES}
    for role in draw(st.lists(st.sampled_from(list(SIZES)), max_size=2)):
        names[role] = draw(st.sampled_from([name for name in NAMES if name not in names.values()]))
    return Data("Npz", {"path": write_arrays(folder, names), "label": names["label"]})


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
    if not has_loss or list(gradients.problems(sketch.project, sketch.analysis.nodes)):
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


@st.composite
def _splits(draw: st.DrawFn) -> Split:
    shares = st.sampled_from((0.0, 0.2, 0.25, 0.4))
    return Split(draw(shares), draw(shares), draw(st.booleans()), draw(st.integers(0, 3)))


@st.composite
def _transforms(draw: st.DrawFn, fields: dict[str, FieldSpec]) -> list[Part]:
    parts = []
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(list(transforms())))
        legal = [
            name
            for name, spec in fields.items()
            if fits(transforms()[kind], "int" if spec.dtype == "int64" else "float", len(spec.shape))
        ]
        if legal:
            params = draw(params_of(transforms()[kind].params))
            parts.append(Part(kind, {**params, "field": draw(st.sampled_from(legal))}))
    return parts


@st.composite
def _trainings(draw: st.DrawFn, project: Project) -> Training:
    schedule = draw(st.none() | parts(SCHEDULES))
    optimizer = draw(parts(OPTIMIZERS))
    phases = draw(st.just(()) | st.just(()) | _phases(project.graphs[project.main]))
    project.training = Training(phases=phases)
    watch = st.sampled_from(metric_names(project))
    return Training(
        phases=phases,
        epochs=draw(st.integers(1, 3)),
        batch_size=draw(st.sampled_from((1, 2, 5, 8, 64))),
        drop_last=draw(st.booleans()),
        seed=draw(st.integers(0, 3)),
        device="cpu",
        threads=1,
        optimizer=Part(optimizer.kind, {**optimizer.params, "lr": draw(st.sampled_from((0.0, 1e-3, 0.1)))}),
        schedule=schedule and SchedulePart(schedule.kind, schedule.params, every=draw(_every())),
        l1=draw(st.sampled_from((0.0, 0.0, 0.01))),
        l2=draw(st.sampled_from((0.0, 0.0, 0.01))),
        clip=draw(st.none() | st.builds(Clip, st.sampled_from(("norm", "value")), st.floats(0.1, 9))),
        early_stop=draw(st.none() | st.builds(EarlyStop, watch, st.integers(1, 3), st.sampled_from((0.0, 0.5)))),
        best=draw(st.builds(Best, st.none() | watch)),
    )


@st.composite
def _phases(draw: st.DrawFn, graph: Graph) -> tuple[Phase, ...]:
    """One or two phases with the losses, which learn what they reach, or nodes that they name."""
    losses = losses_of(graph)
    if not losses:
        return ()
    first = draw(st.lists(st.sampled_from(losses), min_size=1, unique=True).map(tuple))
    rest = tuple(name for name in losses if name not in first)
    learns = st.none() | st.lists(st.sampled_from(holders(graph) or ["none"]), min_size=1, unique=True).map(tuple)
    counts = st.sampled_from((1, 1, 2, 3))
    return tuple(
        Phase(
            name,
            own,
            draw(learns),
            optimizer=draw(st.sampled_from((None, Part("SGD", {"lr": 0.1}), Part("Adam")))),
            schedule=draw(st.sampled_from((None, OFF))),
            clip=draw(st.sampled_from((None, OFF, Clip("norm", 0.5)))),
            times=draw(counts),
            every=draw(counts),
            epochs=draw(st.none() | st.just((1, 2))),
            accumulate=draw(counts),
        )
        for name, own in (("first", first), ("second", rest))
        if own
    )


def _every() -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, "step", "epoch"))
