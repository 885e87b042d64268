"""When the info card appears: on request, or when the pointer rests."""

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from engine.catalog.index import layer
from engine.check.diagnostics import Diagnostic
from engine.graph.ports import ports
from gui.canvas.card.info_card import InfoCard
from gui.canvas.items.annotations import NoteItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.scene.hit_test import Hit
from gui.canvas.scene.scene import GraphScene
from gui.canvas.view.view import CanvasView
from gui.formatting.formats import plural

HOVER_MS, PROBLEM_MS = 900, 350


class InfoTrigger(QObject):
    """Shows one card at a time; a card without a request closes when the pointer leaves its node or wire."""

    without_room = Signal(str)  # the card's text in one line, if the card has no room

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
        """Pin the visible card; or else show the card of a node, or hide it."""
        if self.card.isVisible() and not self.card.is_pinned:
            self._rest.stop()
            self.card.pin()
        elif self.card.isVisible() and name in (None, self.card.subject):
            self.hide()
        elif name is not None:
            self._rest.stop()
            self._show_node(name, pinned=True)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Pin the card under the pointer on the key I, even without a selection; true if the key was used."""
        is_pin_key = event.key() == Qt.Key.Key_I and not event.modifiers() and self.card.isVisible()
        if is_pin_key and not self.card.is_pinned:
            self.toggle(None)
            return True
        return False

    def _describe(self) -> None:
        """Describe the selection to screen readers."""
        scene, selection = self._view.graph_scene, self._view.graph_scene.selection
        if (name := selection.single) and (item := scene.nodes.get(name)):
            node = scene.graph.nodes[name]
            kind = f"use of block {node.graph}" if node.graph else node.kind
            text = ", ".join(filter(None, (name, kind, item.look.detail)))
        elif selection.wire:
            text = f"The wire from {selection.wire.source} to {selection.wire.target}"
        else:
            text = f"{plural(len(selection.nodes), 'node')} selected" if selection.nodes else ""
        self._view.setAccessibleDescription(text)

    def hide(self) -> None:
        """Hide the card."""
        self._rest.stop()
        self.card.hide()

    def _dismiss(self) -> None:
        """Hide the card, unless it is pinned."""
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
        """The rectangles of the visible nodes and notes, on the parent."""
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
    """The name and help of the port under the pointer, which most nodes have no room for; empty without a port."""
    if not hit.node or not hit.spot:
        return ""
    node_ports = ports(scene.document.project, scene.graph.nodes[hit.node.look.name])
    port = node_ports.input(hit.spot.port) if hit.spot.is_input else node_ports.output(hit.spot.port)
    return f"{hit.end} · {port.help}" if port and port.help else f"{hit.end}"
