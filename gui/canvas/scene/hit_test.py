"""Hit tests: what is under the pointer."""

from collections.abc import Iterator
from itertools import chain
from math import hypot

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt

from engine.graph.model import End
from gui.canvas.items.annotations import AnnotationItem
from gui.canvas.items.node_item import Detail, NodeItem
from gui.canvas.items.node_layout import Spot
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.scene import GraphScene

REACH = 12.0  # in screen pixels: ports and dots can be hit this far away, at any zoom


class Pointer(Struct, frozen=True):
    """Where the pointer is: in the scene and on the viewport, with the modifier keys."""

    scene: QPointF
    view: QPointF
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    button: Qt.MouseButton = Qt.MouseButton.NoButton

    @property
    def shift(self) -> bool:
        return bool(self.keys & Qt.KeyboardModifier.ShiftModifier)

    @property
    def ctrl(self) -> bool:
        return bool(self.keys & Qt.KeyboardModifier.ControlModifier)

    @property
    def alt(self) -> bool:
        return bool(self.keys & Qt.KeyboardModifier.AltModifier)

    def far_from(self, other: "Pointer") -> bool:
        """Whether it has moved on the screen by more than a hand may tremble."""
        return (self.view - other.view).manhattanLength() > 4


class Hit(Struct, frozen=True):
    """The uppermost item at a place; ``spot`` comes with its ``node``, ``dot`` with its ``wire``."""

    node: NodeItem | None = None
    spot: Spot | None = None
    wire: WireItem | None = None
    dot: int | None = None
    annotation: AnnotationItem | None = None
    corner: bool = False

    @property
    def end(self) -> End | None:
        """The port that was hit, as wires name it."""
        return End(self.node.look.name, self.spot.port) if self.node and self.spot else None


def hit_test(scene: GraphScene, at: QPointF, zoom: float) -> Hit:
    """What a press at a place in the scene hits."""
    scene.finish()
    reach = REACH / zoom
    area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    items = scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
    nodes = [item for item in items if isinstance(item, NodeItem)]
    wires = [item for item in items if isinstance(item, WireItem)]
    annotations = [item for item in items if isinstance(item, AnnotationItem)]
    port = _port(nodes, at, reach) if scene.detail is not Detail.NONE else None
    return next(
        chain(
            [Hit(node=port[0], spot=port[1])] if port else [],
            (Hit(node=item) for item in nodes if item.scene_rect.contains(at)),
            (Hit(wire=wire, dot=dot) for wire in wires for dot in _dots(wire, at, reach)),
            (Hit(annotation=annotation, corner=True) for annotation in annotations if annotation.corner.contains(at)),
            (Hit(wire=wire) for wire in wires if wire.shape().contains(at)),
            (Hit(annotation=annotation) for annotation in annotations if annotation.handle.contains(at)),
        ),
        Hit(),
    )


def _dots(wire: WireItem, at: QPointF, reach: float) -> Iterator[int]:
    return (place for place, (x, y) in enumerate(wire.points) if hypot(x - at.x(), y - at.y()) <= reach)


def _port(nodes: list[NodeItem], at: QPointF, reach: float) -> tuple[NodeItem, Spot] | None:
    ports = [
        (hypot(place.x() - at.x(), place.y() - at.y()), item, spot)
        for item in nodes
        for spot in (*item.look.inputs, *item.look.outputs)
        for place in (item.spot_at(spot),)
    ]
    near = min(ports, key=lambda each: each[0], default=None)
    return (near[1], near[2]) if near and near[0] <= reach else None
