"""The names of weights in the settings of block uses, ``conv1.weight``, when a node inside a block is renamed."""

from collections.abc import Iterator
from dataclasses import replace

from engine.graph.model import Node, Project


def rename_weights(project: Project, graph: str, old: str, new: str) -> None:
    """Update the settings of block uses to the new name of a node inside; the node has it already."""
    for node in _uses_with_settings(project):
        settings = node.settings
        parts = {
            kind: {_renamed(project, node, weight, graph, old, new): part for weight, part in by_weight.items()}
            for kind, by_weight in (("init", settings.init), ("parametrize", settings.parametrize))
        }
        if any(list(by_weight) != list(getattr(settings, kind)) for kind, by_weight in parts.items()):
            node.settings = replace(settings, init=parts["init"], parametrize=parts["parametrize"])


def are_waiting(project: Project, graph: str, name: str) -> bool:
    """Whether a block use names a weight of a node of that name, whether the node exists or not."""
    return any(
        _renamed(project, node, weight, graph, name, f"{name}_") != weight
        for node in _uses_with_settings(project)
        for weight in (*node.settings.init, *node.settings.parametrize)
    )


def _uses_with_settings(project: Project) -> Iterator[Node]:
    for graph in project.graphs.values():
        for node in graph.nodes.values():
            if node.graph and (node.settings.init or node.settings.parametrize):
                yield node


def _renamed(project: Project, use: Node, weight: str, graph: str, old: str, new: str) -> str:
    """The name of a weight below a block use after a node of ``graph`` is renamed."""
    parts, inside = weight.split("."), use.graph
    for place in range(len(parts) - 1):
        if inside not in project.graphs:
            break
        if inside == graph and parts[place] == old:
            parts[place] = new
        node = project.graphs[inside].nodes.get(parts[place])
        inside = node.graph if node else None
    return ".".join(parts)
