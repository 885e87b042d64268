"""The canvas as a panel: the view with its popups, and the verbs behind keys, menus and clicks."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.graph.model import End, Node
from gui.actions.actions import Actions
from gui.canvas.binding import bind
from gui.canvas.card.info_trigger import Telling, port_told
from gui.canvas.editing.availability import Offers
from gui.canvas.editing.graph_commands import Verbs
from gui.canvas.editing.navigation import Direction, Walker
from gui.canvas.editing.text_edit import Writing
from gui.canvas.editing.tidy import Tidying
from gui.canvas.gestures.starts import STARTS
from gui.canvas.greeting import Greeting
from gui.canvas.layer_popup import FileQuestions
from gui.canvas.scene.graph_results import ResultsView
from gui.canvas.scene.hits import Hit, Pointer
from gui.canvas.scene.scene import GraphScene
from gui.canvas.search.find import FindBar
from gui.canvas.view.minimap import Minimap
from gui.canvas.view.minimap_corner import EDGE_PX, MapCorner
from gui.canvas.view.pan_zoom import LEAST
from gui.canvas.view.view import CanvasView
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme.theme import Theme
from gui.widgets.focus_ring import FocusRing

WHOLE_FROM, READABLE = 0.6, 0.75  # a graph that fits at no such zoom opens with its beginning, large enough to read
MAP_FROM = (460, 300)  # smaller panels have no room for a map
_ARROWS: Mapping[int, tuple[Direction, float, float]] = {
    Qt.Key.Key_Left: ("left", -1, 0),
    Qt.Key.Key_Right: ("right", 1, 0),
    Qt.Key.Key_Up: ("up", 0, -1),
    Qt.Key.Key_Down: ("down", 0, 1),
}


class Canvas(QWidget):
    """Draws the shown graph and changes it.

    ``edit_wanted``: a person wants to edit this node. ``hinted``: what can be done now, for the status bar.
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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self._document, self._selection = document, selection
        self.scene = GraphScene(document, selection, results, theme)
        self.scene.setParent(self)
        self.view = CanvasView(self.scene, STARTS, self)
        self.verbs = Verbs(self.scene)
        self.tidying = Tidying(self.scene, self)
        self.finder = FindBar(self.scene, theme, self)
        self.minimap = Minimap(self.view, self)
        self.corner = MapCorner(self.minimap, self.view, self)
        self.asking = FileQuestions(self.view, self.verbs, self)
        self.telling = Telling(self.view, self)
        self.asking.popup.area = self.telling.card.area = self.corner.clear
        self.walker = Walker(self.view)
        self.writing = Writing(self.view, self.verbs)
        self._wants_map = True
        self.greeting = Greeting(self.scene, actions, self)
        self._looks: dict[tuple[str, ...], tuple[float, QPointF]] = {}
        self._path = selection.path
        self._has_looked = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.ring = FocusRing(self.view, theme)
        self._connect(results, theme)
        bind(self, actions)
        self.offers = Offers(self.view, actions, self)

    def _connect(self, results: AnalysisResults | ResultsView | None, theme: Theme) -> None:
        if isinstance(results, AnalysisResults):
            results.changed.connect(self.scene.follow_results)
            results.changed.connect(self.greeting.refresh)
        self.scene.follow_results()
        theme.changed.connect(lambda: self.asking.popup.set_paints(self.scene.paints))
        self.view.zoomed.connect(self.zoomed)
        self.view.hinted.connect(self.hinted)
        self.view.hovered.connect(self._hint_at)
        self.telling.without_room.connect(self.hinted)
        self.view.wire_dropped.connect(self._ask_for_wire)
        self.view.double_clicked.connect(self._open)
        self.view.dropping.dropped.connect(self._drop)
        self.finder.found.connect(self._show_found)
        self.finder.shown.connect(self._go_to)
        self.finder.closed.connect(self.view.setFocus)
        self.scene.drawn.connect(self.greeting.refresh)
        self.scene.drawn.connect(self._show_map)
        self._document.replaced.connect(self._forget_looks)
        self.scene.graph_shown.connect(self._look_at_graph)
        self.view.looked.connect(self._remember_look)
        self.greeting.refresh()

    # For other panels

    @property
    def zoom(self) -> float:
        """Screen pixels to a scene pixel."""
        return self.view.zoom

    def set_zoom(self, zoom: float) -> None:
        """Zoom around the middle."""
        self.view.set_zoom(zoom)

    def fit(self) -> None:
        """Show the whole graph."""
        self._show(self.scene.content)

    def fit_selection(self) -> None:
        """Show what is selected, or everything."""
        names = self._selection.nodes
        self._show(self.scene.rect_of(names) if names else self.scene.content)

    def reveal(self, node_path: str) -> bool:
        """Show and select a node, named from the main graph with dots; tells whether it is there."""
        if not self._selection.reveal(node_path):
            return False
        self.view.bring(self.scene.rect_of(self._selection.nodes))
        return True

    def set_activity(self, levels: Mapping[str, int]) -> None:
        """Show each node's activity, 0 to 8, by its path from the main graph; none for nodes that are not named."""
        self.scene.set_activity(levels)

    def add_node(self, node: Node) -> None:
        """Add a node as from the palette by key: behind the selected one, else in the middle of what is seen."""
        self.asking.add(node)

    def arrange(self, names: frozenset[str] | None = None) -> None:
        """Lay out these nodes, or everything, in rows that suit the shape of the canvas."""
        self.tidying.arrange(self.view.room, names, self._show_arranged if names is None else None)

    def _show_arranged(self) -> None:
        self._show(self.scene.resting_content, readable=True)

    def show_minimap(self, shown: bool) -> None:
        """Show the small map, where there is room for it."""
        self._wants_map = shown
        self._place_corners()

    # Where to look

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_looked:
            self._has_looked = True
            QTimer.singleShot(0, self, self.look_first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_corners()

    def look_first(self) -> None:
        """Show a graph that has just been opened: all of it, or what fits of its beginning at a readable size."""
        self._show(self.scene.content, readable=True)

    def _show(self, rect: QRectF, *, readable: bool = False) -> None:
        """Fit a rectangle; where something floats over what is drawn then, above that.

        ``readable``: one that would be too small is shown from its beginning.
        """
        least, near = (WHOLE_FROM, READABLE) if readable else (LEAST, LEAST)
        self.view.show_rect(rect, least=least, near=near)
        self.corner.settle()
        if self.view.seen.contains(rect) and (foot := self.corner.foot()):
            self.view.show_rect(rect, least=least, near=near, foot=foot)
            self.corner.settle()

    def _look_at_graph(self) -> None:
        self._path = self._selection.path
        kept = self._looks.get(self._path)
        if kept:
            self.view.set_zoom(kept[0])
            self.view.centerOn(kept[1])
            self.view.looked.emit()
        elif self._has_looked:
            self.look_first()
        self.greeting.refresh()

    def _remember_look(self) -> None:
        if self._has_looked and self.scene.is_complete and self._path == self._selection.path:
            self._looks[self._path] = (self.view.zoom, self.view.seen.center())

    def _forget_looks(self) -> None:
        self._looks.clear()
        if self._has_looked and self.scene.is_complete:  # else when it is
            self.look_first()

    def _go_to(self, name: str) -> None:
        self._selection.select((name,))
        self.view.bring(self.scene.rect_of((name,)))
        self._place_finder((name,))

    def _show_found(self, names: frozenset[str] | None) -> None:
        for name, item in self.scene.nodes.items():
            item.show_found(None if names is None else name in names)
        self._place_finder(names or ())

    def _place_finder(self, names: Iterable[str] = ()) -> None:
        """Have the search cover none of the nodes that it found."""
        to_view = self.view.viewportTransform()
        taken = [to_view.mapRect(self.scene.nodes[name].scene_rect).toAlignedRect() for name in names]
        self.finder.keep_clear(taken, self.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX))

    def _show_map(self) -> None:
        """Show the map where there is something to see and room for it; `MapCorner` moves it when all rests."""
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
                if not self.walker.push(dx, dy):
                    self.verbs.nudge(dx, dy, held=event.isAutoRepeat())
            else:
                self.walker.walk(direction, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self._back_off()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (self._selection.single or self.scene.picked):
            self.open_selected()
        elif not (self.telling.take(event) or self.offers.tell(event)):
            super().keyPressEvent(event)

    def _back_off(self) -> None:
        """Escape: close what is open, else select nothing."""
        if self.telling.card.isVisible():
            self.telling.hide()
        elif self.finder.isVisible():
            self.finder.finish()
        else:
            self.scene.pick(None)
            self._selection.clear()

    def open_selected(self) -> None:
        """Dive into the selected block; edit any other node, a frame's title, or a note."""
        name = self._selection.single
        if self.scene.picked:
            self.writing.edit(self.scene.picked)
        elif name and not self._selection.dive(name):
            self.edit_wanted.emit(name)

    def tell_selected(self) -> None:
        """Keep the card that is shown; else show or hide the one about the selected node."""
        self.telling.toggle(self._selection.single)

    def add_note(self) -> None:
        """Write a note at the pointer."""
        self.writing.new_note(self.view.pointer().scene)

    def add_frame(self) -> None:
        """Frame the selection, and ask for the title."""
        gesture = self._document.gesture()
        place = self.verbs.frame(gesture)
        if place is not None:
            self.writing.edit(self.scene.frames[place], gesture)

    def _hint_at(self, found: Hit) -> None:
        self.hinted.emit(port_told(self.scene, found))

    def _open(self, found: Hit, at: Pointer) -> None:
        if found.node:
            self._selection.select((found.node.look.name,))
            self.open_selected()
        elif found.wire:
            self.asking.for_insertion(found.wire.wire, at)
        elif found.decor:
            self.writing.edit(found.decor)
        else:
            self.asking.at(at)

    def _ask_for_wire(self, fixed: End, from_output: bool, at: Pointer) -> None:
        self.asking.for_wire(fixed, at, from_output=from_output)

    def _drop(self, node: Node, at: QPointF, wire: object) -> None:
        self.asking.place(node, at, wire)
        self.view.setFocus()
