"""The graph when zoomed out: all rectangles and wires in a few paint calls."""

from collections import defaultdict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.canvas.items.style import NoPen, mixed
from gui.canvas.scene.scene import GraphScene

SMOOTH_UP_TO = 400  # wires; with more, antialiasing is not visible
QUIET = 0.62  # how strong a node's colour is without activity


class Overview:
    """Caches what it paints until something changes."""

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._wires: QPainterPath | None = None
        self._rects: dict[tuple[int, bool], list[QRectF]] = {}
        self._selected_rects: list[QRectF] = []
        scene.content_changed.connect(self.invalidate)
        scene.selection.changed.connect(self.invalidate)

    def invalidate(self) -> None:
        """Discard what is cached."""
        self._wires = None

    def paint(self, painter: QPainter, visible: QRectF) -> None:
        """Paint with a painter in scene coordinates; ``visible``: the visible part of the scene."""
        wires = self._wires or self._collect()
        p = self._scene.paints
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_annotations(painter, visible)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=len(self._scene.wires_so_far) <= SMOOTH_UP_TO)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(p.wire_far)
        painter.drawPath(wires)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for (colour, wrong), rects in self._rects.items():
            painter.setPen(QPen(p.error.color(), 0) if wrong else NoPen)
            painter.setBrush(mixed(QColor(colour), p.canvas, QUIET))
            painter.drawRects(rects)
        if self._selected_rects:
            painter.setPen(QPen(p.accent, 2.0 / max(painter.transform().m11(), 1e-6)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRects(self._selected_rects)

    def _paint_annotations(self, painter: QPainter, visible: QRectF) -> None:
        p = self._scene.paints
        for items, brush, edge in (
            (self._scene.frames, p.frame, p.frame_edge.color()),
            (self._scene.notes, p.note, p.note_edge.color()),
        ):
            painter.setBrush(brush)
            painter.setPen(QPen(edge, 0))
            painter.drawRects([item.rect for item in items if item.rect.intersects(visible)])

    def _collect(self) -> QPainterPath:
        wires = self._wires = QPainterPath()
        for wire in self._scene.wires_so_far.values():
            first, *others = wire.line
            wires.moveTo(first)
            for stop in others:
                wires.lineTo(stop)
        self._rects = defaultdict(list)
        self._selected_rects = []
        for item in self._scene.nodes_so_far.values():
            rect = item.scene_rect
            self._rects[item.colours.outline.color().rgb(), item.severity == "error"].append(rect)
            if item.is_selected:
                self._selected_rects.append(rect.adjusted(-6, -6, 6, 6))
        return wires
