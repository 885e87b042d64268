"""The metric of a project whose graph has none: the usual one of its first loss against the data."""

from engine.catalog.generation_kinds import GENERATORS
from engine.catalog.index import layer
from engine.catalog.spec import Layer
from engine.graph.algorithms import order
from engine.graph.model import End, Graph, Project


def implied_metric(project: Project) -> tuple[str, Layer] | None:
    """A loss of the main graph and the metric that it implies, or ``None``.

    A loss whose target is a number or is computed from noise, as in a GAN, implies no metric. A project that generates
    without data, as with the decoder of a VAE, has none: its network must not need the data for it.
    """
    graph = project.graphs.get(project.main)
    if graph is None or _generates_without_data(project):
        return None
    for name in order(graph):
        node = graph.nodes[name]
        declared = layer(node.kind)
        metric = layer(declared.metric) if declared and declared.role == "loss" and not node.is_bypassed else None
        if metric is not None and _reads_data(graph, name):
            return name, metric
    return None


def _generates_without_data(project: Project) -> bool:
    declared = GENERATORS.get(project.generation.kind) if project.generation else None
    return declared is not None and declared.without_data


def _reads_data(graph: Graph, loss: str) -> bool:
    """Whether numbers of the data reach the target of a loss; true for a target without a wire."""
    sources: dict[str, list[End]] = {}
    for wire in graph.wires:
        if _carries_numbers(graph, wire.target):
            sources.setdefault(wire.target.node, []).append(wire.source)
    todo = [wire.source for wire in graph.wires if wire.target == End(loss, "target")]
    if not todo:
        return True
    visited: set[str] = set()
    while todo:
        name = todo.pop().node
        if name in visited or name not in graph.nodes:
            continue
        visited.add(name)
        if graph.nodes[name].kind == "Input":
            return True
        todo += sources.get(name, [])
    return False


def _carries_numbers(graph: Graph, target: End) -> bool:
    """Whether a port takes the numbers of a value, and not only its shape."""
    node = graph.nodes.get(target.node)
    declared = layer(node.kind) if node else None
    port = declared.input(target.port) if declared else None
    return port is None or not port.shape_only
