"""What moves along with nodes and frames: reroute dots between them, content of frames."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF

from engine.graph.edits import Batch, Edit, MoveNodes, SetPoints
from engine.graph.model import Wire
from gui.canvas.items.annotations import FrameItem
from gui.canvas.scene.scene import GraphScene

Points = tuple[tuple[float, float], ...]


def nodes_inside(scene: GraphScene, frame: FrameItem) -> list[str]:
    """The nodes of a frame: those whose middle is inside it."""
    return [name for name, item in scene.nodes.items() if frame.rect.contains(item.scene_rect.center())]


def inner_wires(scene: GraphScene, names: Iterable[str]) -> list[Wire]:
    """The wires with dots that run between these nodes."""
    names_inside = set(names)
    return [
        wire
        for wire in scene.graph.wires
        if wire.points and wire.source.node in names_inside and wire.target.node in names_inside
    ]


def shifted(points: Points, by: QPointF) -> Points:
    """Dots moved by an offset."""
    return tuple((x + by.x(), y + by.y()) for x, y in points)


def move_edits(
    scene: GraphScene, places: dict[str, QPointF], wires: Iterable[Wire] = (), by: QPointF | None = None
) -> list[Edit]:
    """The edits that put nodes, and the dots of wires among them, where they are shown."""
    nodes = scene.graph.nodes
    edits: list[Edit] = []
    positions = {
        name: (place.x(), place.y()) for name, place in places.items() if nodes[name].pos != (place.x(), place.y())
    }
    if positions:
        edits.append(MoveNodes(scene.graph_name, positions))
    if by is not None and not by.isNull():
        edits += [SetPoints(scene.graph_name, wire.target, shifted(wire.points, by)) for wire in wires]
    return edits


def one_step(label: str, edits: list[Edit]) -> Edit:
    """Several edits as one undo step; a single one stays as it is."""
    return edits[0] if len(edits) == 1 else Batch(label, tuple(edits))
