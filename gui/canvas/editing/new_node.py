"""New nodes: their places and their wires."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF

from engine.graph import compose
from engine.graph.compose.draft import Draft
from engine.graph.edits import AddNode, Batch, Edit, EditError, MoveNodes
from engine.graph.model import End, Project, Wire
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.node_layout import Look, look
from gui.canvas.placement.alignment import on_grid
from gui.canvas.placement.spacing import GAP, make_room
from gui.canvas.scene.port_matching import OPEN_ELEMENTS
from gui.canvas.scene.scene import GraphScene
from gui.canvas.search.layer_entries import Entry

SPARE = 20.0  # the least distance from other nodes


class NewNode:
    """A node to be added; its methods give the edit. Raises: `EditError` if no port fits.

    ``project``: with the block that it uses, where the document's has not got it yet.
    """

    def __init__(self, scene: GraphScene, entry: Entry, project: Project | None = None) -> None:
        self._scene, self._entry = scene, entry
        self._project, self._graph = project or scene.document.project, scene.graph_name
        self.name = compose.free_name(scene.graph, entry.block or entry.kind, entry.field)
        trial = Draft(self._project, self._graph)
        trial.do(AddNode(self._graph, self.name, entry.node()))
        self.look: Look = look(trial.project, self._graph, self.name, scene.paints.measure, [], [])

    def unwired_at(self, middle: QPointF) -> Edit:
        """Add it around a place, without wires."""
        return self._batch(on_grid(middle - QPointF(self.look.width, self.look.height) / 2))

    def in_free_space(self, middle: QPointF) -> Edit:
        """Add it around a place, or below the nodes there."""
        return self._batch(self._free(on_grid(middle - QPointF(self.look.width, self.look.height) / 2)))

    def at_wire(self, fixed: End, at: QPointF, *, from_output: bool) -> Edit:
        """Add it at the loose end of a wire, and connect it to the fixed end."""
        end = self._port_for(fixed, from_output=from_output)
        spot = self.look.spot(end.port, is_input=from_output) or self.look.spot(f"{end.port}[0]", is_input=True)
        offset = QPointF(spot.x, spot.y) if spot else QPointF(0, self.look.height / 2)
        ends = (fixed, end) if from_output else (end, fixed)
        return self._batch(on_grid(at - offset), ends)

    def after(self, name: str) -> Edit:
        """Add it behind a node, connected to its first output if that fits; one without inputs feeds the node."""
        item = self._scene.nodes[name]
        if not self.look.inputs and (ends := self._free_input(name)):
            return self._in_front_of(item, ends)
        outputs = item.look.outputs
        try:
            fixed = End(name, outputs[0].port) if outputs else None
            end = self._port_for(fixed, from_output=True) if fixed else None
        except EditError:
            fixed = end = None
        own_y = self.look.line
        port_y = outputs[0].y if outputs else item.look.height / 2
        corner = QPointF(item.scene_rect.right() + GAP, item.scene_rect.top() + port_y - own_y)
        return self._batch(self._free(on_grid(corner)), (fixed, end) if fixed and end else None)

    def _free_input(self, name: str) -> tuple[End, End] | None:
        """The ends of a wire from the new node to the first free input that fits, required inputs first."""
        wired_ports = {wire.target.port for wire in self._scene.into(name)}
        free = [spot for spot in self._scene.nodes[name].look.inputs if spot.port not in wired_ports]
        for spot in sorted(free, key=lambda each: not each.filled):
            end = End(name, spot.port)
            try:
                return self._port_for(end, from_output=False), end
            except EditError:
                continue
        return None

    def _in_front_of(self, item: NodeItem, ends: tuple[End, End]) -> Edit:
        """Add it in front of a node, below the nodes there, with a wire between these ends."""
        spot = item.look.spot(ends[1].port, is_input=True)
        port_y = spot.y if spot else item.look.height / 2
        left = item.scene_rect.left() - GAP - self.look.width
        return self._batch(self._free(on_grid(QPointF(left, item.scene_rect.top() + port_y - self.look.line))), ends)

    def into(self, wire: Wire, middle: QPointF) -> Edit:
        """Insert it into a wire; its neighbours move to make room."""
        rects = {name: item.scene_rect for name, item in self._scene.nodes.items()}
        source = self._scene.nodes[wire.source.node]
        spot = source.look.spot(wire.source.port, is_input=False)
        own_y = self.look.line
        level = source.spot_at(spot).y() if spot else middle.y()
        corner = on_grid(middle - QPointF(self.look.width / 2, own_y))
        if abs(level - middle.y()) < self.look.height:
            corner.setY(level - own_y)
        place, new_places = make_room(
            rects,
            wire.source.node,
            wire.target.node,
            (self.look.width, self.look.height),
            corner,
            lambda name: [each.target.node for each in self._scene.out_of(name)],
        )
        node = self._entry.node((place.x(), place.y()))
        batch = compose.insert(self._project, self._graph, wire, self.name, node)
        positions = {name: (at.x(), at.y()) for name, at in new_places.items()}
        first: tuple[Edit, ...] = (MoveNodes(self._graph, positions),) if positions else ()
        return Batch(batch.label, (*first, *batch.edits))

    def _port_for(self, fixed: End, *, from_output: bool) -> End:
        """The first port of the new node that the loose end of a wire fits."""
        element = self._scene.element(fixed, is_input=not from_output)
        trial = Draft(self._project, self._graph)
        trial.do(AddNode(self._graph, self.name, self._entry.node()))
        ports = trial.ports(self.name)
        for port in ports.inputs if from_output else ports.outputs:
            if port.element == element or element in OPEN_ELEMENTS or port.element in OPEN_ELEMENTS:
                return End(self.name, port.name)
        raise EditError(f"{self._entry.title} has no port that fits {fixed}")

    def _batch(self, corner: QPointF, ends: tuple[End, End] | None = None) -> Edit:
        draft = Draft(self._project, self._graph)
        draft.do(AddNode(self._graph, self.name, self._entry.node((corner.x(), corner.y()))))
        if ends:
            draft.do(compose.connect(draft.project, self._graph, *ends))
        return draft.batch(f"Add {self.name}")

    def _free(self, corner: QPointF) -> QPointF:
        """The place, or the next free one below it."""
        others = [item.scene_rect for item in self._scene.nodes.values()]
        rect = QRectF(corner.x(), corner.y(), self.look.width, self.look.height)
        while blocker := _hit(rect.adjusted(-SPARE, -SPARE, SPARE, SPARE), others):
            rect.moveTop(blocker.bottom() + 2 * SPARE)
        return on_grid(rect.topLeft())


def _hit(rect: QRectF, others: Iterable[QRectF]) -> QRectF | None:
    return next((other for other in others if other.intersects(rect)), None)
