"""Drag a reroute dot; Alt+click adds one to a wire, or removes one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from engine.graph.edits import SetPoints
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.wire_item import WireItem
from gui.canvas.placement.alignment import on_grid
from gui.canvas.placement.moves_with import Points
from gui.canvas.placement.reroute_dots import with_dot
from gui.canvas.scene.hit_test import Hit, Pointer

if TYPE_CHECKING:
    from gui.canvas.view.view import CanvasView


class DotGesture(Gesture):
    """Moves a reroute dot with the pointer. ``is_new``: it also stays after a click without a drag."""

    hint = "Alt: do not snap"

    def __init__(
        self, view: "CanvasView", at: Pointer, item: WireItem, dots: Points, index: int, *, is_new: bool
    ) -> None:
        super().__init__(view, at)
        self._item, self._dots, self._index, self._is_new = item, dots, index, is_new
        self._has_moved = False

    def grab(self) -> None:
        self.scene.selection.select_wire(self._item.wire)
        self._item.show_points(self._dots)

    def move(self, at: Pointer) -> None:
        if not self._has_moved and not at.far_from(self.start):
            return
        self._has_moved = True
        place = at.scene if at.alt and not self._is_new else on_grid(at.scene)
        self._dots = (*self._dots[: self._index], (place.x(), place.y()), *self._dots[self._index + 1 :])
        self._item.show_points(self._dots)

    def release(self, at: Pointer) -> None:
        self.view.end()
        wire = self._item.wire
        if self._has_moved or self._is_new:
            done = self.scene.document.do(SetPoints(self.scene.graph_name, wire.target, self._dots))
        elif at.alt:
            rest = (*self._dots[: self._index], *self._dots[self._index + 1 :])
            done = self.scene.document.do(SetPoints(self.scene.graph_name, wire.target, rest))
        else:
            return
        if not done:
            self.cancel()

    def cancel(self) -> None:
        self._item.show_points(self._item.wire.points)


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start on a dot, or with Alt on a wire."""
    if at.button is not Qt.MouseButton.LeftButton or not hit.wire:
        return None
    if hit.dot is not None:
        return DotGesture(view, at, hit.wire, hit.wire.wire.points, hit.dot, is_new=False)
    if at.alt:
        dots, index = with_dot(hit.wire, at.scene)
        return DotGesture(view, at, hit.wire, dots, index, is_new=True)
    return None
