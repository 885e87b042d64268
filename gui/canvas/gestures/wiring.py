"""Draw a wire from a port, or move the end of a wire: by a drag, or by two clicks."""

from collections.abc import Callable
from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from engine.graph import compose
from engine.graph.edits import Edit, EditError
from engine.graph.model import End, Project, Wire
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.marks import PortState
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.node_layout import Spot
from gui.canvas.items.wire_path import unrouted_path
from gui.canvas.scene.hit_test import Hit, Pointer, hit_test
from gui.canvas.scene.port_matching import PortMatcher
from gui.formatting.formats import sentence

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene
    from gui.canvas.view.view import CanvasView

MakeEdit = Callable[[Project, str], Edit]
SNAP_PX = 48.0  # in screen pixels, within which the wire jumps to a port that accepts it


class WireGesture(Gesture):
    """The wire follows the pointer and jumps to the nearest port that accepts it; the others are grey.

    ``old_wire``: the wire whose end is being moved.
    """

    hint = "Drop on a port to connect, on empty canvas to add a layer · Esc: cancel"

    def __init__(
        self, view: "CanvasView", at: Pointer, fixed: End, *, from_output: bool, old_wire: Wire | None
    ) -> None:
        super().__init__(view, at)
        self._old_wire = old_wire
        scene = self.scene
        element = scene.element(fixed, is_input=not from_output)
        self._matcher = PortMatcher(
            scene.document.project, scene.graph_name, fixed, from_output=from_output, element=element
        )
        self._open: list[tuple[QPointF, NodeItem, Spot]] = []
        self._states: dict[NodeItem, dict[tuple[str, bool], PortState]] = {}
        self._aim: tuple[NodeItem, Spot] | None = None
        self._reason = ""
        self._at = at
        self._is_clicking = False
        self._has_left = False
        self._path = QPainterPath()
        self._label = ""

    def grab(self) -> None:
        for item in self.scene.nodes.values():
            self._mark_ports(item)
        if self._old_wire and (wire := self.scene.wires.get(self._old_wire)):
            wire.show_hidden(True)
        self.move(self.start)

    def move(self, at: Pointer) -> None:
        self._at = at
        self._has_left = self._has_left or at.far_from(self.start)
        under = hit_test(self.scene, at.scene, self.view.zoom)
        self._aim_at(self._nearest(at, under) if self._has_left else None)
        self._reason = self._why_not(under) if not self._aim and self._has_left else ""
        self._draw()

    def press(self, at: Pointer) -> None:
        if at.button is Qt.MouseButton.RightButton:
            self.view.cancel()
        elif self._is_clicking:
            self.move(at)
            self._drop()

    def release(self, at: Pointer) -> None:
        if self._is_clicking or at.button is not Qt.MouseButton.LeftButton:
            return
        self.move(at)
        if self._has_left:
            self._drop()
        else:
            self._is_clicking = True  # the wire stays at the pointer until the next click

    def cancel(self) -> None:
        self._restore()

    # Ports

    def _mark_ports(self, item: NodeItem) -> None:
        states: dict[tuple[str, bool], PortState] = {}
        name = item.look.name
        results = self.scene.graph_results.node(name)
        for spot in (*item.look.inputs, *item.look.outputs):
            end = End(name, spot.port)
            is_fixed = end == self._matcher.fixed and spot.is_input != self._matcher.from_output
            element = results.elements.get(spot.port, "") if results and not spot.is_input else ""
            fits = not is_fixed and not self._matcher.reason(end, is_input=spot.is_input, element=element)
            states[spot.port, spot.is_input] = (
                PortState.PLAIN if is_fixed else PortState.OPEN if fits else PortState.CLOSED
            )
            if fits:
                self._open.append((item.spot_at(spot), item, spot))
        self._states[item] = states
        item.show_ports(states)

    def _nearest(self, at: Pointer, under: Hit) -> tuple[NodeItem, Spot] | None:
        reach = SNAP_PX / self.view.zoom
        best = min(
            (
                (hypot(place.x() - at.scene.x(), place.y() - at.scene.y()), item, spot)
                for place, item, spot in self._open
            ),
            key=lambda each: each[0],
            default=None,
        )
        if best and best[0] <= reach:
            return best[1], best[2]
        if under.node:  # anywhere on a node means its first port that is free
            spots = [spot for _, item, spot in self._open if item is under.node]
            free = [spot for spot in spots if not self._is_taken(under.node, spot)]
            if spots:
                return under.node, (free or spots)[0]
        return None

    def _is_taken(self, item: NodeItem, spot: Spot) -> bool:
        return spot.is_input and any(wire.target.port == spot.port for wire in self.scene.into(item.look.name))

    def _why_not(self, under: Hit) -> str:
        if not under.node:
            return ""
        if under.spot:
            end = End(under.node.look.name, under.spot.port)
            return "" if end == self._matcher.fixed else self._matcher.reason(end, is_input=under.spot.is_input)
        side = under.node.look.inputs if self._matcher.from_output else under.node.look.outputs
        if not side:
            return f"{under.node.look.name} has no {'input' if self._matcher.from_output else 'output'}"
        return self._matcher.reason(End(under.node.look.name, side[0].port), is_input=side[0].is_input)

    def _aim_at(self, aim: tuple[NodeItem, Spot] | None) -> None:
        if aim != self._aim:
            for each, state in ((self._aim, PortState.OPEN), (aim, PortState.TARGET)):
                if each:
                    item, spot = each
                    self._states[item] = {**self._states[item], (spot.port, spot.is_input): state}
                    item.show_ports(self._states[item])
            self._aim = aim

    # Ending

    def _drop(self) -> None:
        aim, reason, under = self._aim, self._reason, hit_test(self.scene, self._at.scene, self.view.zoom)
        self._restore()
        self.view.end()
        if aim:
            self._connect(End(aim[0].look.name, aim[1].port))
        elif reason:
            self.view.hinted.emit(sentence(reason, self.scene.graph.nodes))
        elif old_wire := self._old_wire:
            self._do(lambda project, graph: compose.disconnect(project, graph, old_wire))
        elif not under.node:
            self.view.wire_dropped.emit(self._matcher.fixed, self._matcher.from_output, self._at)

    def _connect(self, end: End) -> None:
        source, target = (self._matcher.fixed, end) if self._matcher.from_output else (end, self._matcher.fixed)
        old_wire = self._old_wire
        if old_wire and target == old_wire.target and source == old_wire.source:
            return
        if old_wire:
            self._do(lambda project, graph: compose.replug(project, graph, old_wire, target=target))
        else:
            self._do(lambda project, graph: compose.connect(project, graph, source, target))

    def _do(self, make_edit: MakeEdit) -> None:
        document = self.scene.document
        try:
            edit = make_edit(document.project, self.scene.graph_name)
        except EditError as wrong:
            document.edit_refused.emit(sentence(str(wrong), self.scene.graph.nodes))
            return
        document.do(edit)

    def _restore(self) -> None:
        for item in self._states:
            item.show_ports(None)
        if self._old_wire and (wire := self.scene.wires.get(self._old_wire)):
            wire.show_hidden(False)

    # Painting

    def _draw(self) -> None:
        fixed = _place(self.scene, self._matcher.fixed, is_input=not self._matcher.from_output)
        loose = self._aim[0].spot_at(self._aim[1]) if self._aim else self._at.scene
        start, end = (fixed, loose) if self._matcher.from_output else (loose, fixed)
        self._path = unrouted_path(start, end, (), (_area_around(start), _area_around(end))).path
        text = str(End(self._aim[0].look.name, self._aim[1].port)) if self._aim else self._reason
        self._label = text
        area = self._path.controlPointRect().adjusted(-6, -6, 6, 6)
        if text:
            area = area.united(self._label_rect().adjusted(-2, -2, 2, 2))
        self.view.overlay.draw(area, self._paint)

    def _label_rect(self) -> QRectF:
        width = self.scene.paints.measure(self._label, "label") + 16
        scale = 1 / self.view.zoom
        at = self._at.scene + QPointF(14, 18) * scale
        return QRectF(at.x(), at.y(), width * scale, 22 * scale)

    def _paint(self, painter: QPainter) -> None:
        p = self.scene.paints
        painter.setPen(p.live_wire)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        if self._label:
            rect = self._label_rect()
            painter.translate(rect.topLeft())
            painter.scale(1 / self.view.zoom, 1 / self.view.zoom)
            box = QRectF(0, 0, rect.width() * self.view.zoom, 22)
            painter.setPen(p.chip_wrong if self._reason else p.chip_edge)
            painter.setBrush(p.chip)
            painter.drawRoundedRect(box, 6, 6)
            painter.setFont(p.fonts["label"])
            painter.setPen(p.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._label)


def _place(scene: "GraphScene", end: End, *, is_input: bool) -> QPointF:
    item = scene.nodes[end.node]
    spot = item.look.spot(end.port, is_input=is_input)
    return item.spot_at(spot) if spot else item.scene_rect.center()


def _area_around(at: QPointF) -> QRectF:
    """A rectangle of a node's size around a loose end."""
    return QRectF(at.x() - 80, at.y() - 30, 160, 60)


def start(view: "CanvasView", at: Pointer, hit: Hit) -> Gesture | None:
    """Start at a port: a new wire at an output or a free input, the end of the wire at a connected input."""
    if at.button is not Qt.MouseButton.LeftButton or not hit.end or not hit.spot:
        return None
    if not hit.spot.is_input:
        return WireGesture(view, at, hit.end, from_output=True, old_wire=None)
    wire = next((wire for wire in view.graph_scene.into(hit.end.node) if wire.target == hit.end), None)
    if wire is None or wire.source.node not in view.graph_scene.nodes:
        return WireGesture(view, at, hit.end, from_output=False, old_wire=None)
    return WireGesture(view, at, wire.source, from_output=True, old_wire=wire)
