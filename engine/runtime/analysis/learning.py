"""Whether training would change anything: some loss must hang on a layer that learns."""

from collections.abc import Iterator, Mapping

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.algorithms import upstream
from engine.graph.model import Project
from engine.runtime.analysis.facts import NodeFacts


def problems(project: Project, nodes: Mapping[str, NodeFacts]) -> Iterator[Diagnostic]:
    """``nodes``: of a project without errors."""
    graph = project.graphs[project.main]
    view = View(project, project.main, graph)
    losses = [name for name in graph.nodes if view.role(name) == "loss"]
    before = upstream(graph, losses) | set(losses)
    learns = (name for name in before if name in nodes and (nodes[name].parameters or graph.nodes[name].shares))
    if losses and next(learns, None) is None:
        yield view.problem(
            "T010",
            f"Nothing that leads to a loss of {project.main} learns, so there is nothing to train.",
            "Put a layer with weights, such as Linear, on the way to it.",
            node=losses[0],
        )
