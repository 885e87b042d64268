"""Drag over empty canvas: select what a rectangle touches."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.node_item import NodeItem
from gui.canvas.scene.hit_test import Hit, Pointer

if TYPE_CHECKING:
    from gui.canvas.view.view import CanvasView


class Marquee(Gesture):
    """Ctrl toggles, Shift adds; a click without a drag clears the selection."""

    hint = "Shift adds, Ctrl toggles"

    def __init__(self, view: "CanvasView", at: Pointer) -> None:
        super().__init__(view, at)
        self._before = self.scene.selection.nodes
        self._wire_before = self.scene.selection.wire
        self._rect = QRectF()

    def move(self, at: Pointer) -> None:
        if self._rect.isNull() and not at.far_from(self.start):
            return
        self._rect = QRectF(self.start.scene, at.scene).normalized()
        self.view.overlay.draw(self._rect.adjusted(-2, -2, 2, 2), self._paint)
        names = frozenset(
            item.look.name
            for item in self.scene.items(self._rect, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
            if isinstance(item, NodeItem) and item.scene_rect.intersects(self._rect)
        )
        base = self._before if self.start.shift or self.start.ctrl else frozenset()
        self.scene.selection.select(base ^ names if self.start.ctrl else base | names)

    def release(self, at: Pointer) -> None:
        if self._rect.isNull() and not (at.shift or at.ctrl):
            self.scene.select_annotation(None)
            self.scene.selection.clear()
        self.view.end()

    def cancel(self) -> None:
        if self._wire_before:
            self.scene.selection.select_wire(self._wire_before)
        else:
            self.scene.selection.select(self._before)

    def _paint(self, painter: QPainter) -> None:
        p = self.scene.paints
        edge = p.accent_line
        edge.setCosmetic(True)
        painter.setPen(edge)
        painter.setBrush(p.accent_faint)
        painter.drawRect(self._rect)


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start on empty canvas."""
    del hit  # the gestures that need one come before this
    return Marquee(view, at) if at.button is Qt.MouseButton.LeftButton else None
