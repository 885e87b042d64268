"""Automatic layout and alignment of nodes, animated, each as one undo step."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, QVariantAnimation

from engine.graph.edits import Batch, Edit, MoveNodes, SetFrames, SetPoints
from engine.graph.model import End, Wire
from engine.graph.routes import Point
from gui.canvas.editing.sliced_edit import SlicedEdit
from gui.canvas.items.annotations import frame_rect
from gui.canvas.items.wire_item import end_spot
from gui.canvas.placement import alignment
from gui.canvas.placement.moves_with import inner_wires, nodes_inside
from gui.canvas.scene.scene import GraphScene

ANIMATION_MS = 260
MAX_ANIMATED = 300  # nodes; with more, each step of the animation would block the window
Places = Mapping[str, QPointF]


class Arranger(QObject):
    """Moves nodes in the document at once, then animates their items. ``is_animated``: off for tests."""

    def __init__(self, scene: GraphScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self.is_animated = True
        self._start_places: dict[str, QPointF] = {}
        self._animation = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=ANIMATION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._animate)
        self._turns = SlicedEdit(scene)
        scene.document.edited.connect(self._stop)
        scene.graph_shown.connect(self._stop)

    def arrange(
        self, room: tuple[float, float], names: frozenset[str] | None = None, then: Callable[[], None] | None = None
    ) -> None:
        """Lay out these nodes, or everything, for a canvas of that size; frames are fitted to their nodes.

        ``then`` is called if anything has moved. For a large graph, that is a few turns of the event loop later, or
        just before another change of the document.
        """
        self._turns.finish()
        self._turns.start(self._arranging(room, names, then))
        if len(self._scene.nodes) <= MAX_ANIMATED:
            self._turns.finish()

    def _arranging(
        self, room: tuple[float, float], names: frozenset[str] | None, then: Callable[[], None] | None
    ) -> Iterator[None]:
        from engine.graph.arrange import arrangement_steps

        scene = self._scene
        sizes = {name: (item.look.width, item.look.height) for name, item in scene.nodes.items()}
        heights = {
            (End(name, spot.port), spot.is_input): float(spot.y)
            for name, item in scene.nodes.items()
            for spot in (*item.look.inputs, *item.look.outputs)
        }
        yield
        graph = scene.graph_name
        move = yield from arrangement_steps(
            scene.document.project, graph, sizes, names=names, heights=heights, room=room
        )
        corner = QPointF(0, 0) if names else scene.rect_of(scene.nodes).topLeft()
        places = {name: QPointF(x, y) + corner for name, (x, y) in move.positions.items()}
        more = (*self._dot_edits(places), *self._frame_edits(places))
        yield
        if self.put(places, "Arrange", more) and then is not None:
            then()

    def put(self, places: Places, label: str, more: Iterable[Edit] = ()) -> bool:
        """Move nodes and apply the edits ``more`` in one undo step; false if nothing moves."""
        scene = self._scene
        nodes = scene.graph.nodes
        positions = {
            name: (place.x(), place.y())
            for name, place in places.items()
            if name in nodes and nodes[name].pos != (place.x(), place.y())
        }
        if not positions:
            return False
        before = {name: scene.nodes[name].pos() for name in positions}
        if not scene.document.do(Batch(label, (MoveNodes(scene.graph_name, positions), *more))):
            return False
        if self.is_animated and len(before) <= MAX_ANIMATED:
            self._start_places = before
            scene.move_items(before)
            self._animation.start()
        return True

    def line_up(self, how: Callable[[Mapping[str, QRectF]], dict[str, QPointF]], label: str) -> bool:
        """Move the selected nodes to the places that ``how`` gives."""
        rects = self._selected()
        return len(rects) > 1 and self.put(how(rects), label)

    def in_row(self) -> bool:
        """Align the selected nodes in a row."""
        lines = {name: self._scene.nodes[name].look.line for name in self._scene.selection.nodes}
        return self.line_up(lambda rects: alignment.in_row(rects, lines), "Align in a row")

    def in_column(self) -> bool:
        """Align the selected nodes in a column."""
        return self.line_up(alignment.in_column, "Align in a column")

    def spread(self, *, across: bool) -> bool:
        """Give the selected nodes equal gaps."""
        return self.line_up(lambda rects: alignment.spread(rects, across=across), "Distribute")

    def finish(self) -> None:
        """Finish the layout and the animation."""
        self._turns.finish()
        self._animation.stop()
        self._stop()

    def _dot_edits(self, places: Places) -> Iterator[Edit]:
        """The edits that move the reroute dots between moved nodes."""
        from engine.graph.arrange import dots_after_move

        scene = self._scene
        wires = inner_wires(scene, places)
        if not wires:
            return
        corners = {name: scene.graph.nodes[name].pos for name in scene.nodes}
        after = corners | {name: place.toTuple() for name, place in places.items()}
        nodes = [
            (x, y, x + item.look.width, y + item.look.height)
            for name, item in scene.nodes.items()
            for x, y in (after[name],)
        ]
        for wire in wires:
            before, then = (self._ends(wire, places) for places in (corners, after))
            yield SetPoints(scene.graph_name, wire.target, dots_after_move(wire.points, before, then, nodes))

    def _ends(self, wire: Wire, corners: Mapping[str, Point]) -> tuple[Point, Point]:
        """Where a wire starts and ends if its nodes have these corners."""
        item = self._scene.wires[wire]
        (x, y), (right, down) = corners[wire.source.node], end_spot(item.source, wire, is_input=False)
        (left, top), (_, under) = corners[wire.target.node], end_spot(item.target, wire, is_input=True)
        return (x + right, y + down), (left, top + under)

    def _frame_edits(self, places: Places) -> Iterator[Edit]:
        """The edit that fits frames to the new places of their nodes."""
        frames = list(self._scene.graph.frames)
        for item in self._scene.frames:
            names = [name for name in nodes_inside(self._scene, item) if name in places]
            area = QRectF()
            for name in names:
                area = area.united(QRectF(places[name], self._scene.nodes[name].rect.size()))
            if names:
                frames[item.index] = replace(frames[item.index], rect=frame_rect(area))
        if tuple(frames) != self._scene.graph.frames:
            yield SetFrames(self._scene.graph_name, tuple(frames))

    def _selected(self) -> dict[str, QRectF]:
        return {name: self._scene.nodes[name].scene_rect for name in self._scene.selection.nodes}

    def _animate(self, share: float) -> None:
        nodes = self._scene.graph.nodes
        self._scene.move_items(
            {
                name: start + (QPointF(*nodes[name].pos) - start) * share
                for name, start in self._start_places.items()
                if name in nodes
            }
        )
        if share >= 1.0:
            self._start_places = {}

    def _stop(self) -> None:
        if self._start_places:
            self._animation.stop()
            left, self._start_places = self._start_places, {}
            nodes = self._scene.graph.nodes
            self._scene.move_items(
                {name: QPointF(*nodes[name].pos) for name in left if name in nodes and name in self._scene.nodes}
            )
