"""The places in which graphs are used, each with what the walk looks up there."""

from copy import copy
from dataclasses import dataclass, field

from engine.check.view import View
from engine.graph.algorithms import order
from engine.graph.model import Project
from engine.graph.repetitions import node_name
from engine.runtime.analysis.node_analysis import Path


@dataclass(frozen=True, slots=True)
class Place:
    """One use of a graph. ``home``: the path of the use that has its weights.

    ``borrows``: whether that is another one. ``order``: the nodes, each after those that it needs. ``live``: those that
    lead to an end of the network, or share weights with one that does. ``total_nodes``: those that count in the totals
    of the network; none in a use that is not live itself.
    """

    view: View
    path: Path
    home: Path
    borrows: bool
    order: list[str]
    live: set[str]
    total_nodes: set[str]


@dataclass(slots=True)
class Places:
    """Makes the places of a project; what is known of a graph is found once."""

    project: Project
    views: dict[str, View] = field(default_factory=dict)
    _orders: dict[str, list[str]] = field(default_factory=dict)
    _live: dict[str, set[str]] = field(default_factory=dict)

    def at(self, graph: str, path: Path, home: Path, *, borrows: bool, counts: bool) -> Place:
        """The place of a graph at a path."""
        if graph not in self.views:
            view = self.views[graph] = View(self.project, graph, self.project.graphs[graph])
            self._orders[graph] = order(view.graph)
            self._live[graph] = _live_nodes(view)
        view = copy(self.views[graph])
        view.prefix = "".join(f"{node_name(name)}." for name in path)
        live = self._live[graph]
        return Place(view, path, home, borrows, self._orders[graph], live, live if counts else set())


def _live_nodes(view: View) -> set[str]:
    """The nodes that lead to an end of the network or share weights with one that does; all while a wire is missing."""
    live = view.live()
    if not live or view.is_open(live):
        return set(view.graph.nodes)
    return live | {view.graph.nodes[name].shares or name for name in live}
