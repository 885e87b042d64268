"""The frames and notes of the shown graph as items."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from engine.graph.model import Graph
from gui.canvas.items.annotations import AnnotationItem, FrameItem, NoteItem
from gui.canvas.items.node_item import Detail
from gui.canvas.items.style import Paints

AnyDecor = TypeVar("AnyDecor", FrameItem, NoteItem)
AnyModel = TypeVar("AnyModel")


class AnnotationLayer:
    """Items in the graph's order; at most one is ``picked``."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self.frames: list[FrameItem] = []
        self.notes: list[NoteItem] = []
        self.picked: AnnotationItem | None = None

    def follow(self, graph: Graph, paints: Paints, detail: Detail, caption: Callable[[QRectF], str]) -> None:
        """Show the graph's frames and notes. ``caption``: what a frame of that rectangle holds."""
        self._match(self.frames, graph.frames, FrameItem, paints, detail)
        self._match(self.notes, graph.notes, NoteItem, paints, detail)
        for place, frame in enumerate(graph.frames):
            self.frames[place].show_frame(frame, caption(QRectF(*frame.rect)))
        for place, note in enumerate(graph.notes):
            self.notes[place].show_note(note)

    def pick(self, item: AnnotationItem | None) -> None:
        """Select a frame or note, or none."""
        if self.picked is not item:
            if self.picked:
                self.picked.show_chosen(False)
            self.picked = item
            if item:
                item.show_chosen(True)

    def _match(
        self,
        items: list[AnyDecor],
        wanted: Sequence[AnyModel],
        make: Callable[[int, AnyModel, Paints], AnyDecor],
        paints: Paints,
        detail: Detail,
    ) -> None:
        """As many items as there are things to show."""
        while len(items) > len(wanted):
            gone = items.pop()
            self.picked = None if self.picked is gone else self.picked
            self._scene.removeItem(gone)
        for place in range(len(items), len(wanted)):
            items.append(make(place, wanted[place], paints))
            items[place].detail = detail
            self._scene.addItem(items[place])
