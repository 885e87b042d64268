"""The frames and notes of the shown graph as items."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from engine.graph.model import Graph
from gui.canvas.items.annotations import AnnotationItem, FrameItem, NoteItem
from gui.canvas.items.node_item import Detail
from gui.canvas.items.style import Paints

AnyItem = TypeVar("AnyItem", FrameItem, NoteItem)
AnyModel = TypeVar("AnyModel")


class AnnotationLayer:
    """Items in the graph's order; at most one is ``selected``."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self.frames: list[FrameItem] = []
        self.notes: list[NoteItem] = []
        self.selected: AnnotationItem | None = None

    def follow(self, graph: Graph, paints: Paints, detail: Detail, caption: Callable[[QRectF], str]) -> None:
        """Show the graph's frames and notes. ``caption``: the text for a frame of that rectangle."""
        self._match(self.frames, graph.frames, FrameItem, paints, detail)
        self._match(self.notes, graph.notes, NoteItem, paints, detail)
        for index, frame in enumerate(graph.frames):
            self.frames[index].show_frame(frame, caption(QRectF(*frame.rect)))
        for index, note in enumerate(graph.notes):
            self.notes[index].show_note(note)

    def select(self, item: AnnotationItem | None) -> None:
        """Select a frame or note, or none."""
        if self.selected is not item:
            if self.selected:
                self.selected.show_selected(False)
            self.selected = item
            if item:
                item.show_selected(True)

    def _match(
        self,
        items: list[AnyItem],
        models: Sequence[AnyModel],
        make: Callable[[int, AnyModel, Paints], AnyItem],
        paints: Paints,
        detail: Detail,
    ) -> None:
        """Add or remove items until there is one for each model."""
        while len(items) > len(models):
            item = items.pop()
            self.selected = None if self.selected is item else self.selected
            self._scene.removeItem(item)
        for index in range(len(items), len(models)):
            items.append(make(index, models[index], paints))
            items[index].detail = detail
            self._scene.addItem(items[index])
