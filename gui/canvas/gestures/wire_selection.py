"""Click a wire to select it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.hit_test import Hit, Pointer

if TYPE_CHECKING:
    from gui.canvas.view.view import CanvasView


class SelectWire(Gesture):
    """Selects at once; there is nothing to drag."""

    def __init__(self, view: "CanvasView", at: Pointer, item: WireItem) -> None:
        super().__init__(view, at)
        self._item = item

    def grab(self) -> None:
        self.scene.selection.select_wire(self._item.wire)


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start on a wire."""
    if at.button is Qt.MouseButton.LeftButton and hit.wire:
        return SelectWire(view, at, hit.wire)
    return None
