"""What the expressions of a node may read, with the values at the use that the canvas shows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.catalog.expressions import Constant
from engine.graph.model import Graph, Node, Project
from engine.graph.node_expressions import LOOP_NAMES
from engine.graph.resolved import SizeValues, Values, loop_values, resolved, use_values
from gui.forms.scope import Scope
from gui.state.analysis_results import AnalysisResults


def node_scope(project: Project, results: AnalysisResults, path: Sequence[str], nodes: Iterable[Node]) -> Scope:
    """What the expressions of all these nodes may read; ``path``: the block uses from the main graph to theirs."""
    graph = project.graphs[project.main]
    block, values, sizes = project.main, dict[str, Constant](), dict[tuple[str, int], int]()
    for depth, name in enumerate(path):
        use = _resolved_use(graph, name, values, sizes)
        block = use.graph or ""
        graph = project.graphs[block]
        values, sizes = use_values(graph, use), _port_sizes(graph, results, path[: depth + 1])
    is_main = not path
    names = tuple(graph.params)
    uses = list(nodes)
    if uses and all(node.repeat > 1 for node in uses):
        names += LOOP_NAMES
        values |= loop_values(uses[0], 0)
    place = "the main graph" if is_main else block
    return Scope(place, not is_main, names, () if is_main else tuple(graph.of_kind("Input")), values, sizes)


def _resolved_use(graph: Graph, name: str, values: Values, sizes: SizeValues) -> Node:
    return resolved(replace(graph, nodes={name: graph.nodes[name]}), values, sizes).nodes[name]


def _port_sizes(graph: Graph, results: AnalysisResults, path: Sequence[str]) -> dict[tuple[str, int], int]:
    """The known sizes of the inputs of a block, by port and axis, counted from both ends."""
    sizes = {}
    for port in graph.of_kind("Input"):
        answer = results.node(".".join((*path, port)))
        shape = next(iter(answer.outputs.values()), ()) if answer else ()
        for axis, size in enumerate(shape):
            if isinstance(size, int):
                sizes[port, axis] = sizes[port, axis - len(shape)] = size
    return sizes
