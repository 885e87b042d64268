"""Drag a frame with its contents, drag a note, or resize either at its corner."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from engine.graph.edits import Edit, SetFrames, SetNotes
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.annotations import MIN_SIZE, AnnotationItem, FrameItem, NoteItem
from gui.canvas.placement.alignment import on_grid
from gui.canvas.placement.moves_with import inner_wires, move_edits, nodes_inside, one_step, shifted
from gui.canvas.scene.hit_test import Hit, Pointer

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene
    from gui.canvas.view.view import CanvasView


class AnnotationGesture(Gesture):
    """What dragging and resizing share. Alt turns snapping off."""

    hint = "Alt: do not snap"

    def __init__(self, view: "CanvasView", at: Pointer, item: AnnotationItem) -> None:
        super().__init__(view, at)
        self._item = item
        self._rect = QRectF(item.rect)
        self._has_moved = False

    def grab(self) -> None:
        self.scene.select_annotation(self._item)

    def move(self, at: Pointer) -> None:
        self._has_moved = self._has_moved or at.far_from(self.start)
        if self._has_moved:
            self._show(at.scene - self.start.scene, snap=not at.alt)

    def release(self, at: Pointer) -> None:
        del at
        self.view.end()
        edits = self._edits() if self._has_moved else []
        if edits and not self.scene.document.do(one_step(self._label(), edits)):
            self.cancel()

    def cancel(self) -> None:
        self._item.show_rect(self._rect)

    def _show(self, by: QPointF, *, snap: bool) -> None:
        raise NotImplementedError

    def _edits(self) -> list[Edit]:
        return rect_edits(self.scene, [self._item])

    def _label(self) -> str:
        return "Resize a frame" if isinstance(self._item, FrameItem) else "Resize a note"


class ResizeAnnotation(AnnotationGesture):
    """Drags the lower right corner."""

    def _show(self, by: QPointF, *, snap: bool) -> None:
        corner = self._rect.bottomRight() + by
        if snap:
            corner = on_grid(corner)
        self._item.show_rect(
            QRectF(
                self._rect.topLeft(),
                QPointF(
                    max(corner.x(), self._rect.left() + MIN_SIZE[0]),
                    max(corner.y(), self._rect.top() + MIN_SIZE[1] * 0.7),
                ),
            )
        )


class MoveAnnotation(AnnotationGesture):
    """A frame moves the nodes, notes and smaller frames inside it."""

    def __init__(self, view: "CanvasView", at: Pointer, item: AnnotationItem) -> None:
        super().__init__(view, at, item)
        scene = self.scene
        names = nodes_inside(scene, item) if isinstance(item, FrameItem) else []
        self._origins = {name: scene.nodes[name].pos() for name in names}
        self._wires = inner_wires(scene, names)
        contents = [
            each
            for each in (*scene.frames, *scene.notes)
            if isinstance(item, FrameItem) and each is not item and item.rect.contains(each.rect)
        ]
        self._rects = {each: QRectF(each.rect) for each in (item, *contents)}
        self._by = QPointF()

    def cancel(self) -> None:
        for item, rect in self._rects.items():
            item.show_rect(rect)
        self.scene.move_items(self._origins)
        for wire in self._wires:
            self.scene.wires[wire].show_points(wire.points)

    def shift(self, by: QPointF) -> None:
        """Move by an offset at once."""
        self._show(by, snap=True)
        edits = self._edits()
        self.cancel()
        if edits:
            self.scene.document.do(one_step(self._label(), edits))

    def _show(self, by: QPointF, *, snap: bool) -> None:
        if snap:
            by = on_grid(self._rect.topLeft() + by) - self._rect.topLeft()
        self._by = by
        for item, rect in self._rects.items():
            item.show_rect(rect.translated(by))
        self.scene.move_items({name: place + by for name, place in self._origins.items()})
        for wire in self._wires:
            self.scene.wires[wire].show_points(shifted(wire.points, by))

    def _edits(self) -> list[Edit]:
        places = {name: place + self._by for name, place in self._origins.items()}
        return [*rect_edits(self.scene, list(self._rects)), *move_edits(self.scene, places, self._wires, self._by)]

    def _label(self) -> str:
        return "Move a frame" if isinstance(self._item, FrameItem) else "Move a note"


def nudge(view: "CanvasView", item: AnnotationItem, by: QPointF) -> None:
    """Move a frame with its contents, or a note, as one undo step."""
    gesture = MoveAnnotation(view, view.pointer(), item)
    gesture.shift(by)


def rect_edits(scene: "GraphScene", items: list[AnnotationItem]) -> list[Edit]:
    """The edits that give frames and notes the rectangles they are shown with."""
    graph = scene.graph
    frames, notes = list(graph.frames), list(graph.notes)
    for item in items:
        rect = (item.rect.x(), item.rect.y(), item.rect.width(), item.rect.height())
        if isinstance(item, FrameItem):
            frames[item.index] = replace(frames[item.index], rect=rect)
        elif isinstance(item, NoteItem):
            notes[item.index] = replace(notes[item.index], rect=rect)
    edits: list[Edit] = []
    if tuple(frames) != graph.frames:
        edits.append(SetFrames(scene.graph_name, tuple(frames)))
    if tuple(notes) != graph.notes:
        edits.append(SetNotes(scene.graph_name, tuple(notes)))
    return edits


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start on a frame's head, a note, or the corner of either."""
    if at.button is not Qt.MouseButton.LeftButton or not hit.annotation:
        return None
    return (ResizeAnnotation if hit.corner else MoveAnnotation)(view, at, hit.annotation)
