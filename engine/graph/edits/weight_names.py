"""The names of weights in the settings of nodes, when a node on the way to such a weight is renamed.

A block use names those inside the block, ``conv1.weight``; a node that shares one names its owner too, ``wte.weight``.
"""

from collections.abc import Iterator
from dataclasses import replace

from engine.graph.model import Node, Project


def rename_weights(project: Project, graph: str, old: str, new: str) -> None:
    """Update the settings to the new name of a node of ``graph``; the node has it already."""

    def renamed(start: str | None, weight: str) -> str:
        return _renamed(project, start, weight, graph, old, new)

    for inside, node in _nodes_with_names(project):
        settings = node.settings
        after = replace(
            settings,
            shares={renamed(node.graph, key): renamed(inside, weight) for key, weight in settings.shares.items()},
            init={renamed(node.graph, key): part for key, part in settings.init.items()},
            parametrize={renamed(node.graph, key): part for key, part in settings.parametrize.items()},
        )
        if after != settings:
            node.settings = after


def are_waiting(project: Project, graph: str, name: str) -> bool:
    """Whether settings name a weight of a node of that name, whether the node exists or not."""
    for inside, node in _nodes_with_names(project):
        shares = node.settings.shares
        below = (*shares, *node.settings.init, *node.settings.parametrize)
        starts = [*((node.graph, key) for key in below), *((inside, weight) for weight in shares.values())]
        if any(_renamed(project, start, weight, graph, name, f"{name}_") != weight for start, weight in starts):
            return True
    return False


def _nodes_with_names(project: Project) -> Iterator[tuple[str, Node]]:
    """The nodes whose settings may name other nodes, each with the graph that it is in."""
    for inside, graph in project.graphs.items():
        for node in graph.nodes.values():
            settings = node.settings
            if settings.shares or (node.graph and (settings.init or settings.parametrize)):
                yield inside, node


def _renamed(project: Project, start: str | None, weight: str, graph: str, old: str, new: str) -> str:
    """The name of a weight, from the graph ``start`` inwards, after a node of ``graph`` is renamed."""
    parts, inside = weight.split("."), start
    for place in range(len(parts) - 1):
        if inside not in project.graphs:
            break
        if inside == graph and parts[place] == old:
            parts[place] = new
        node = project.graphs[inside].nodes.get(parts[place])
        inside = node.graph if node else None
    return ".".join(parts)
