"""What is shown and what is selected: a graph on the way of block uses, and nodes or one wire in it."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.graph.edits import Batch, Edit, RenameNode
from engine.graph.model import End, Graph, Wire
from gui.state.document import Document

MOST_ADDITIONS = 100


class Addition(NamedTuple):
    """A step that added nodes to the graph behind these block uses, and what was selected before and after it."""

    edit: Edit
    path: tuple[str, ...]
    before: frozenset[str]
    added: frozenset[str]


class Selection(QObject):
    """The shown graph with its selected nodes or wire; stays valid when those go or are renamed."""

    changed = Signal()  # other nodes or another wire, also when another graph is shown
    graph_changed = Signal()  # another graph, or another way to it

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.path: tuple[str, ...] = ()
        self.graph = document.project.main
        self.nodes: frozenset[str] = frozenset()
        self.wire: Wire | None = None
        self._removed: frozenset[str] = frozenset()  # was selected and taken away; is selected again when it comes back
        self._around: deque[Addition] = deque(maxlen=MOST_ADDITIONS)
        document.edited.connect(self._follow)
        document.stepped.connect(self._follow_step)
        document.replaced.connect(self._restart)

    @property
    def shown_graph(self) -> Graph:
        """The graph that is shown."""
        return self._document.project.graphs[self.graph]

    @property
    def single(self) -> str | None:
        """The selected node when it is the only one."""
        return next(iter(self.nodes)) if len(self.nodes) == 1 else None

    def node_path(self, node: str) -> str:
        """A node of the shown graph as results and problems name it: from the main graph, with dots."""
        return ".".join((*self.path, node))

    def select(self, names: Iterable[str]) -> None:
        """Select exactly these nodes of the shown graph; unknown names are passed over."""
        self._set(frozenset(names) & self.shown_graph.nodes.keys(), None)

    def select_added(self, names: Iterable[str], edit: Edit, before: frozenset[str]) -> None:
        """Select what a step has added, now and when it is done again; when undone, what was selected ``before``."""
        self.select(names)
        self._around.append(Addition(edit, self.path, before, self.nodes))

    def select_wire(self, wire: Wire | None) -> None:
        """Select one wire and no node."""
        self._set(frozenset(), wire if wire in self.shown_graph.wires else None)

    def toggle(self, names: Iterable[str]) -> None:
        """Select those of the nodes that were not, and the other way round."""
        self.select(self.nodes ^ frozenset(names))

    def add(self, names: Iterable[str]) -> None:
        """Select these nodes as well."""
        self.select(self.nodes | frozenset(names))

    def clear(self) -> None:
        """Select nothing."""
        self._set(frozenset(), None)

    def dive(self, node: str) -> bool:
        """Show the graph behind a block use; tells whether there is one."""
        return self.open((*self.path, node))

    def up(self) -> None:
        """Show the graph that holds the block use that was dived into, with that use selected."""
        if self.path:
            *outer, use = self.path
            self.open(tuple(outer))
            self.select((use,))

    def open(self, path: Iterable[str]) -> bool:
        """Show the graph at the end of these block uses (none: the main graph); tells whether they are there."""
        path = tuple(path)
        graphs = self._graphs(path)
        if len(graphs) <= len(path):
            return False
        if (path, graphs[-1]) != (self.path, self.graph):
            self.path, self.graph = path, graphs[-1]
            self.nodes, self.wire, self._removed = frozenset(), None, frozenset()
            self.graph_changed.emit()
            self.changed.emit()
        return True

    def reveal(self, node_path: str) -> bool:
        """Show and select a node named from the main graph with dots; tells whether it is there."""
        *uses, node = node_path.split(".")
        if not self.open(tuple(uses)) or node not in self.shown_graph.nodes:
            return False
        self.select((node,))
        return True

    def _set(self, nodes: frozenset[str], wire: Wire | None) -> None:
        self._removed = frozenset()
        if (nodes, wire) != (self.nodes, self.wire):
            self.nodes, self.wire = nodes, wire
            self.changed.emit()

    def _graphs(self, path: tuple[str, ...]) -> list[str]:
        """The graphs along the way, the main one first; shorter when a use is not there."""
        project = self._document.project
        names = [project.main]
        for use in path:
            node = project.graphs[names[-1]].nodes.get(use)
            if node is None or node.graph is None or node.graph not in project.graphs:
                break
            names.append(node.graph)
        return names

    def _follow_step(self, edit: Edit, is_redone: bool) -> None:
        for each in self._around:
            if each.edit is edit and each.path == self.path:
                self.select(each.added if is_redone else each.before)

    def _restart(self) -> None:
        self._around.clear()
        self.path, self.graph = (), self._document.project.main
        self.nodes, self.wire, self._removed = frozenset(), None, frozenset()
        self.graph_changed.emit()
        self.changed.emit()

    def _follow(self, edit: Edit) -> None:
        nodes, path, wire = set(self.nodes), list(self.path), self.wire
        for renamed in _renames(edit):
            if renamed.graph == self.graph:
                nodes = {renamed.new if name == renamed.old else name for name in nodes}
                wire = wire and _renamed(wire, renamed)
            for depth, use in enumerate(path):
                if use == renamed.old and self._graph_at(depth) == renamed.graph:
                    path[depth] = renamed.new
        graphs = self._graphs(tuple(path))
        before = self.path, self.graph
        self.path, self.graph = tuple(path[: len(graphs) - 1]), graphs[-1]
        if (self.path, self.graph) != before:
            self.graph_changed.emit()
        if len(self.path) < len(path):  # the shown block has gone
            nodes, self._removed = set(), frozenset()
        self._keep(frozenset(nodes), self._same_wire(wire))

    def _keep(self, nodes: frozenset[str], wire: Wire | None) -> None:
        """Go on with what is left of the selection, or with all of it, when undo brings it back."""
        left, removed = nodes & self.shown_graph.nodes.keys(), self._removed
        if removed and not left and wire is None and removed <= self.shown_graph.nodes.keys():
            self._set(removed, None)
        else:
            self._set(left, wire)
            self._removed = (nodes or removed) if not left and wire is None else frozenset()

    def _graph_at(self, depth: int) -> str:
        return self._graphs(self.path[:depth])[-1]

    def _same_wire(self, wire: Wire | None) -> Wire | None:
        """The wire as it is now: it may have other reroute dots."""
        if wire is None or wire in self.shown_graph.wires:
            return wire
        ends = (wire.source, wire.target)
        return next((each for each in self.shown_graph.wires if (each.source, each.target) == ends), None)


def _renamed(wire: Wire, edit: RenameNode) -> Wire:
    source, target = (End(edit.new, end.port) if end.node == edit.old else end for end in (wire.source, wire.target))
    return Wire(source, target, wire.points)


def _renames(edit: Edit) -> Iterator[RenameNode]:
    if isinstance(edit, RenameNode):
        yield edit
    elif isinstance(edit, Batch):
        for each in edit.edits:
            yield from _renames(each)
