"""What holds for the weights of a node, given all that the uses of blocks around it say."""

from collections.abc import Sequence
from dataclasses import replace

from engine.graph.model import Project
from engine.graph.weights import NOTHING_SAID, WeightSettings


def settings_at(project: Project, path: Sequence[str]) -> WeightSettings:
    """What holds at a path of node names, from the main graph inwards: what is said outside wins.

    A follower, and what is inside of one, is parametrized as what it follows.
    """
    graph, found = project.graphs.get(project.main), NOTHING_SAID
    for name in path:
        node = graph.nodes.get(name) if graph else None
        if graph is None or node is None:
            return NOTHING_SAID
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
