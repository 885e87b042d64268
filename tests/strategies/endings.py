"""What begins and ends a drawn network: fields, outputs, losses, metrics and their targets."""

from hypothesis import strategies as st

from engine.catalog.index import layer, usual_metrics
from engine.graph.model import End, Node, Wire
from engine.graph.ports import ports
from engine.graph.reserved import RESERVED_LOSSES
from tests.strategies.pen import FIELDS, Pen
from tests.strategies.sizes import ROWS, Shape


def add_input(pen: Pen, shape: Shape, *, fielded: bool = False) -> End:
    name = pen.fresh("in")
    if fielded:
        field_name = pen.draw(st.sampled_from(FIELDS))
        names = pen.network.fields | pen.network.labels
        if field_name in names or field_name in pen.graph.nodes:
            field_name = next(f"field_{n}" for n in range(99) if f"field_{n}" not in names)
        pen.network.fields[field_name] = shape
        pen.graph.nodes[name] = Node("Input", {"field": field_name})
    else:
        pen.graph.nodes[name] = Node("Input")
    end = End(name, "output")
    pen.shapes[end] = shape
    return end


def add_sink(pen: Pen, node: Node, *sources: End, stem: str = "") -> None:
    name = pen.fresh(stem or node.kind.lower())
    while layer(node.kind).role == "loss" and name in {*RESERVED_LOSSES, *usual_metrics()}:
        name = pen.fresh(stem)
    pen.graph.nodes[name] = node
    targets = [port.name for port in ports(pen.network.project, node).inputs]
    pen.graph.wires += [Wire(source, End(name, port)) for source, port in zip(sources, targets, strict=True)]


def finish(pen: Pen) -> None:
    """Outputs, losses and metrics; at least one of them reads something that is computed."""
    d = pen.draw
    nodes = pen.graph.nodes
    computed = [end for end in pen.shapes if nodes[end.node].kind != "Input"] or list(pen.shapes)
    for _ in range(d(st.integers(0, 2))):
        add_sink(pen, Node("Output"), d(st.sampled_from(list(pen.shapes))), stem="out")
    for _ in range(d(st.integers(0, 3))):
        _score(pen, d(st.sampled_from(computed)))
    read = {
        wire.source.node
        for wire in pen.graph.wires
        if wire.target.port == "input" and layer(nodes[wire.target.node].kind).role == "loss"
    }
    if not pen.graph.of_kind("Output") and all(nodes[name].kind == "Input" or nodes[name].bypass for name in read):
        add_sink(pen, Node("Output"), computed[-1], stem="out")


def _score(pen: Pen, end: End) -> None:
    d = pen.draw
    shape = pen.shapes[end]
    scale = d(st.sampled_from(({}, {"scale": 0.5}, {"scale": 2.0})))
    if len(shape) == 2 and shape[0] == ROWS and d(st.booleans()):
        name = pen.fresh("label")
        field_name = next(f"label_{n}" for n in range(99) if f"label_{n}" not in pen.network.labels)
        pen.network.labels[field_name] = shape[1]
        pen.graph.nodes[name] = Node("Input", {"field": field_name})
        weight = {"weight": tuple([1.0] * shape[1])} if d(st.booleans()) else {}
        add_sink(pen, Node("CrossEntropyLoss", {**scale, **weight}), end, End(name, "output"), stem="ce")
        if d(st.booleans()):
            add_sink(pen, Node("Accuracy"), end, End(name, "output"), stem="acc")
        return
    target = _target(pen, shape)
    kind = d(st.sampled_from(("MSELoss", "HuberLoss")))
    add_sink(pen, Node(kind, dict(scale)), end, target, stem="loss")
    for metric in d(st.lists(st.sampled_from(("MeanAbsoluteError", "RootMeanSquaredError")), max_size=2)):
        add_sink(pen, Node(metric), end, target if d(st.booleans()) else _target(pen, shape), stem="err")


def _target(pen: Pen, shape: Shape) -> End:
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
    source = source if source and d(st.booleans()) else add_input(pen, shape, fielded=True)
    for _ in range(way):
        node = d(st.sampled_from((Node("add"), Node("mul"), Node("float"))))
        before = set(pen.graph.nodes)
        pen.add(node, *[source] * (1 if node.kind == "float" else 2))
        new_name = next(name for name in pen.graph.nodes if name not in before)
        source = End(new_name, "output")
    if way and d(st.booleans()):
        del pen.shapes[source]  # so that nothing but targets reads it
    return source
