"""The optimizers of a phase, each with the nodes whose weights it learns, and the layers with sparse gradients."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.catalog.expressions import Expression
from engine.catalog.index import layer
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.spec import effective
from engine.graph.model import MATRICES, Node, Part, Project
from engine.graph.phases import EffectivePhase, weight_owner


@dataclass(frozen=True, slots=True)
class OptimizerShare:
    """An optimizer and what it learns. ``place``: in the list of the file.

    ``nodes``: owners of weights in the main graph. ``matrices_only``: of these nodes only the weights of two axes.
    ``is_rest``: it learns what the others leave.
    """

    part: Part
    place: int
    nodes: tuple[str, ...]
    matrices_only: bool = False
    is_rest: bool = False


def optimizer_shares(project: Project, phase: EffectivePhase) -> tuple[OptimizerShare, ...]:
    """The optimizers of a phase: the first, then those for some nodes, then those for matrices.

    A weight belongs to the first of the others that has it, and else to the first optimizer.
    """
    graph = project.graphs[project.main]
    taken_nodes: dict[str, None] = {}
    shares = []
    for place, other in enumerate(phase.other_optimizers, start=1):
        if other.of != MATRICES:
            owners = dict.fromkeys(weight_owner(graph, name) for name in other.of)
            nodes = tuple(name for name in phase.learns if name in owners)
            declared = OPTIMIZERS.get(other.kind)
            is_limited = declared is not None and declared.matrices_only
            shares.append(OptimizerShare(other, place, nodes, is_limited))
            taken_nodes |= {} if is_limited else dict.fromkeys(nodes)
    free = tuple(name for name in phase.learns if name not in taken_nodes)
    matrices = [
        OptimizerShare(other, place, free, matrices_only=True)
        for place, other in enumerate(phase.other_optimizers, start=1)
        if other.of == MATRICES
    ]
    return (OptimizerShare(phase.optimizer, 0, free, is_rest=True), *shares, *matrices)


def sparse_paths(project: Project, name: str) -> Iterator[tuple[str, ...]]:
    """The paths of the layers with sparse gradients that a node of the main graph is or holds, once for each layer."""
    todo: list[tuple[str, ...]] = [(name,)]
    blocks = set[str]()
    while todo:
        path = todo.pop()
        _, node = node_at(project, path)
        if node.is_bypassed:
            continue
        if sparse_flag(node)[0]:
            yield path
        if node.graph in project.graphs and node.graph not in blocks:
            blocks.add(node.graph)
            todo += [(*path, each) for each in project.graphs[node.graph].nodes]


def node_at(project: Project, path: Sequence[str]) -> tuple[str, Node]:
    """The node at a path of names, from the main graph inwards, after the name of its graph."""
    graph = project.main
    for name in path[:-1]:
        graph = project.graphs[graph].nodes[name].graph or ""
    return graph, project.graphs[graph].nodes[path[-1]]


def sparse_flag(node: Node) -> tuple[str, str]:
    """The parameter that makes the gradient of the weight of a node sparse; empty where it is off.

    After it another one that is on, and that does not go together with it.
    """
    declared = layer(node.kind)
    if declared is None or not declared.sparse_flag:
        return "", ""
    values = effective(declared.params, node.params)
    value = values[declared.sparse_flag]
    if value is not True and not isinstance(value, Expression):
        return "", ""
    return declared.sparse_flag, next((name for name in declared.sparse_excludes if values[name] is True), "")
