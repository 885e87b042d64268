"""The shapes of a network, computed without torch and independently of the analysis, to draw valid networks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.graph.algorithms import order
from engine.graph.model import End, Node, Project
from engine.graph.ports import ports
from engine.graph.repetitions import node_name, repetition

ROWS = 5
Shape = tuple[int, ...]


class Misfit(ValueError):
    """The values do not fit the layer."""


@dataclass
class Network:
    """A project with its analysis results. ``fields``: the shape of each field that enters as numbers."""

    project: Project
    derived: dict[tuple[str, ...], dict[str, Value]] = field(default_factory=dict)
    fields: dict[str, Shape] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)  # the classes of each field of whole numbers


# Shapes, without torch


def _same(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    return {"output": shapes["input"]}


def _alike(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    first, *rest = shapes.values()
    if any(shape != first for shape in rest):
        raise Misfit
    return {"output": first}


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


def _divided(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    """The parts of axis 1."""
    rows, size, *rest = shapes["input"]
    half = -(-size // 2)
    sizes = params.get("split_size_or_sections", (half, size - half))
    if sum(sizes) != size or 0 in sizes:
        raise Misfit
    return {f"part_{place}": (rows, each, *rest) for place, each in enumerate(sizes)}


def _largest(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    """The values alone: the indices are whole numbers, which no other kind here takes."""
    rows, size, *rest = shapes["input"]
    if size < params["k"]:
        raise Misfit
    return {"values": (rows, params["k"], *rest)}


def _select(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    axis, shape = params["dim"], shapes["input"]
    if axis >= len(shape) or len(shape) < 3:
        raise Misfit
    return {"output": shape[:axis] + shape[axis + 1 :]}


def _mean(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    rows, _, features = _axes(shapes["input"], 3)
    return {"output": (rows, features)}


def _vector_norm(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    shape, (axis,) = shapes["input"], params["dim"]
    if axis >= len(shape) or (len(shape) < 3 and not params.get("keepdim")):
        raise Misfit
    middle = (1,) if params.get("keepdim") else ()
    return {"output": (*shape[:axis], *middle, *shape[axis + 1 :])}


def _noise(shapes: dict[str, Shape], params: dict[str, Value]) -> dict[str, Shape]:
    if shapes.get("like", (ROWS,))[0] != ROWS:
        raise Misfit
    return {"output": (ROWS, *params["shape"])}


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
    "full_like": _same, "split": _divided, "chunk": _divided, "topk": _largest,
    "select": _select, "mean": _mean, "slice": _slice,
    "vector_norm": _vector_norm, "randn": _noise, "rand": _noise,
    "grad": lambda shapes, _: {"output": shapes["inputs"]},
    "unsqueeze": lambda shapes, params: {"output": (shapes["input"][0], 1, *shapes["input"][1:])},
    "permute": lambda shapes, params: {"output": tuple(_axes(shapes["input"], 3)[axis] for axis in params["dims"])},
}  # fmt: skip


def follow(network: Network, graph: str, inputs: dict[str, Shape], place: tuple[str, ...] = ()) -> dict[End, Shape]:
    """The shape of every value of a graph, from its inputs; fills in derived parameters. Raises: `Misfit`."""
    net = network.project.graphs[graph]
    values: dict[End, Shape] = {End(name, "output"): shape for name, shape in inputs.items()}
    for name in order(net):
        node, kind = net.nodes[name], layer(net.nodes[name].kind)
        shapes = {wire.target.port: values[wire.source] for wire in net.into(name)}
        if kind.role in ("input", "output", "loss", "metric"):
            continue
        owner = net.nodes[node.shares] if node.shares else node
        results = called(network, node, owner, shapes, (*place, name))
        first_output = ports(network.project, node).outputs[0].name
        values |= (
            {End(name, first_output): next(iter(shapes.values()))}
            if node.bypass
            else {End(name, p): s for p, s in results.items()}
        )
    for name, node in net.nodes.items():
        if node.shares and _below(network, (*place, name)) != _below(network, (*place, node.shares)):
            raise Misfit
    return values


def _below(network: Network, place: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Value]]:
    """The derived parameters below a node, in all of its repetitions."""
    *start, name = place
    return {
        (path[len(start)].removeprefix(name), *path[len(place) :]): values
        for path, values in network.derived.items()
        if len(path) >= len(place) and [*path[: len(start)], node_name(path[len(start)])] == [*start, name]
    }


def called(
    network: Network, node: Node, owner: Node, shapes: dict[str, Shape], place: tuple[str, ...]
) -> dict[str, Shape]:
    if node.kind == "Block":
        net = network.project.graphs[node.graph]
        inputs = {name: shapes[name] for name in net.of_kind("Input")}
        for index in range(node.repeat):
            values = follow(network, node.graph, inputs, (*place[:-1], repetition(place[-1], index)))
            results = {name: values[net.into(name)[0].source] for name in net.of_kind("Output")}
            if index + 1 < node.repeat and len(results) > len(inputs):
                raise Misfit
            inputs |= dict(zip(inputs, results.values(), strict=False))
        return results
    if node.kind == "Loop":
        return _rounds(network, node, owner, shapes, place)
    kind = layer(node.kind)
    try:
        results = SHAPES[node.kind](shapes, owner.params)
    except (IndexError, ValueError) as error:  # fewer axes than the kind takes
        raise Misfit from error
    values = {}
    for param in kind.derived:
        size = shapes[param.port][param.axis]
        if owner.params.get(param.name, size) != size:
            raise Misfit
        if param.name not in owner.params and not (param.unless and size == values.get(param.unless)):
            values[param.name] = size
    if values:
        network.derived[place] = values
    return results


def _rounds(
    network: Network, node: Node, owner: Node, shapes: dict[str, Shape], place: tuple[str, ...]
) -> dict[str, Shape]:
    loop, net = owner.loop, network.project.graphs[node.graph]
    if any(axis >= len(shapes[port]) for port, axis in loop.over):
        raise Misfit
    counts = {shapes[port][axis] for port, axis in loop.over} or {loop.count}
    inputs = {port: shapes[port] for port in net.of_kind("Input")}
    inputs |= {port: shapes[port][:axis] + shapes[port][axis + 1 :] for port, axis in loop.over}
    try:
        values = follow(network, node.graph, inputs, place)
    except (ValueError, IndexError) as wrong:  # an entry has an axis less than the block was drawn for
        raise Misfit from wrong
    results = {name: values[net.into(name)[0].source] for name in net.of_kind("Output")}
    if len(counts) > 1 or any(results[output] != inputs[port] for port, output in loop.carry):
        raise Misfit
    (count,) = counts
    stacked = {output: (*results[output][: loop.axis], count, *results[output][loop.axis :]) for output in loop.collect}
    return results | stacked
