"""The settings of the weights of a node, with those of all block uses around it."""

from collections.abc import Sequence
from dataclasses import replace

from engine.graph.model import Project
from engine.graph.repetitions import node_names
from engine.graph.weights import NO_SETTINGS, WeightSettings


def settings_at(project: Project, path: Sequence[str]) -> WeightSettings:
    """The settings at a path of nodes and repetitions, from the main graph inwards: the outermost takes precedence.

    A follower, and the nodes inside it, have the parametrizations of the node that it follows.
    """
    graph, settings = project.graphs.get(project.main), NO_SETTINGS
    for name in node_names(path):
        node = graph.nodes.get(name) if graph else None
        if graph is None or node is None:
            return NO_SETTINGS
        own = node.settings
        if own.follows and own.follows.node in graph.nodes:
            own = replace(own, parametrize=graph.nodes[own.follows.node].settings.parametrize)
        inside = own.under(settings, name)
        settings = replace(inside, follows=settings.follows) if settings.follows else inside
        graph = project.graphs.get(node.graph or "")
    return settings


def learns(project: Project, path: Sequence[str]) -> bool:
    """Whether an optimizer changes the weights of the node at a path, if it has any."""
    settings = settings_at(project, path)
    return not settings.frozen and settings.follows is None
