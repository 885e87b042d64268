"""The settings of the weights of a node, given those of all uses of blocks around it."""

from collections.abc import Sequence
from dataclasses import replace

from engine.graph.model import Project
from engine.graph.weights import NO_SETTINGS, WeightSettings


def settings_at(project: Project, path: Sequence[str]) -> WeightSettings:
    """The settings at a path of node names, from the main graph inwards: the outermost wins.

    A follower, and what is inside of one, is parametrized as what it follows.
    """
    graph, found = project.graphs.get(project.main), NO_SETTINGS
    for name in path:
        node = graph.nodes.get(name) if graph else None
        if graph is None or node is None:
            return NO_SETTINGS
        own = node.settings
        if own.follows and own.follows.node in graph.nodes:
            own = replace(own, parametrize=graph.nodes[own.follows.node].settings.parametrize)
        found = replace(own.under(found, name), follows=found.follows or own.follows)
        graph = project.graphs.get(node.graph or "")
    return found


def learns(project: Project, path: Sequence[str]) -> bool:
    """Whether the weights of the node at a path, should it have any, are changed by an optimizer."""
    found = settings_at(project, path)
    return not found.frozen and found.follows is None
