"""Counts weights whose own node is not analysed, because an Input of the network has no shape."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from engine.catalog.index import layer
from engine.check.data import reads
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.algorithms import downstream
from engine.graph.model import Graph, Project
from engine.graph.repetitions import node_name
from engine.runtime.analysis.build import may_learn
from engine.runtime.analysis.node_analysis import Path, Results

MAX_NAMES = 3
"""How many nodes a message names."""


def count_at_borrowers(results: Results, borrowed: Mapping[Path, tuple[Path, int]]) -> None:
    """Count weights at their first borrower where their own node is not analysed.

    ``borrowed``: for the path of each node that lends weights, its first borrower and the learned weights of one copy.
    """
    nodes = results.nodes
    for home, (borrower, count) in borrowed.items():
        if home in nodes:
            continue
        total = count * nodes[borrower].times
        results.parameters += total
        for depth, name in enumerate(borrower):
            path = (*borrower[:depth], node_name(name))
            nodes[path] = replace(nodes[path], parameters=nodes[path].parameters + total)


def problems(project: Project, fields: Collection[str], nodes: Collection[str]) -> Iterator[Diagnostic]:
    """Inputs without a shape that keep weights from being counted, in a project without data.

    ``fields``: those whose shape is known. ``nodes``: the paths of the nodes that are analysed.
    """
    if not project.data.is_absent or not nodes:
        return
    view = View(project, project.main, project.graphs[project.main])
    analysed = {node.shares or name for name, node in view.graph.nodes.items() if name in nodes}
    uncounted = [
        name for name in view.live() if _holder(view, name) not in analysed and _may_learn(project, view.graph, name)
    ]
    for name, field in reads(project).items():
        if name not in view.graph.nodes:
            continue  # the lengths of an Input, which reach no weights that its values do not
        reached = downstream(view.graph, [name])
        affected = {_holder(view, each) for each in uncounted if each in reached}
        names = [each for each in view.graph.nodes if each in affected]
        is_wrong = view.graph.nodes[name].params.get("shape") is not None  # which is reported there
        if field not in fields and names and not is_wrong:
            yield view.problem(
                "S020",
                f"{name} has no shape, so the weights of {_names(names)} are not counted.",
                "Give the shape of a sample on this Input, or choose data.",
                node=name,
                severity="warning",
            )


def at_inputs(
    project: Project, refusals: Collection[Diagnostic], uncounted: Collection[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """The problems of both, each at the Input without a shape: a size that is unknown there counts no weights either.

    ``refusals``: of the generator, for sizes that are unknown. ``uncounted``: what `problems` found. A file of a
    library only shows its block, of which no source is needed, so unknown sizes are no errors there.
    """
    others, moved = list(uncounted), list[Diagnostic]()
    for refusal in refusals:
        place = (refusal.node or "").partition(".")[0]
        lacking = next(
            (each for each in others if place in downstream(project.graphs[project.main], [each.node or ""])), None
        )
        if lacking is None:
            moved.append(refusal)
        elif project.published is None:
            others.remove(lacking)
            why = refusal.message.removeprefix(f"{refusal.node}: ")
            message = f"{lacking.node} has no shape, which {refusal.node} needs: {why}"
            moved.append(replace(lacking, code=refusal.code, severity="error", message=message))
    return (*moved, *others)


def _holder(view: View, name: str) -> str:
    return view.graph.nodes[name].shares or name


def _may_learn(project: Project, graph: Graph, name: str) -> bool:
    """Whether a node, or one inside of the block that it uses, may have weights."""
    node = graph.nodes[name]
    declaration = layer(node.kind)
    if declaration is None or node.is_bypassed:
        return False
    if declaration.role == "block":
        block = project.graphs.get(node.graph or "", Graph())
        return any(_may_learn(project, block, inner) for inner in block.nodes)
    owner = graph.nodes.get(node.shares or name, node)
    return may_learn(declaration, {key: value for key, value in owner.params.items() if value is not None})


def _names(nodes: list[str]) -> str:
    if len(nodes) > MAX_NAMES:
        return f"{', '.join(nodes[:MAX_NAMES])} and {len(nodes) - MAX_NAMES} more"
    return " and ".join(filter(None, (", ".join(nodes[:-1]), nodes[-1])))
