"""The shown graph as items, kept in step with the document, the selection and the results."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from engine.graph.edits import Edit
from engine.graph.model import End, Graph, Wire
from gui.canvas.items.annotation_layer import AnnotationLayer
from gui.canvas.items.annotations import AnnotationItem, FrameItem, NoteItem
from gui.canvas.items.link_item import LinkItem
from gui.canvas.items.node_item import CAPTION, Detail, NodeItem
from gui.canvas.items.style import Paints
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.activity import Activity
from gui.canvas.scene.changes import changes_of
from gui.canvas.scene.graph_results import GraphResults, ResultsView
from gui.canvas.scene.links import Links
from gui.canvas.scene.node_outputs import NodeOutputs
from gui.canvas.scene.port_matching import declared_element
from gui.canvas.scene.result_texts import Captions
from gui.canvas.scene.routing import Routing
from gui.canvas.scene.sync import Sync
from gui.state.data_fields import NO_FIELDS, DataFields
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme.theme import Theme

MARGIN = 2000.0  # free space around all items
AROUND = 40.0  # from the outer nodes to the wires that pass them


class GraphScene(QGraphicsScene):
    """One item per node and per wire; an edit updates only the items that it changes.

    A large graph is drawn in slices. ``nodes`` and ``wires`` first draw the rest, ``nodes_so_far`` and
    ``wires_so_far`` do not; ``content_changed`` and ``graph_shown`` are emitted when everything is drawn.
    """

    content_changed = Signal()  # items have changed or moved: for minimap and overview
    changing = Signal()  # items are about to change, or to be removed
    graph_shown = Signal()  # another graph
    repainted = Signal()  # another theme
    annotation_selected = Signal()  # another frame or note, or none

    def __init__(self, document: Document, selection: Selection, results: ResultsView | None, theme: Theme) -> None:
        super().__init__()
        self.document, self.selection = document, selection
        self._results, self._theme = results, theme
        self.paints = Paints(theme)
        self.annotations = AnnotationLayer(self)
        self.detail = Detail.FULL
        self.cached = False
        self.graph_name = ""
        self.graph_results = GraphResults(None, "", "")
        self._sync = Sync(self)
        self.captions = Captions(self)
        self.activity = Activity(self)
        self.node_outputs = NodeOutputs(self, theme)
        self.links = Links(self)
        self.routing = Routing(self)
        self._last_selection: tuple[frozenset[str], Wire | None] = (frozenset(), None)
        document.changing.connect(self.finish)
        document.edited.connect(self._follow_edit)
        selection.graph_changed.connect(self._follow_graph)  # also when another project is loaded
        selection.changed.connect(self._follow_selection)
        theme.changed.connect(self._follow_theme)
        self._follow_graph()

    @property
    def graph(self) -> Graph:
        """The graph that is shown."""
        return self.document.project.graphs[self.graph_name]

    # Reading

    @property
    def nodes(self) -> dict[str, NodeItem]:
        """The item of each node."""
        self.finish()
        return self._sync.nodes

    @property
    def wires(self) -> dict[Wire, WireItem]:
        """The item of each wire."""
        self.finish()
        return self._sync.wires

    @property
    def nodes_so_far(self) -> dict[str, NodeItem]:
        """The items that exist already; some nodes may no longer be in the graph."""
        return self._sync.nodes

    @property
    def wires_so_far(self) -> dict[Wire, WireItem]:
        """The items that exist already; some wires may no longer be in the graph."""
        return self._sync.wires

    @property
    def is_complete(self) -> bool:
        """Whether everything is drawn as it is in the document."""
        return self._sync.is_done

    def finish(self) -> None:
        """Draw the rest now."""
        self._sync.finish()

    @property
    def frames(self) -> list[FrameItem]:
        """The frames, in the graph's order."""
        return self.annotations.frames

    @property
    def notes(self) -> list[NoteItem]:
        """The notes, in the graph's order."""
        return self.annotations.notes

    @property
    def selected_annotation(self) -> AnnotationItem | None:
        """The selected frame or note."""
        return self.annotations.selected

    def wires_of(self, names: Iterable[str]) -> set[WireItem]:
        """The wires at these nodes."""
        return self._sync.wires_of(names)

    def into(self, name: str) -> list[Wire]:
        """The wires that end at a node."""
        return self._sync.index.into(name)

    def out_of(self, name: str) -> list[Wire]:
        """The wires that start at a node."""
        return self._sync.index.out_of(name)

    def rect_of(self, names: Iterable[str]) -> QRectF:
        """The rectangle around these nodes."""
        return _around(self.nodes, names)

    def element(self, end: End, *, is_input: bool) -> str:
        """The element type at a port: from the analysis, or else as declared; empty for an unknown port."""
        results = None if is_input else self.graph_results.node(end.node)
        element = results.elements.get(end.port, "") if results else ""
        return element or declared_element(self.document.project, self.graph, end, is_input=is_input)

    @property
    def fields(self) -> DataFields:
        """The fields that were found in the data, as far as they are known."""
        return self._results.fields if self._results else NO_FIELDS

    def lacks(self, code: str) -> bool:
        """Whether the project has a problem of that code."""
        return any(problem.code == code for problem in self._results.problems) if self._results else False

    @property
    def content(self) -> QRectF:
        """The rectangle around everything drawn."""
        rect = self.rect_of(self.nodes).adjusted(0, 0, 0, CAPTION)
        for item in (*self.frames, *self.notes):
            rect = rect.united(item.rect)
        for wire in self.wires.values():
            if wire.runs_back:
                rect = rect.united(wire.reach)
        for link in self.links.items.values():
            rect = rect.united(link.boundingRect())
        return rect

    @property
    def resting_content(self) -> QRectF:
        """The same after all animations."""
        rect, graph = QRectF(), self.graph
        items = self.nodes_so_far if graph.nodes.keys() <= self.nodes_so_far.keys() else self.nodes
        for name, node in graph.nodes.items():
            look = items[name].look
            rect = rect.united(QRectF(*node.pos, look.width, look.height))
        for item in (*self.frames, *self.notes):
            rect = rect.united(item.rect)
        return rect.adjusted(-AROUND, -AROUND, AROUND, AROUND)  # for wires and their chips

    # Following

    def follow_results(self) -> None:
        """Show the latest results."""
        if self._drawn_project is not self.document.project or self.graph_name not in self._drawn_project.graphs:
            return  # another project was opened, and the selection does not follow yet
        self._sync.show_results()

    def latest_results(self) -> GraphResults:
        """The latest results of the shown graph."""
        return GraphResults(self._results, self.graph_name, self.selection.node_path(""))

    def set_detail(self, detail: Detail) -> None:
        """Set how much of each item is painted."""
        if detail is not self.detail:
            self.detail = detail
            for item in self._all():
                item.show_detail(detail)
            if detail is not Detail.FULL:
                self.set_cached(cached=False)

    def set_cached(self, *, cached: bool) -> None:
        """Cache the picture of each node, or paint it each time, which is faster during a zoom."""
        if cached != self.cached:
            self.cached = cached
            for item in self.nodes_so_far.values():
                item.setCacheMode(self.cache_mode)

    def select_annotation(self, item: AnnotationItem | None) -> None:
        """Select a frame or note instead of nodes."""
        if item is not None:
            self.selection.clear()
        if item is not self.selected_annotation:
            self.annotations.select(item)
            self.annotation_selected.emit()

    def move_items(self, places: Mapping[str, QPointF]) -> None:
        """Move the items of nodes without changing the document."""
        for name, place in places.items():
            self.nodes[name].place(place.x(), place.y())
        for wire in self.wires_of(places):
            wire.reroute()
        self.links.reroute(places)
        self.routing.hold()
        self.content_changed.emit()

    def _all(self) -> Iterable[NodeItem | WireItem | LinkItem | AnnotationItem]:
        yield from self.nodes_so_far.values()
        yield from self.wires_so_far.values()
        yield from self.links.items.values()
        yield from self.frames
        yield from self.notes

    @property
    def cache_mode(self) -> QGraphicsItem.CacheMode:
        """The cache mode of node items."""
        return QGraphicsItem.CacheMode.DeviceCoordinateCache if self.cached else QGraphicsItem.CacheMode.NoCache

    def _follow_graph(self) -> None:
        self.changing.emit()
        self.clear()
        self.links.items.clear()
        self.annotations = AnnotationLayer(self)
        self.routing.restart()
        self._last_selection = (frozenset(), None)
        self.graph_name, self._drawn_project = self.selection.graph, self.document.project
        self.graph_results = self.latest_results()
        self._sync.restart()

    def announce_graph(self) -> None:
        """Announce that another graph is completely drawn."""
        self._follow_selection()
        self.graph_shown.emit()

    def _follow_edit(self, edit: Edit) -> None:
        if self.graph_name in self.document.project.graphs:
            self.changing.emit()
            self._sync.follow(changes_of(edit, self.graph_name))

    def _follow_selection(self) -> None:
        nodes, wire = self.selection.nodes, self.selection.wire
        if nodes or wire:
            self.select_annotation(None)
        before, self._last_selection = self._last_selection, (nodes, wire)
        for name in before[0] ^ nodes:
            if item := self.nodes_so_far.get(name):
                item.show_selected(name in nodes)
        for each in {before[1], wire}:
            if each and (wire_item := self.wires_so_far.get(each)):
                wire_item.show_selected(each == wire)

    def _follow_theme(self) -> None:
        self.paints = Paints(self._theme)
        for item in self._all():
            item.set_paints(self.paints)
        self.node_outputs.refresh()
        self.repainted.emit()
        self.content_changed.emit()

    def sync_annotations(self) -> None:
        """Update the items of frames and notes."""
        self.annotations.follow(self.graph, self.paints, self.detail, self.captions.frame_text)

    def grow(self, names: Iterable[str], *, annotations: bool) -> None:
        """Extend the scene's index to these items, with a margin."""
        content = _around(self.nodes_so_far, names)
        for item in (*self.frames, *self.notes) if annotations else ():
            content = content.united(item.rect)
        if not self.sceneRect().contains(content):
            self.setSceneRect(self.sceneRect().united(content.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)))


def _around(items: Mapping[str, NodeItem], names: Iterable[str]) -> QRectF:
    rect = QRectF()
    for name in names:
        if item := items.get(name):
            rect = rect.united(item.scene_rect)
    return rect
