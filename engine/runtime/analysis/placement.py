"""Whether new numbers have a device: that of the value in ``like``, or else that of the weights."""

from collections.abc import Iterator, Mapping

from engine.catalog.emit import Creation
from engine.check.diagnostics import Diagnostic
from engine.check.view import views
from engine.graph.model import Graph, Project
from engine.graph.repetitions import node_names
from engine.runtime.analysis.node_analysis import NodeAnalysis


def problems(project: Project, nodes: Mapping[str, NodeAnalysis]) -> Iterator[Diagnostic]:
    """``nodes``: of a project without errors, by path."""
    with_weights = {project.main} if any(node.parameters for node in nodes.values()) else set[str]()
    for path, node in nodes.items():
        graph = _graph_of(project, path.split("."))
        if graph and node.parameters:
            with_weights.add(graph)
    for view in views(project):
        if view.name in with_weights or (view.name != project.main and not view.prefix):
            continue
        live = view.live()
        for name, declaration in view.layers.items():
            if (
                declaration is not None
                and isinstance(declaration.emit, Creation)
                and name in live
                and "like" not in view.into.get(name, {})
            ):
                yield view.problem(
                    "G026",
                    f"{name} ({declaration.kind}) makes numbers where the weights of {view.name} are, but it has none.",
                    "Wire a value with as many samples into like, or move it to where layers with weights are.",
                    node=name,
                    port="like",
                )


def _graph_of(project: Project, path: list[str]) -> str:
    """The graph that the node at a path uses, or nothing."""
    graph: Graph | None = project.graphs.get(project.main)
    used = ""
    for name in node_names(path):
        node = graph.nodes.get(name) if graph else None
        used = (node.graph or "") if node else ""
        graph = project.graphs.get(used)
    return used
