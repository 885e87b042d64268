"""Layers dragged from the palette; one dropped on a wire is inserted there."""

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from engine.errors import FileProblem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.hit_test import hit_test
from gui.canvas.scene.scene import GraphScene
from gui.palette.payload import KIND_MIME, Addition, dropped


class DropTarget(QObject):
    """Handles a drag over the view. ``dropped`` carries the `Addition`, the place in the scene, and the wire or None.

    ``failed``: why a drag that looked right adds nothing.
    """

    dropped = Signal(object, QPointF, object)
    failed = Signal(str)

    def __init__(self, scene: GraphScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._aim: WireItem | None = None

    def over(self, event: QDragMoveEvent, at: QPointF, zoom: float) -> None:
        """Handle a drag at a place in the scene."""
        if not event.mimeData().hasFormat(KIND_MIME):
            event.ignore()
            return
        self._aim_at(self._wire(at, zoom, event.modifiers()))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def drop(self, event: QDropEvent, at: QPointF, zoom: float) -> None:
        """Handle a drop at a place in the scene."""
        addition = self._addition(event)
        aim = self._wire(at, zoom, event.modifiers())
        self.leave()
        if addition is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(addition, at, aim.wire if aim else None)

    def _addition(self, event: QDropEvent) -> Addition | None:
        try:
            return dropped(event.mimeData())
        except FileProblem as wrong:
            self.failed.emit(str(wrong))
            return None

    def leave(self) -> None:
        """Handle a drag that leaves the view."""
        self._aim_at(None)

    def _wire(self, at: QPointF, zoom: float, keys: Qt.KeyboardModifier) -> WireItem | None:
        return None if keys & Qt.KeyboardModifier.ShiftModifier else hit_test(self._scene, at, zoom).wire

    def _aim_at(self, wire: WireItem | None) -> None:
        if wire is not self._aim:
            if self._aim:
                self._aim.show_highlight(False)
            self._aim = wire
            if wire:
                wire.show_highlight(True)
