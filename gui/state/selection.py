"""The shown graph, by its path of block uses, and the selected nodes or wire in it."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.graph.edits import Batch, Edit, RenameNode
from engine.graph.model import End, Graph, Wire
from engine.graph.repetitions import dotted_names
from gui.state.document import Document

MAX_ADDITIONS = 100


class Addition(NamedTuple):
    """An undo step that added nodes to the graph at ``path``, with the selections before and after it."""

    edit: Edit
    path: tuple[str, ...]
    before: frozenset[str]
    added: frozenset[str]


class Selection(QObject):
    """The shown graph with its selected nodes or wire; stays valid when those are removed or renamed."""

    changed = Signal()  # other nodes or another wire are selected, or another graph is shown
    graph_changed = Signal()  # another graph, or another path to it

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.path: tuple[str, ...] = ()
        self.graph = document.project.main
        self.nodes: frozenset[str] = frozenset()
        self.wire: Wire | None = None
        self._removed: frozenset[str] = (
            frozenset()
        )  # selected nodes that were removed; selected again when undo restores them
        self._around: deque[Addition] = deque(maxlen=MAX_ADDITIONS)
        document.edited.connect(self._follow)
        document.stepped.connect(self._follow_step)
        document.replaced.connect(self._restart)

    @property
    def shown_graph(self) -> Graph:
        """The graph that is shown."""
        return self._document.project.graphs[self.graph]

    @property
    def single(self) -> str | None:
        """The selected node, if it is the only one."""
        return next(iter(self.nodes)) if len(self.nodes) == 1 else None

    def node_path(self, node: str) -> str:
        """The dotted path of a node of the shown graph, from the main graph, as results and problems use it."""
        return ".".join((*self.path, node))

    def select(self, names: Iterable[str]) -> None:
        """Select exactly these nodes of the shown graph; unknown names are ignored."""
        self._set(frozenset(names) & self.shown_graph.nodes.keys(), None)

    def select_added(self, names: Iterable[str], edit: Edit, before: frozenset[str]) -> None:
        """Select the nodes that a step has added, now and when it is redone; when it is undone, select ``before``."""
        self.select(names)
        self._around.append(Addition(edit, self.path, before, self.nodes))

    def select_wire(self, wire: Wire | None) -> None:
        """Select one wire and no node."""
        self._set(frozenset(), wire if wire in self.shown_graph.wires else None)

    def toggle(self, names: Iterable[str]) -> None:
        """Invert the selection of these nodes."""
        self.select(self.nodes ^ frozenset(names))

    def add(self, names: Iterable[str]) -> None:
        """Select these nodes as well."""
        self.select(self.nodes | frozenset(names))

    def clear(self) -> None:
        """Select nothing."""
        self._set(frozenset(), None)

    def dive(self, node: str) -> bool:
        """Show the graph of a block use; returns whether there is one."""
        return self.open((*self.path, node))

    def up(self) -> None:
        """Show the graph around the shown block, and select the block use."""
        if self.path:
            *outer, use = self.path
            self.open(tuple(outer))
            self.select((use,))

    def open(self, path: Iterable[str]) -> bool:
        """Show the graph at the end of these block uses (none: the main graph); returns whether it exists."""
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
        """Show and select the node at a dotted path from the main graph; returns whether it exists.

        The path may be that of one repetition of a block, such as ``stage[1].conv``.
        """
        *uses, node = dotted_names(node_path).split(".")
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
        """The names of the graphs along a path, the main graph first; shorter if a block use does not exist."""
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
        if len(self.path) < len(path):  # the shown block was removed
            nodes, self._removed = set(), frozenset()
        self._keep(frozenset(nodes), self._same_wire(wire))

    def _keep(self, nodes: frozenset[str], wire: Wire | None) -> None:
        """Select what is left of the selection, or all of it again if undo has restored it."""
        left, removed = nodes & self.shown_graph.nodes.keys(), self._removed
        if removed and not left and wire is None and removed <= self.shown_graph.nodes.keys():
            self._set(removed, None)
        else:
            self._set(left, wire)
            self._removed = (nodes or removed) if not left and wire is None else frozenset()

    def _graph_at(self, depth: int) -> str:
        return self._graphs(self.path[:depth])[-1]

    def _same_wire(self, wire: Wire | None) -> Wire | None:
        """The wire as it is now: its reroute points may have changed."""
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
