"""The canvas as a panel: the view, its popups, and the commands behind keys, menus and clicks."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.graph.model import End
from engine.protocol.asking import NodeOutput
from gui.actions.actions import Actions
from gui.canvas.canvas_actions import bind
from gui.canvas.card.info_trigger import InfoTrigger, port_text
from gui.canvas.editing.arranger import Arranger
from gui.canvas.editing.availability import Availability
from gui.canvas.editing.block_commands import BlockCommands
from gui.canvas.editing.block_question import ask_about_blocks
from gui.canvas.editing.graph_commands import GraphCommands
from gui.canvas.editing.navigation import Direction, Navigator
from gui.canvas.editing.text_edit import TextEditor
from gui.canvas.empty_graph_hint import Greeting
from gui.canvas.gestures.gesture_order import STARTS
from gui.canvas.graph_views import GraphViews
from gui.canvas.layer_popup import LayerPopup
from gui.canvas.scene.graph_results import ResultsView
from gui.canvas.scene.hit_test import Hit, Pointer
from gui.canvas.scene.scene import GraphScene
from gui.canvas.search.find_bar import FindBar
from gui.canvas.view.minimap import Minimap
from gui.canvas.view.minimap_corner import EDGE_PX, MapCorner
from gui.canvas.view.view import CanvasView
from gui.palette.payload import Addition
from gui.state.analysis_results import AnalysisResults
from gui.state.block_libraries import BlockLibraries
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme.theme import Theme
from gui.widgets.focus_ring import FocusRing

MAP_FROM = (460, 300)  # pixels; a smaller canvas shows no map
_ARROWS: Mapping[int, tuple[Direction, float, float]] = {
    Qt.Key.Key_Left: ("left", -1, 0),
    Qt.Key.Key_Right: ("right", 1, 0),
    Qt.Key.Key_Up: ("up", 0, -1),
    Qt.Key.Key_Down: ("down", 0, 1),
}


class Canvas(QWidget):
    """Draws the shown graph and changes it.

    ``edit_wanted``: the node that the user wants to edit. ``hinted``: what can be done now, for the status bar.
    """

    zoomed = Signal(float)
    hinted = Signal(str)
    edit_wanted = Signal(str)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        results: AnalysisResults | ResultsView | None,
        theme: Theme,
        actions: Actions,
        libraries: BlockLibraries | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self._document, self._selection = document, selection
        self.scene = GraphScene(document, selection, results, theme)
        self.scene.setParent(self)
        self.view = CanvasView(self.scene, STARTS, self)
        self.commands = GraphCommands(self.scene)
        self.commands.ask_about_blocks = lambda names: ask_about_blocks(self, names)
        self.blocks = BlockCommands(self.view, self.commands, self)
        self.arranger = Arranger(self.scene, self)
        self.finder = FindBar(self.scene, theme, self)
        self.minimap = Minimap(self.view, self)
        self.corner = MapCorner(self.minimap, self.view, self)
        self.layer_popup = LayerPopup(self.view, self.commands, self, libraries)
        self.info = InfoTrigger(self.view, self)
        self.layer_popup.search.area = self.info.card.area = self.corner.free_area
        self.navigator = Navigator(self.view)
        self.text_editor = TextEditor(self.view, self.commands)
        self.greeting = Greeting(self.scene, actions, self)
        self.graph_views = GraphViews(self.view, self.corner, self)
        self._wants_map = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.ring = FocusRing(self.view, theme)
        self._connect(results, theme)
        bind(self, actions)
        self.availability = Availability(self.view, actions, self)

    def _connect(self, results: AnalysisResults | ResultsView | None, theme: Theme) -> None:
        if isinstance(results, AnalysisResults):
            results.changed.connect(self.scene.follow_results)
            results.changed.connect(self.greeting.refresh)
        self.scene.follow_results()
        theme.changed.connect(lambda: self.layer_popup.search.set_paints(self.scene.paints))
        self.view.zoomed.connect(self.zoomed)
        self.view.hinted.connect(self.hinted)
        self.view.hovered.connect(self._hint_at)
        self.info.without_room.connect(self.hinted)
        self.view.wire_dropped.connect(self._ask_for_wire)
        self.view.double_clicked.connect(self._open)
        self.view.drop_target.dropped.connect(self._drop)
        self.view.drop_target.failed.connect(self.commands.refuse)
        self.finder.matches_changed.connect(self._show_matches)
        self.finder.match_activated.connect(self._go_to)
        self.finder.closed.connect(self.view.setFocus)
        self.scene.content_changed.connect(self.greeting.refresh)
        self.scene.content_changed.connect(self._show_map)
        self.scene.graph_shown.connect(self.greeting.refresh)
        self.greeting.refresh()

    # For other panels

    @property
    def zoom(self) -> float:
        """Screen pixels per scene pixel."""
        return self.view.zoom

    def set_zoom(self, zoom: float) -> None:
        """Zoom around the middle."""
        self.view.set_zoom(zoom)

    def fit(self) -> None:
        """Show the whole graph."""
        self.graph_views.fit(self.scene.content)

    def fit_selection(self) -> None:
        """Show the selection, or everything."""
        names = self._selection.nodes
        self.graph_views.fit(self.scene.rect_of(names) if names else self.scene.content)

    def reveal(self, node_path: str) -> bool:
        """Show and select a node by its path, such as ``block.conv``; false if there is no such node."""
        if not self._selection.reveal(node_path):
            return False
        self.view.scroll_to(self.scene.rect_of(self._selection.nodes))
        return True

    def set_activity(self, levels: Mapping[str, int]) -> None:
        """Show each node's activity, 0 to 8, by its path from the main graph; other nodes have none."""
        self.scene.activity.show(levels)

    def set_outputs(self, outputs: Mapping[str, NodeOutput]) -> None:
        """Show what each node gives for one sample, by its path from the main graph; empty: show nothing."""
        self.scene.node_outputs.show(outputs)

    def add_node(self, addition: Addition) -> None:
        """Add a node behind the selected one, or else in the middle of the visible part."""
        self.layer_popup.add(addition)

    def arrange(self, names: frozenset[str] | None = None) -> None:
        """Lay out these nodes, or everything, in rows that suit the shape of the canvas."""
        self.arranger.arrange(self.view.room, names, self.graph_views.fit_arranged if names is None else None)

    def show_minimap(self, visible: bool) -> None:
        """Show the minimap if there is room for it."""
        self._wants_map = visible
        self._place_corners()

    # Place of what floats over the view

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.graph_views.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_corners()

    def _go_to(self, name: str) -> None:
        self._selection.select((name,))
        self.view.scroll_to(self.scene.rect_of((name,)))
        self._place_finder((name,))

    def _show_matches(self, names: frozenset[str] | None) -> None:
        for name, item in self.scene.nodes.items():
            item.show_match(None if names is None else name in names)
        self._place_finder(names or ())

    def _place_finder(self, names: Iterable[str] = ()) -> None:
        """Move the search away from the nodes that match."""
        to_view = self.view.viewportTransform()
        node_rects = [to_view.mapRect(self.scene.nodes[name].scene_rect).toAlignedRect() for name in names]
        self.finder.keep_clear(node_rects, self.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX))

    def _show_map(self) -> None:
        """Show the map if the graph has nodes and there is room; `MapCorner` moves it when nothing else moves."""
        size = self.size()
        wants_map = self._wants_map and bool(self.scene.graph.nodes)
        self.minimap.setVisible(wants_map and size.width() >= MAP_FROM[0] and size.height() >= MAP_FROM[1])

    def _place_corners(self) -> None:
        self._show_map()
        self.corner.settle()
        self._place_finder()
        self.greeting.place()

    # Keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            direction, dx, dy = _ARROWS[event.key()]
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if not self.navigator.push(dx, dy):
                    self.commands.nudge(dx, dy, repeat=event.isAutoRepeat())
            else:
                self.navigator.walk(direction, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            self._selection.single or self.scene.selected_annotation
        ):
            self.open_selected()
        elif not (self.info.handle_key(event) or self.availability.explain(event)):
            super().keyPressEvent(event)

    def _escape(self) -> None:
        """Escape: close what is open, or else clear the selection."""
        if self.info.card.isVisible():
            self.info.hide()
        elif self.finder.isVisible():
            self.finder.finish()
        else:
            self.scene.select_annotation(None)
            self._selection.clear()

    def open_selected(self) -> None:
        """Open the selected block; edit any other node, a frame's title, or a note."""
        name = self._selection.single
        if self.scene.selected_annotation:
            self.text_editor.edit(self.scene.selected_annotation)
        elif name and not self._selection.dive(name):
            self.edit_wanted.emit(name)

    def toggle_info(self) -> None:
        """Pin the visible info card, or else show or hide that of the selected node."""
        self.info.toggle(self._selection.single)

    def add_note(self) -> None:
        """Write a note at the pointer."""
        self.text_editor.new_note(self.view.pointer().scene)

    def add_frame(self) -> None:
        """Frame the selection, and ask for the title."""
        gesture = self._document.gesture()
        index = self.commands.frame(gesture)
        if index is not None:
            self.text_editor.edit(self.scene.frames[index], gesture)

    def _hint_at(self, hit: Hit) -> None:
        self.hinted.emit(port_text(self.scene, hit))

    def _open(self, hit: Hit, at: Pointer) -> None:
        if hit.node:
            self._selection.select((hit.node.look.name,))
            self.open_selected()
        elif hit.wire:
            self.layer_popup.open_on_wire(hit.wire.wire, at)
        elif hit.annotation:
            self.text_editor.edit(hit.annotation)
        else:
            self.layer_popup.open_at(at)

    def _ask_for_wire(self, fixed: End, from_output: bool, at: Pointer) -> None:
        self.layer_popup.open_at_wire(fixed, at, from_output=from_output)

    def _drop(self, addition: Addition, at: QPointF, wire: object) -> None:
        self.layer_popup.place(addition, at, wire)
        self.view.setFocus()
