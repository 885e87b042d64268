"""Sentences about what is right with a project, as far as it has been checked."""

from collections.abc import Iterable

from msgspec import Struct

from engine.catalog.index import layer
from engine.graph.model import Graph, Project
from gui.formatting.formats import plural, size_text
from gui.state.analysis_results import AnalysisResults


class Check(Struct, frozen=True):
    """A sentence about the project. ``good``: the check passed; else it is only information or still pending."""

    text: str
    good: bool = True


def checks(project: Project, results: AnalysisResults) -> tuple[Check, ...]:
    """The checks of a project without problems."""
    size = Check(size_text(project))
    if results.failure:
        return (size, Check("the last analysis failed; an edit, F8 or Train asks again", good=False))
    if results.stale:
        return (size, Check("shapes are being worked out \u2026", good=False))
    lines = results.source.count("\n")
    lines_of_checks = [size, Check("shapes agree on every wire"), _gradients(project, results)]
    if lines:
        lines_of_checks.append(Check(f"model.py is written: {plural(lines, 'line')}"))
    return tuple(lines_of_checks)


def _gradients(project: Project, results: AnalysisResults) -> Check:
    idle = list(untrained(project, results))
    if not idle:
        return Check("every parameter gets a gradient")
    names = ", ".join(idle[:3]) + (f" and {len(idle) - 3} more" if len(idle) > 3 else "")
    return Check(f"{names} {'gets' if len(idle) == 1 else 'get'} no gradient from a loss", good=False)


def untrained(project: Project, results: AnalysisResults) -> Iterable[str]:
    """The nodes of the main graph that have parameters but feed no loss."""
    graph = project.graphs.get(project.main)
    if graph is None:
        return
    feeding = _upstream(graph, (name for name, node in graph.nodes.items() if _is_loss(node.kind)))
    for name in graph.nodes:
        node_results = results.node(name)
        if node_results and node_results.parameters and name not in feeding:
            yield name


def _is_loss(kind: str) -> bool:
    declared = layer(kind)
    return declared is not None and declared.role == "loss"


def _upstream(graph: Graph, names: Iterable[str]) -> set[str]:
    before: dict[str, list[str]] = {}
    for wire in graph.wires:
        before.setdefault(wire.target.node, []).append(wire.source.node)
    upstream, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in upstream:
            upstream.add(name)
            todo += before.get(name, ())
    return upstream
