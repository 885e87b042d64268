"""The inputs and ends of a random network: fields, outputs, losses, metrics and their targets."""

from hypothesis import strategies as st

from engine.catalog.index import layer, usual_metrics
from engine.graph.model import End, Node, Wire
from engine.graph.ports import ports
from engine.graph.reserved import RESERVED_LOSSES
from tests.strategies.network_builder import FIELDS, NetworkBuilder
from tests.strategies.sizes import ROWS, Shape


def add_input(builder: NetworkBuilder, shape: Shape, *, fielded: bool = False) -> End:
    name = builder.unused_name("in")
    if fielded:
        field_name = builder.draw(st.sampled_from(FIELDS))
        names = builder.network.fields | builder.network.labels
        if field_name in names or field_name in builder.graph.nodes:
            field_name = next(f"field_{n}" for n in range(99) if f"field_{n}" not in names)
        builder.network.fields[field_name] = shape
        builder.graph.nodes[name] = Node("Input", {"field": field_name})
    else:
        builder.graph.nodes[name] = Node("Input")
    end = End(name, "output")
    builder.shapes[end] = shape
    return end


def add_sink(builder: NetworkBuilder, node: Node, *sources: End, stem: str = "") -> None:
    name = builder.unused_name(stem or node.kind.lower())
    while layer(node.kind).role == "loss" and name in {*RESERVED_LOSSES, *usual_metrics()}:
        name = builder.unused_name(stem)
    builder.graph.nodes[name] = node
    targets = [port.name for port in ports(builder.network.project, node).inputs]
    builder.graph.wires += [Wire(source, End(name, port)) for source, port in zip(sources, targets, strict=True)]


def finish(builder: NetworkBuilder) -> None:
    """Outputs, losses and metrics; at least one of them reads something that is computed."""
    d = builder.draw
    nodes = builder.graph.nodes
    computed = [end for end in builder.shapes if nodes[end.node].kind != "Input"] or list(builder.shapes)
    for _ in range(d(st.integers(0, 2))):
        add_sink(builder, Node("Output"), d(st.sampled_from(list(builder.shapes))), stem="out")
    for _ in range(d(st.integers(0, 3))):
        _score(builder, d(st.sampled_from(computed)))
    read = {
        wire.source.node
        for wire in builder.graph.wires
        if wire.target.port == "input" and layer(nodes[wire.target.node].kind).role == "loss"
    }
    if not builder.graph.of_kind("Output") and all(nodes[name].kind == "Input" or nodes[name].bypass for name in read):
        add_sink(builder, Node("Output"), computed[-1], stem="out")


def _score(builder: NetworkBuilder, end: End) -> None:
    d = builder.draw
    shape = builder.shapes[end]
    scale = d(st.sampled_from(({}, {"scale": 0.5}, {"scale": 2.0})))
    if len(shape) == 2 and shape[0] == ROWS and shape[1] > 1 and d(st.booleans()):
        name = builder.unused_name("label")
        field_name = next(f"label_{n}" for n in range(99) if f"label_{n}" not in builder.network.labels)
        builder.network.labels[field_name] = shape[1]
        builder.graph.nodes[name] = Node("Input", {"field": field_name})
        weight = {"weight": tuple([1.0] * shape[1])} if d(st.booleans()) else {}
        add_sink(builder, Node("CrossEntropyLoss", {**scale, **weight}), end, End(name, "output"), stem="ce")
        if d(st.booleans()):
            add_sink(builder, Node("Accuracy"), end, End(name, "output"), stem="acc")
        return
    target = _target(builder, shape)
    kind = d(st.sampled_from(("MSELoss", "HuberLoss")))
    add_sink(builder, Node(kind, dict(scale)), end, target, stem="loss")
    for metric in d(st.lists(st.sampled_from(("MeanAbsoluteError", "RootMeanSquaredError")), max_size=2)):
        add_sink(builder, Node(metric), end, target if d(st.booleans()) else _target(builder, shape), stem="err")


def _target(builder: NetworkBuilder, shape: Shape) -> End:
    """Another value of that shape, a field, or a value computed from a field."""
    d = builder.draw
    alike = [end for end, other in builder.shapes.items() if other == shape]
    way = d(st.integers(0, 3))
    if way == 0 and alike:
        return d(st.sampled_from(alike))
    source = next(
        (
            End(name, "output")
            for name, node in builder.graph.nodes.items()
            if node.kind == "Input" and builder.shapes.get(End(name, "output")) == shape
        ),
        None,
    )
    source = source if source and d(st.booleans()) else add_input(builder, shape, fielded=True)
    for _ in range(way):
        node = d(st.sampled_from((Node("add"), Node("mul"), Node("float"))))
        before = set(builder.graph.nodes)
        builder.add(node, *[source] * (1 if node.kind == "float" else 2))
        new_name = next(name for name in builder.graph.nodes if name not in before)
        source = End(new_name, "output")
    if way and d(st.booleans()):
        del builder.shapes[source]  # so that nothing but targets reads it
    return source
