"""Swipe across wires: to cut them, or to put a reroute dot on each."""

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from engine.graph.compose.draft import Draft
from engine.graph.edits import Edit, SetPoints
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.wire_item import WireItem
from gui.canvas.placement.moves_with import one_step
from gui.canvas.placement.reroute_dots import with_dot
from gui.canvas.scene.hit_test import Hit, Pointer

if TYPE_CHECKING:
    from gui.canvas.view.view import CanvasView


class Swipe(Gesture):
    """A freehand line; the subclasses give its effect."""

    def __init__(self, view: "CanvasView", at: Pointer) -> None:
        super().__init__(view, at)
        self._trail = [at.scene]
        self._crossings: dict[WireItem, QPointF] = {}

    def move(self, at: Pointer) -> None:
        if (at.scene - self._trail[-1]).manhattanLength() * self.view.zoom < 3:
            return
        step = QLineF(self._trail[-1], at.scene)
        self._trail.append(at.scene)
        area = QRectF(step.p1(), step.p2()).normalized().adjusted(-1, -1, 1, 1)
        for item in self.scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            if isinstance(item, WireItem) and item not in self._crossings:
                crossing = crossing_point(item.path, step)
                if crossing is not None:
                    self._crossings[item] = crossing
                    item.show_highlight(True)
        self.view.overlay.draw(QPolygonF(self._trail).boundingRect().adjusted(-6, -6, 6, 6), self._paint)

    def release(self, at: Pointer) -> None:
        del at
        self.view.end()
        self.cancel()
        if edits := self._edits():
            self.scene.document.do(one_step(self._label(), edits))

    def cancel(self) -> None:
        for item in self._crossings:
            item.show_highlight(False)

    def _edits(self) -> list[Edit]:
        raise NotImplementedError

    def _label(self) -> str:
        raise NotImplementedError

    def _paint(self, painter: QPainter) -> None:
        painter.setPen(self.scene.paints.cut)
        painter.drawPolyline(self._trail)


class CutSwipe(Swipe):
    """Cuts every wire it crosses."""

    hint = "Cut every wire you cross"

    def _edits(self) -> list[Edit]:
        draft = Draft(self.scene.document.project, self.scene.graph_name)
        draft.cut([item.wire for item in self._crossings])
        return draft.edits

    def _label(self) -> str:
        return "Cut a wire" if len(self._crossings) == 1 else f"Cut {len(self._crossings)} wires"


class DotSwipe(Swipe):
    """Puts a reroute dot on every wire it crosses."""

    hint = "Put a dot on every wire you cross"

    def _edits(self) -> list[Edit]:
        return [
            SetPoints(self.scene.graph_name, item.wire.target, with_dot(item, crossing)[0])
            for item, crossing in self._crossings.items()
        ]

    def _label(self) -> str:
        return "Add a reroute dot" if len(self._crossings) == 1 else f"Add {len(self._crossings)} reroute dots"

    def _paint(self, painter: QPainter) -> None:
        painter.setPen(self.scene.paints.guide)
        painter.drawPolyline(self._trail)
        painter.setBrush(self.scene.paints.accent)
        for crossing in self._crossings.values():
            painter.drawEllipse(crossing, 4, 4)


def crossing_point(path: QPainterPath, line: QLineF) -> QPointF | None:
    """The first point where a curve meets a straight line, or ``None``."""
    for polygon in path.toSubpathPolygons():
        for start, end in pairwise(polygon.toList()):
            kind, place = line.intersects(QLineF(start, end))
            if kind is QLineF.IntersectionType.BoundedIntersection:
                return place
    return None


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start with the right button: with Ctrl to cut, with Shift for dots."""
    del hit
    if at.button is not Qt.MouseButton.RightButton:
        return None
    return CutSwipe(view, at) if at.ctrl else DotSwipe(view, at) if at.shift else None
