"""When the info card shows: when a person asks for it, or when the pointer rests."""

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from engine.catalog.index import layer
from engine.check.diagnostics import Diagnostic
from engine.graph.ports import ports
from gui.canvas.card.info_card import InfoCard
from gui.canvas.items.annotations import NoteItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.scene.hits import Hit
from gui.canvas.scene.scene import GraphScene
from gui.canvas.view.view import CanvasView
from gui.text.formats import plural

HOVER_MS, PROBLEM_MS = 900, 350


class InfoTrigger(QObject):
    """One card at a time. One that came by itself goes as soon as the pointer leaves what it is about."""

    without_room = Signal(str)  # what a card would have said, in one line

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._host = view, parent
        self.card = InfoCard(view.graph_scene, parent)
        self.card.fix_wanted.connect(self._apply_fix)
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._show_hovered)
        view.hovered.connect(self._hover)
        view.pressed.connect(self._dismiss)
        view.view_changed.connect(self.hide)
        view.graph_scene.document.edited.connect(self.hide)
        view.graph_scene.graph_shown.connect(self.hide)
        view.graph_scene.selection.changed.connect(self._describe)

    def toggle(self, name: str | None) -> None:
        """Keep the card that is there; else show the one about a node until something else happens, or hide it."""
        if self.card.isVisible() and not self.card.is_pinned:
            self._rest.stop()
            self.card.pin()
        elif self.card.isVisible() and name in (None, self.card.subject):
            self.hide()
        elif name is not None:
            self._rest.stop()
            self._show_node(name, pinned=True)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Keep the card about what the pointer is on by I, though nothing is selected; tells whether that was it."""
        wants = event.key() == Qt.Key.Key_I and not event.modifiers() and self.card.isVisible()
        if wants and not self.card.is_pinned:
            self.toggle(None)
            return True
        return False

    def _describe(self) -> None:
        """Tell who cannot see it what is selected."""
        scene, selection = self._view.graph_scene, self._view.graph_scene.selection
        if (name := selection.single) and (item := scene.nodes.get(name)):
            text = ", ".join(filter(None, (name, scene.graph.nodes[name].kind, item.look.detail)))
        elif selection.wire:
            text = f"The wire from {selection.wire.source} to {selection.wire.target}"
        else:
            text = f"{plural(len(selection.nodes), 'node')} selected" if selection.nodes else ""
        self._view.setAccessibleDescription(text)

    def hide(self) -> None:
        """Show no card."""
        self._rest.stop()
        self.card.hide()

    def _dismiss(self) -> None:
        """A button is pressed on the canvas: what is done there counts now."""
        self._rest.stop()
        if not self.card.is_pinned:
            self.card.hide()

    def _hover(self, hit: Hit) -> None:
        self._dismiss()
        if self.card.isVisible():
            return
        has_problem = (hit.wire and hit.wire.is_wrong) or (hit.node and hit.node.severity)
        if (hit.node and not hit.spot) or has_problem:
            self._rest.start(PROBLEM_MS if has_problem else HOVER_MS)

    def _show_hovered(self) -> None:
        hit, scene = self._view.hit, self._view.graph_scene
        if self._view.gesture is not None:
            return
        if hit.wire and (problem := scene.graph_results.wire_problem(hit.wire.wire)):
            middle = hit.wire.path.pointAtPercent(0.5)
            about = self._on_parent(QRectF(middle.x() - 20, middle.y() - 10, 40, 20))
            if not self.card.show_problem(problem, about, self._obstacles()):
                self.without_room.emit(f"{problem.message} {problem.hint}".strip())
        elif hit.node and hit.node.look.name in scene.graph.nodes:
            self._show_node(hit.node.look.name, pinned=False)

    def _show_node(self, name: str, *, pinned: bool) -> None:
        scene = self._view.graph_scene
        about = self._on_parent(scene.nodes[name].scene_rect)
        if not self.card.show_node(name, about, self._obstacles(), pinned=pinned):
            self.without_room.emit(self._in_one_line(name))

    def _obstacles(self) -> list[QRect]:
        """Where nodes and notes are seen."""
        scene = self._view.graph_scene
        items = scene.items(self._view.visible_rect)
        rects = [item.scene_rect for item in items if isinstance(item, NodeItem)]
        rects += [item.rect for item in items if isinstance(item, NoteItem)]
        return [self._on_parent(rect) for rect in rects]

    def _in_one_line(self, name: str) -> str:
        problems = self._view.graph_scene.graph_results.problems.get(name)
        if problems:
            return f"{name}: {problems[0].message} {problems[0].hint}".strip()
        declared = layer(self._view.graph_scene.graph.nodes[name].kind)
        return f"{name}: {declared.summary}" if declared else ""

    def _on_parent(self, rect: QRectF) -> QRect:
        return (
            self._view.viewportTransform()
            .mapRect(rect)
            .toAlignedRect()
            .translated(self._view.viewport().mapTo(self._host, self._view.viewport().rect().topLeft()))
        )

    def _apply_fix(self, problem: Diagnostic) -> None:
        self.hide()
        if problem.fix:
            self._view.graph_scene.document.do(problem.fix.edit)


def port_text(scene: GraphScene, hit: Hit) -> str:
    """The port under the pointer in words, since most nodes have no room for names; nothing where there is none."""
    if not hit.node or not hit.spot:
        return ""
    node_ports = ports(scene.document.project, scene.graph.nodes[hit.node.look.name])
    port = node_ports.input(hit.spot.port) if hit.spot.is_input else node_ports.output(hit.spot.port)
    return f"{hit.end} · {port.help}" if port and port.help else f"{hit.end}"
