"""Keyboard navigation in the graph: along wires, or else to the nearest node."""

from collections.abc import Callable, Mapping
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from gui.canvas.gestures.annotation import nudge
from gui.canvas.items.annotations import AnnotationItem
from gui.canvas.placement.alignment import GRID
from gui.canvas.view.view import CanvasView

Direction = Literal["left", "right", "up", "down"]
Neighbours = Callable[[str], list[str]]
SIDEWAYS_COST = 2.0  # the weight of a sideways distance against a forward one


def step(
    rects: Mapping[str, QRectF], current: str | None, direction: Direction, sources: Neighbours, targets: Neighbours
) -> str | None:
    """The next node: right follows the first wire out, left the first wire in; else the nearest in that direction.

    Without a current node, the one furthest to the upper left.
    """
    if not rects:
        return None
    if current is None or current not in rects:
        return min(rects, key=lambda name: rects[name].left() + rects[name].top())
    along = {"right": targets, "left": sources}.get(direction)
    neighbours = [name for name in along(current) if name in rects and name != current] if along else []
    return neighbours[0] if neighbours else _nearest(rects, current, direction)


def _nearest(rects: Mapping[str, QRectF], current: str, direction: Direction) -> str | None:
    here = rects[current].center()
    best: tuple[float, str] | None = None
    for name, rect in rects.items():
        by = rect.center() - here
        on, aside = (by.x(), by.y()) if direction in ("left", "right") else (by.y(), by.x())
        on = -on if direction in ("left", "up") else on
        if name != current and on > 1.0:
            distance = on + SIDEWAYS_COST * abs(aside)
            best = min(best, (distance, name)) if best else (distance, name)
    return best[1] if best else None


class Navigator:
    """Moves the selection by keys between nodes, frames and notes, from the last one selected."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._last = ""

    def walk(self, direction: Direction, *, extend: bool) -> None:
        """Select the next item in a direction; ``extend``: add the next node to the selection."""
        scene = self._view.graph_scene
        annotations = {} if extend else self._annotations()
        rects = {name: item.scene_rect for name, item in scene.nodes.items()}
        name = step(
            rects | {name: item.handle for name, item in annotations.items()},
            self._current(),
            direction,
            lambda each: [wire.source.node for wire in scene.into(each)],
            lambda each: [wire.target.node for wire in scene.out_of(each)],
        )
        if name in annotations:
            scene.select_annotation(annotations[name])
            self._view.scroll_to(annotations[name].rect)
        elif name:
            (scene.selection.add if extend else scene.selection.select)((name,))
            self._last = name
            self._view.scroll_to(scene.rect_of((name,)))

    def push(self, dx: float, dy: float) -> bool:
        """Move the selected frame or note by steps of the grid; false if none is selected."""
        annotation = self._view.graph_scene.selected_annotation
        if annotation is not None:
            nudge(self._view, annotation, QPointF(dx, dy) * GRID)
        return annotation is not None

    def _annotations(self) -> dict[str, AnnotationItem]:
        """The frames and notes, by names that no node has."""
        scene = self._view.graph_scene
        return {f"{type(item).__name__} {item.index}": item for item in (*scene.frames, *scene.notes)}

    def _current(self) -> str | None:
        scene = self._view.graph_scene
        if (annotation := scene.selected_annotation) is not None:
            return f"{type(annotation).__name__} {annotation.index}"
        if self._last in scene.selection.nodes:
            return self._last
        return next((name for name in scene.graph.nodes if name in scene.selection.nodes), None)
