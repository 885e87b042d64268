"""The shown graph as items, kept in step with the document, the selection and the facts."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from engine.graph.edits import Edit
from engine.graph.model import End, Graph, Wire
from gui.canvas.captions import Captions
from gui.canvas.changes import Touched, touched
from gui.canvas.decor import DecorItem, FrameItem, NoteItem
from gui.canvas.decor_layer import DecorLayer
from gui.canvas.fits import declared_element
from gui.canvas.glow import Glow
from gui.canvas.knowledge import Knowledge, KnownFacts
from gui.canvas.leading import Leading
from gui.canvas.look import Look, look
from gui.canvas.node_item import Detail, NodeItem
from gui.canvas.paints import Paints
from gui.canvas.wire_item import WireItem
from gui.canvas.wiring_index import WiringIndex
from gui.document import Document
from gui.fields import NO_FIELDS, Found
from gui.quiet import uncollected
from gui.selection import Selection
from gui.theme.theme import Theme

MARGIN = 2000.0  # free space around what is drawn
AROUND = 40.0  # from the outer nodes to the wires that pass them


class GraphScene(QGraphicsScene):
    """One item a node, one a wire; an edit redraws only what it touches."""

    drawn = Signal()  # something differs, also where it is: for minimap and overview
    changing = Signal()  # something is about to differ, and items may go
    graph_shown = Signal()  # another graph
    repainted = Signal()  # another theme
    picking = Signal()  # another frame or note is picked

    def __init__(self, document: Document, selection: Selection, facts: KnownFacts | None, theme: Theme) -> None:
        super().__init__()
        self.document, self.selection = document, selection
        self._facts, self._theme = facts, theme
        self.paints = Paints(theme)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.decor = DecorLayer(self)
        self.detail = Detail.FULL
        self.cached = False
        self.graph_name = ""
        self.knowledge = Knowledge(None, "", "")
        self._index = WiringIndex()
        self._captions = Captions(self)
        self._glow = Glow(self)
        self.leading = Leading(self)
        self._chosen: tuple[frozenset[str], Wire | None] = (frozenset(), None)
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
    def frames(self) -> list[FrameItem]:
        """The frames, in the graph's order."""
        return self.decor.frames

    @property
    def notes(self) -> list[NoteItem]:
        """The notes, in the graph's order."""
        return self.decor.notes

    @property
    def picked(self) -> DecorItem | None:
        """The selected frame or note."""
        return self.decor.picked

    def wires_of(self, names: Iterable[str]) -> set[WireItem]:
        """The wires at these nodes."""
        keys = {wire for name in names for wire in (*self.into(name), *self.out_of(name))}
        return {self.wires[wire] for wire in keys if wire in self.wires}

    def into(self, name: str) -> list[Wire]:
        """The wires that end at a node."""
        return self._index.into(name)

    def out_of(self, name: str) -> list[Wire]:
        """The wires that start at a node."""
        return self._index.out_of(name)

    def rect_of(self, names: Iterable[str]) -> QRectF:
        """The rectangle around these nodes."""
        found = QRectF()
        for name in names:
            if item := self.nodes.get(name):
                found = found.united(item.scene_rect)
        return found

    def element(self, end: End, *, is_input: bool) -> str:
        """What flows at a port: as it was found out, else as it is declared; nothing for an unknown port."""
        known = None if is_input else self.knowledge.node(end.node)
        found = known.elements.get(end.port, "") if known else ""
        return found or declared_element(self.document.project, self.graph, end, is_input=is_input)

    @property
    def fields(self) -> Found:
        """Those that were found in the data, as far as is known."""
        return self._facts.fields if self._facts else NO_FIELDS

    def lacks(self, code: str) -> bool:
        """Whether the project has a problem of that code."""
        return any(problem.code == code for problem in self._facts.problems) if self._facts else False

    @property
    def content(self) -> QRectF:
        """The rectangle around everything drawn."""
        found = self.rect_of(self.nodes)
        for item in (*self.frames, *self.notes):
            found = found.united(item.rect)
        for wire in self.wires.values():
            if wire.runs_back:
                found = found.united(wire.reach)
        return found

    @property
    def resting_content(self) -> QRectF:
        """The same for when everything that glides has arrived."""
        found = QRectF()
        for name, node in self.graph.nodes.items():
            look = self.nodes[name].look
            found = found.united(QRectF(*node.pos, look.width, look.height))
        for item in (*self.frames, *self.notes):
            found = found.united(item.rect)
        return found.adjusted(-AROUND, -AROUND, AROUND, AROUND)  # for wires and their chips

    # Following

    def follow_facts(self) -> None:
        """Show the latest facts."""
        if self._drawn is not self.document.project or self.graph_name not in self._drawn.graphs:
            return  # another project was opened, and the selection is yet to lead into it
        prefix = self.selection.node_path("")
        self.knowledge = Knowledge(self._facts, self.graph_name, prefix)
        self._captions.show(self.nodes)
        self.leading.follow((), self.wires)
        self._sync_decor()

    def set_activity(self, levels: Mapping[str, int]) -> None:
        """Show each node's activity, 0 to 8, by its path from the main graph; nodes not named have none."""
        self._glow.show(levels)

    def set_detail(self, detail: Detail) -> None:
        """Paint more or less of everything."""
        if detail is not self.detail:
            self.detail = detail
            for item in self._all():
                item.show_detail(detail)
            if detail is not Detail.FULL:
                self.set_cached(cached=False)

    def set_cached(self, *, cached: bool) -> None:
        """Keep each node's picture, or paint it anew each time, as is faster during a zoom."""
        if cached != self.cached:
            self.cached = cached
            for item in self.nodes.values():
                item.setCacheMode(self._cache_mode)

    def pick(self, item: DecorItem | None) -> None:
        """Select a frame or note instead of nodes."""
        if item is not None:
            self.selection.clear()
        if item is not self.picked:
            self.decor.pick(item)
            self.picking.emit()

    def move_items(self, places: Mapping[str, QPointF]) -> None:
        """Show nodes elsewhere; the document does not know yet."""
        for name, place in places.items():
            self.nodes[name].place(place.x(), place.y())
        for wire in self.wires_of(places):
            wire.reroute()
        self.leading.hold()
        self.drawn.emit()

    def _all(self) -> Iterable[NodeItem | WireItem | DecorItem]:
        yield from self.nodes.values()
        yield from self.wires.values()
        yield from self.frames
        yield from self.notes

    @property
    def _cache_mode(self) -> QGraphicsItem.CacheMode:
        return QGraphicsItem.CacheMode.DeviceCoordinateCache if self.cached else QGraphicsItem.CacheMode.NoCache

    def _follow_graph(self) -> None:
        self.changing.emit()
        self.clear()
        self.nodes, self.wires = {}, {}
        self.decor = DecorLayer(self)
        self._index = WiringIndex()
        self.leading.restart()
        self._chosen = (frozenset(), None)
        self.graph_name, self._drawn = self.selection.graph, self.document.project
        self.knowledge = Knowledge(self._facts, self.graph_name, self.selection.node_path(""))
        with uncollected():
            self._sync(Touched(everything=True))
        self._follow_selection()
        self.graph_shown.emit()

    def _follow_edit(self, edit: Edit) -> None:
        if self.graph_name in self.document.project.graphs:
            self.changing.emit()
            self._sync(touched(edit, self.graph_name))

    def _follow_selection(self) -> None:
        nodes, wire = self.selection.nodes, self.selection.wire
        if nodes or wire:
            self.pick(None)
        before, self._chosen = self._chosen, (nodes, wire)
        for name in before[0] ^ nodes:
            if item := self.nodes.get(name):
                item.show_chosen(name in nodes)
        for each in {before[1], wire}:
            if each and each in self.wires:
                self.wires[each].show_chosen(each == wire)

    def _follow_theme(self) -> None:
        self.paints = Paints(self._theme)
        for item in self._all():
            item.set_paints(self.paints)
        self.repainted.emit()
        self.drawn.emit()

    def _sync(self, what: Touched) -> None:
        graph = self.graph
        names = set(graph.nodes) | set(self.nodes) if what.everything else set(what.nodes)
        if what.blocks:
            names |= {name for name, node in graph.nodes.items() if node.kind == "Block"}
        if what.wires or what.everything:
            names |= self._index.follow(graph)
        wires = self._drop((names & self.nodes.keys()) - graph.nodes.keys())
        for name in names & graph.nodes.keys():
            self._sync_node(graph, name)
        for name in what.moved & graph.nodes.keys():
            self.nodes[name].place(*graph.nodes[name].pos)
        kept = self.wires_of(names | what.moved) if self.wires else set()
        if what.wires or what.everything:
            wires += self._sync_wires(graph)
        if what.decor or what.everything:
            self._sync_decor()
        self._captions.show(names)
        self.leading.follow(names | what.moved, wires)
        for wire in kept:
            wire.reroute()
        self._grow(names | what.moved, decor=what.decor or what.everything)
        self.drawn.emit()

    def _drop(self, gone: set[str]) -> list[Wire]:
        """Remove nodes, with the wires that are drawn at them; gives those."""
        items = {self.nodes.pop(name) for name in gone}
        wires = [wire for wire, each in self.wires.items() if {each.source, each.target} & items] if items else []
        for wire in wires:
            self.removeItem(self.wires.pop(wire))
        for item in items:
            self.removeItem(item)
        return wires

    def _sync_node(self, graph: Graph, name: str) -> None:
        item = self.nodes.get(name)
        seen = look(
            self.document.project, self.graph_name, name, self.paints.measure, self.into(name), self.out_of(name)
        )
        if item is None:
            self.nodes[name] = self._made_node(graph, name, seen)
            return
        item.set_look(seen)
        item.place(*graph.nodes[name].pos)
        self._glow.show_on(name, item)

    def _made_node(self, graph: Graph, name: str, seen: Look) -> NodeItem:
        """A new item; it is told only what may differ from how items begin, since there may be thousands."""
        item = NodeItem(seen, self.paints)
        item.detail, item.chosen = self.detail, name in self.selection.nodes
        item.place(*graph.nodes[name].pos)
        self._glow.show_on(name, item)
        if self.cached:
            item.setCacheMode(self._cache_mode)
        self.addItem(item)
        return item

    def _sync_wires(self, graph: Graph) -> list[Wire]:
        """Draw the wires there are; gives those that are new or gone."""
        wanted = dict.fromkeys(graph.wires)
        gone = [wire for wire in self.wires if wire not in wanted]
        for wire in gone:
            self.removeItem(self.wires.pop(wire))
        new = [wire for wire in wanted if wire not in self.wires] if self.wires else list(wanted)
        for wire in new:
            source, target = self.nodes.get(wire.source.node), self.nodes.get(wire.target.node)
            if source and target:
                item = self.wires[wire] = WireItem(wire, source, target, self.paints)
                item.detail, item.chosen = self.detail, wire == self.selection.wire
                self.addItem(item)
        return gone + new

    def _sync_decor(self) -> None:
        graph = self.graph
        self.decor.follow(graph, self.paints, self.detail, self._captions.of_frame)

    def _grow(self, names: Iterable[str], *, decor: bool) -> None:
        """Let the index cover what is drawn, and little more."""
        content = self.rect_of(names)
        for item in (*self.frames, *self.notes) if decor else ():
            content = content.united(item.rect)
        if not self.sceneRect().contains(content):
            self.setSceneRect(self.sceneRect().united(content.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)))
