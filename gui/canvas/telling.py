"""When the info card shows: on request, or when the pointer rests."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QTimer
from PySide6.QtWidgets import QWidget

from engine.check.diagnostics import Diagnostic
from engine.graph.ports import ports
from gui.canvas.hits import Hit
from gui.canvas.info_card import InfoCard
from gui.canvas.scene import GraphScene
from gui.canvas.view import CanvasView
from gui.wording import plural

REST_MS, WRONG_MS, LEAVE_MS = 900, 350, 350


class Telling(QObject):
    """One card at a time. It stays while the pointer is on it, so that a fix can be clicked."""

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._host = view, parent
        self._pinned = False
        self.card = InfoCard(view.graph_scene, parent)
        self.card.installEventFilter(self)
        self.card.fix_wanted.connect(self._mend)
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._show_hovered)
        self._leave = QTimer(self, singleShot=True, interval=LEAVE_MS)
        self._leave.timeout.connect(self._left)
        view.hovered.connect(self._hover)
        view.looked.connect(self.hide)
        view.graph_scene.document.edited.connect(self.hide)
        view.graph_scene.graph_shown.connect(self.hide)
        view.graph_scene.selection.changed.connect(self._describe)

    def toggle(self, name: str) -> None:
        """Show the card about a node until something else happens, or hide it."""
        if self.card.isVisible() and self.card.subject == name:
            self.hide()
        else:
            self._show_node(name)
            self._pinned = True

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
        self._pinned = False
        self.card.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.card and event.type() is QEvent.Type.Leave and not self._pinned:
            self._leave.start()
        return super().eventFilter(watched, event)

    def _hover(self, found: Hit) -> None:
        if self._pinned:
            return
        self._rest.stop()
        if self.card.isVisible():
            self._leave.start()
        wrong = (found.wire and found.wire.wrong) or (found.node and found.node.severity)
        if (found.node and not found.spot) or wrong:
            self._rest.start(WRONG_MS if wrong else REST_MS)

    def _show_hovered(self) -> None:
        found = self._view.hit
        if self._view.gesture is not None:
            return
        if found.wire and (problem := self._view.graph_scene.knowledge.wrong(found.wire.wire)):
            middle = found.wire.path.pointAtPercent(0.5)
            self.card.show_problem(problem, self._on_parent(QRectF(middle.x() - 20, middle.y() - 10, 40, 20)))
        elif found.node and found.node.look.name in self._view.graph_scene.graph.nodes:
            self._show_node(found.node.look.name)

    def _show_node(self, name: str) -> None:
        self.card.show_node(name, self._on_parent(self._view.graph_scene.nodes[name].scene_rect))

    def _on_parent(self, rect: QRectF) -> QRect:
        return (
            self._view.viewportTransform()
            .mapRect(rect)
            .toAlignedRect()
            .translated(self._view.viewport().mapTo(self._host, self._view.viewport().rect().topLeft()))
        )

    def _left(self) -> None:
        if not self._pinned and not self.card.underMouse():
            self.card.hide()

    def _mend(self, problem: Diagnostic) -> None:
        self.hide()
        if problem.fix:
            self._view.graph_scene.document.do(problem.fix.edit)


def port_told(scene: GraphScene, found: Hit) -> str:
    """The port under the pointer in words, since most nodes have no room for names; nothing where there is none."""
    if not found.node or not found.spot:
        return ""
    known = ports(scene.document.project, scene.graph.nodes[found.node.look.name])
    port = known.input(found.spot.port) if found.spot.is_input else known.output(found.spot.port)
    return f"{found.end} · {port.help}" if port and port.help else f"{found.end}"
