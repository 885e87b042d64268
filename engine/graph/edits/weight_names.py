"""The names of weights that uses of blocks give, ``conv1.weight``, where a node inside of a block gets another name."""

from collections.abc import Iterator
from dataclasses import replace

from engine.graph.model import Node, Project


def rename_weights(project: Project, graph: str, old: str, new: str) -> None:
    """Have what uses of blocks say of weights go by the new name of a node inside; the node has it already."""
    for node in _speaking(project):
        settings = node.settings
        parts = {
            kind: {_renamed(project, node, weight, graph, old, new): part for weight, part in named.items()}
            for kind, named in (("init", settings.init), ("parametrize", settings.parametrize))
        }
        if any(list(named) != list(getattr(settings, kind)) for kind, named in parts.items()):
            node.settings = replace(settings, init=parts["init"], parametrize=parts["parametrize"])


def are_waiting(project: Project, graph: str, name: str) -> bool:
    """Whether a use of a block names a weight of a node of that name, be it there or not."""
    return any(
        _renamed(project, node, weight, graph, name, f"{name}_") != weight
        for node in _speaking(project)
        for weight in (*node.settings.init, *node.settings.parametrize)
    )


def _speaking(project: Project) -> Iterator[Node]:
    for graph in project.graphs.values():
        for node in graph.nodes.values():
            if node.graph and (node.settings.init or node.settings.parametrize):
                yield node


def _renamed(project: Project, use: Node, weight: str, graph: str, old: str, new: str) -> str:
    """The name of a weight below a use, where a node of one graph has another name."""
    parts, inside = weight.split("."), use.graph
    for place in range(len(parts) - 1):
        if inside not in project.graphs:
            break
        if inside == graph and parts[place] == old:
            parts[place] = new
        node = project.graphs[inside].nodes.get(parts[place])
        inside = node.graph if node else None
    return ".".join(parts)
