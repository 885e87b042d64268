"""Drag nodes: they snap to others and to the grid; one dropped on a wire is inserted there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.graph import compose
from engine.graph.edits import Edit, EditError
from engine.graph.model import Wire
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.wire_item import WireItem
from gui.canvas.placement.alignment import Guides
from gui.canvas.placement.moves_with import inner_wires, move_edits, one_step, shifted
from gui.canvas.placement.spacing import make_room
from gui.canvas.scene.hit_test import Hit, Pointer
from gui.formatting.formats import sentence

if TYPE_CHECKING:
    from gui.canvas.view.view import CanvasView

REACH = 6.0  # in screen pixels, within which nodes snap to others


class MoveGesture(Gesture):
    """Alt turns snapping off; with Shift, a node is not inserted into the wire below it."""

    hint = "Drop on a wire to insert · Shift: do not insert · Alt: do not snap"

    def __init__(self, view: "CanvasView", at: Pointer, name: str) -> None:
        super().__init__(view, at)
        self._name = name
        self._is_dragging = False
        self._origins: dict[str, QPointF] = {}
        self._wires: list[Wire] = []
        self._rect = QRectF()
        self._guides = Guides(())
        self._lines: tuple[QLineF, ...] = ()
        self._by = QPointF()
        self._aim: WireItem | None = None
        self._insertable: dict[WireItem, bool] = {}

    def grab(self) -> None:
        selection = self.scene.selection
        if self.start.shift:
            selection.add((self._name,))
        elif not self.start.ctrl and self._name not in selection.nodes:
            selection.select((self._name,))

    def move(self, at: Pointer) -> None:
        if not self._is_dragging:
            if not at.far_from(self.start):
                return
            self._begin()
        by = at.scene - self.start.scene
        self._lines = ()
        if not at.alt:
            around = self._rect.translated(by)
            snap = self._guides.snap(around, REACH / self.view.zoom)
            by, self._lines = by + snap.by, snap.guides
        self._by = by
        self.scene.move_items({name: place + by for name, place in self._origins.items()})
        for wire in self._wires:
            self.scene.wires[wire].show_points(shifted(wire.points, by))
        self._aim_at(None if at.shift else self._wire_below())
        self._draw_guides()

    def release(self, at: Pointer) -> None:
        selection = self.scene.selection
        self.view.end()
        if not self._is_dragging:
            if at.ctrl:
                selection.toggle((self._name,))
            elif not at.shift:
                selection.select((self._name,))
            return
        aim, places = self._aim, {name: place + self._by for name, place in self._origins.items()}
        self._aim_at(None)
        edits = self._insertion(aim, places[self._name]) if aim else []
        edits = edits or move_edits(self.scene, places, self._wires, self._by)
        if edits and not self.scene.document.do(one_step(_label(self._origins, aim), edits)):
            self._put_back()

    def cancel(self) -> None:
        self._aim_at(None)
        if self._is_dragging:
            self._put_back()

    def _begin(self) -> None:
        scene = self.scene
        if self._name not in scene.selection.nodes:
            scene.selection.add((self._name,))
        self._is_dragging = True
        names = scene.selection.nodes & scene.nodes.keys()
        self._origins = {name: scene.nodes[name].pos() for name in names}
        self._wires = inner_wires(scene, names)
        self._rect = scene.nodes[self._name].scene_rect
        self._guides = Guides(item.scene_rect for name, item in scene.nodes.items() if name not in names)

    def _put_back(self) -> None:
        self.scene.move_items(self._origins)
        for wire in self._wires:
            self.scene.wires[wire].show_points(wire.points)

    def _draw_guides(self) -> None:
        area = QRectF()
        for line in self._lines:
            area = area.united(QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1))
        if self._aim:
            area = area.united(self._aim.path.boundingRect().adjusted(-2, -2, 2, 2))
        if not area.isNull():
            self.view.overlay.draw(area, self._paint)
        else:
            self.view.overlay.clear()

    def _paint(self, painter: QPainter) -> None:
        painter.setPen(self.scene.paints.guide)
        painter.drawLines(self._lines)
        if self._aim:  # above the nodes, which hide a short wire
            painter.setPen(self.scene.paints.live_wire)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._aim.path)

    # Inserting

    def _wire_below(self) -> WireItem | None:
        if len(self._origins) != 1:
            return None
        middle = self.scene.nodes[self._name].scene_rect.center()
        area = QRectF(middle.x() - 30, middle.y() - 14, 60, 28)
        for item in self.scene.items(area, Qt.ItemSelectionMode.IntersectsItemShape):
            if isinstance(item, WireItem) and self._can_insert(item):
                return item
        return None

    def _can_insert(self, item: WireItem) -> bool:
        if self._name in (item.wire.source.node, item.wire.target.node):
            return False
        if item not in self._insertable:
            try:
                compose.insert(self.scene.document.project, self.scene.graph_name, item.wire, self._name)
            except EditError:
                self._insertable[item] = False
            else:
                self._insertable[item] = True
        return self._insertable[item]

    def _aim_at(self, wire: WireItem | None) -> None:
        if wire is not self._aim:
            if self._aim:
                self._aim.show_highlight(False)
            self._aim = wire
            if wire:
                wire.show_highlight(True)

    def _insertion(self, aim: WireItem, corner: QPointF) -> list[Edit]:
        scene, wire = self.scene, aim.wire
        rects = {name: item.scene_rect for name, item in scene.nodes.items()}
        look = scene.nodes[self._name].look
        place, new_places = make_room(
            rects,
            wire.source.node,
            wire.target.node,
            (look.width, look.height),
            corner,
            lambda name: [each.target.node for each in scene.out_of(name)],
        )
        try:
            batch = compose.insert(scene.document.project, scene.graph_name, wire, self._name)
        except EditError as wrong:
            scene.document.edit_refused.emit(sentence(str(wrong), scene.graph.nodes))
            return []
        return [*move_edits(scene, {**new_places, self._name: place}), *batch.edits]


def _label(names: dict[str, QPointF], aim: WireItem | None) -> str:
    first = next(iter(names))
    if aim:
        return f"Insert {first}"
    return f"Move {first}" if len(names) == 1 else f"Move {len(names)} nodes"


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start on a node."""
    if at.button is Qt.MouseButton.LeftButton and hit.node and not hit.spot:
        return MoveGesture(view, at, hit.node.look.name)
    return None
