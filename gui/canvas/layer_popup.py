"""The popup that adds a layer: at a place, behind a node, into a wire or at its loose end."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from engine.catalog.axes import output_axes
from engine.catalog.index import layer
from engine.graph import compose
from engine.graph.compose.draft import Draft
from engine.graph.edits import Edit, EditError
from engine.graph.model import End, Node, Wire
from gui.canvas.editing.graph_commands import GraphCommands
from gui.canvas.editing.new_node import NewNode
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_path import unrouted_path
from gui.canvas.scene.hit_test import Pointer
from gui.canvas.scene.scene import GraphScene
from gui.canvas.search.layer_entries import Entry, entries, fitting, for_port, for_value
from gui.canvas.search.layer_search import SearchPopup
from gui.canvas.view.view import CanvasView
from gui.palette.payload import Addition
from gui.state.block_libraries import BlockLibraries

MakeEdit = Callable[[NewNode], Edit]


class LayerPopup(QObject):
    """Opens the search popup, and adds the chosen entry at the place for which it was opened."""

    def __init__(
        self, view: CanvasView, commands: GraphCommands, parent: QWidget, libraries: BlockLibraries | None = None
    ) -> None:
        super().__init__(parent)
        self._view, self._commands, self._host, self._libraries = view, commands, parent, libraries
        self._make_edit: MakeEdit | None = None
        self.search = SearchPopup(self._scene.paints, parent)
        self.search.activated.connect(self._add)
        self.search.closed.connect(self._close)
        view.graph_scene.changing.connect(self.search.close_quietly)

    @property
    def _scene(self) -> GraphScene:
        return self._view.graph_scene

    def open_here(self) -> None:
        """Open on Tab: for the selected wire, behind the selected node, or else at the pointer or below it."""
        selection = self._scene.selection
        if selection.wire:
            self.open_on_wire(selection.wire, self._view.pointer())
        elif after := self._last_selected():
            name = after.look.name
            corner = self._view.viewportTransform().map(after.scene_rect.topRight())
            node_rect = self._view.viewportTransform().mapRect(after.scene_rect).toAlignedRect()
            about = QRect(self._view.viewport().mapTo(self._host, node_rect.topLeft()), node_rect.size())
            prompt = f"Add after {name}"
            self._open_search(
                corner + QPointF(24, 0), self._after(after), prompt, lambda new_node: new_node.after(name), about
            )
        else:
            at = self._view.pointer()  # it may be over a node
            self._open_search(at.view, self._all(), "Add a layer", lambda new_node: new_node.in_free_space(at.scene))

    def open_at(self, at: Pointer) -> None:
        """Open for a node at a place, without wires."""
        self._open_search(at.view, self._all(), "Add a layer", lambda new_node: new_node.unwired_at(at.scene))

    def open_on_wire(self, wire: Wire, at: Pointer) -> None:
        """Open for a node inside a wire, with the entries that have an input and an output that fit."""
        project = self._scene.document.project
        gives = self._element(wire.source, is_input=False)
        takes = self._element(wire.target, is_input=True)
        fits = [
            entry
            for entry in self._all()
            if fitting(project, entry, gives, from_output=True) and fitting(project, entry, takes, from_output=False)
        ]
        middle = at.scene
        if item := self._scene.wires.get(wire):
            middle = item.path.pointAtPercent(0.5)
        fits = for_value(fits, self._axes(wire.source))
        self._open_search(
            at.view, fits, f"Insert between {wire.source.node} and {wire.target.node}",
            lambda new_node: new_node.into(wire, middle),
        )  # fmt: skip

    def open_at_wire(self, fixed: End, at: Pointer, *, from_output: bool) -> None:
        """Open for a node at the loose end of a wire, with the entries that fit. The wire stays visible meanwhile."""
        project = self._scene.document.project
        element = self._element(fixed, is_input=not from_output)
        fits = [entry for entry in self._all() if fitting(project, entry, element, from_output=from_output)]
        kind = self._scene.graph.nodes[fixed.node].kind
        fits = for_value(fits, self._axes(fixed)) if from_output else for_port(fits, kind, fixed.port)
        self._open_search(
            at.view + QPointF(6, -20), fits, f"Add {'after' if from_output else 'before'} {fixed}",
            lambda new_node: new_node.at_wire(fixed, at.scene, from_output=from_output),
        )  # fmt: skip
        self._draw_wire(fixed, at.scene, from_output=from_output)

    def place(self, addition: Addition, at: QPointF, wire: object) -> None:
        """Add what was dropped; if it fits into ``wire``, insert it there."""
        self._make_edit = None

        def make_edit(new_node: NewNode) -> Edit:
            if isinstance(wire, Wire):
                with suppress(EditError):  # it does not fit there: it is added without wires
                    return new_node.into(wire, at)
            return new_node.unwired_at(at)

        self._make(_entry(addition), make_edit)

    def add(self, addition: Addition) -> None:
        """Add it behind the selected node, or else in the middle of the visible part."""
        after = self._last_selected()
        if after:
            name = after.look.name
            self._make(_entry(addition), lambda new_node: new_node.after(name))
        else:
            self._make(_entry(addition), lambda new_node: new_node.in_free_space(self._view.visible_rect.center()))

    def _element(self, end: End, *, is_input: bool) -> str:
        return self._scene.element(end, is_input=is_input)

    def _axes(self, end: End) -> int | None:
        """The number of axes of an output's value, or ``None`` if unknown; of a new node, what its kind gives."""
        graph, visited = self._scene.graph, set[str]()
        while end.node in graph.nodes and end.node not in visited:
            visited.add(end.node)
            results = self._scene.graph_results.node(end.node)
            if results and end.port in results.outputs:
                return len(results.outputs[end.port])
            kind = graph.nodes[end.node].kind
            counts, declared, wires = output_axes(kind), layer(kind), graph.into(end.node)
            if len(counts) == 1:
                return next(iter(counts))
            if declared is None or not declared.shape.keeps or not wires:
                return None
            end = wires[0].source
        return None

    def _after(self, item: NodeItem) -> Iterable[Entry]:
        """All entries, those first that fit a node's first output."""
        if not item.look.outputs:
            return self._all()
        end, project = End(item.look.name, item.look.outputs[0].port), self._scene.document.project
        element = self._element(end, is_input=False)
        near = for_value(self._all(), self._axes(end))
        return sorted(near, key=lambda entry: not fitting(project, entry, element, from_output=True))

    def _all(self) -> Iterable[Entry]:
        libraries = self._libraries.libraries if self._libraries else ()
        return entries(self._scene.document.project, self._scene.graph_name, self._scene.fields, libraries)

    def _last_selected(self) -> NodeItem | None:
        selected = [self._scene.nodes[name] for name in self._scene.selection.nodes]
        return max(selected, key=lambda item: (item.scene_rect.right(), -item.scene_rect.top()), default=None)

    def _open_search(
        self, at: QPointF, candidates: Iterable[Entry], prompt: str, make_edit: MakeEdit, about: QRect | None = None
    ) -> None:
        self._make_edit = make_edit
        place = self._view.viewport().mapTo(self._host, at.toPoint())
        self.search.open(place, candidates, prompt, about=about)

    def _add(self, entry: Entry) -> None:
        make_edit = self._make_edit
        self._close()
        if make_edit:
            self._make(entry, make_edit)

    def _make(self, entry: Entry, make_edit: MakeEdit) -> None:
        try:
            edit = self._with_blocks(entry, make_edit) if entry.graphs else make_edit(NewNode(self._scene, entry))
        except EditError as wrong:
            self._commands.refuse(str(wrong))
        else:
            if edit is not None:
                self._do(edit)

    def _with_blocks(self, entry: Entry, make_edit: MakeEdit) -> Edit | None:
        """The edit that adds a use of a block from a library with all that it needs; ``None`` if the user cancels."""
        project, graph, fragment = self._scene.document.project, self._scene.graph_name, entry.fragment()
        own = self._commands.own_blocks(compose.other_blocks(project, graph, fragment))
        if own is None:
            return None
        blocks, names = compose.add_blocks(project, graph, fragment, own)
        draft = Draft(project, graph)
        draft.do_all(blocks.edits)
        edit = make_edit(NewNode(self._scene, replace(entry, block=names[entry.block]), draft.project))
        draft.do(edit)
        return draft.batch(edit.label)

    def _do(self, edit: Edit) -> None:
        old_names, before = set(self._scene.graph.nodes), self._scene.selection.nodes
        if self._scene.document.do(edit):
            new = self._scene.graph.nodes.keys() - old_names
            self._scene.selection.select_added(new, edit, before)
            self._view.scroll_to(self._scene.rect_of(new))

    def _close(self) -> None:
        self._make_edit = None
        self._view.overlay.clear()
        self._view.setFocus()

    def _draw_wire(self, fixed: End, at: QPointF, *, from_output: bool) -> None:
        item = self._scene.nodes[fixed.node]
        spot = item.look.spot(fixed.port, is_input=not from_output)
        anchor = item.spot_at(spot) if spot else item.scene_rect.center()
        start, end = (anchor, at) if from_output else (at, anchor)
        loose = QRectF(at.x() - 80, at.y() - 30, 160, 60)
        rects = (item.scene_rect, loose) if from_output else (loose, item.scene_rect)
        path, paints = unrouted_path(start, end, (), rects).path, self._scene.paints

        def paint(painter: QPainter) -> None:
            painter.setPen(paints.live_wire)
            painter.drawPath(path)

        self._view.overlay.draw(path.controlPointRect().adjusted(-4, -4, 4, 4), paint)


def _entry(addition: Addition) -> Entry:
    node = addition if isinstance(addition, Node) else next(iter(addition.graph.nodes.values()))
    declared = layer(node.kind)
    family = declared.family if declared else "structure"
    graphs = {} if isinstance(addition, Node) else addition.blocks
    params = tuple(node.params.items())
    return Entry(node.kind, node.kind, "", family, node.graph or "", params, rounds=node.loop, graphs=graphs)
