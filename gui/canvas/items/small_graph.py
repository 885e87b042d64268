"""The geometry of a graph that is drawn small: a rectangle for each node, and wires that run around them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF

from engine.graph.model import Wire
from engine.graph.routes import Box, Corners, Router
from gui.canvas.items.wire_path import WirePath, routed_path

NODE_SIZE = (172.0, 62.0)  # about the size on the canvas, in scene pixels


class SmallGraph:
    """Rectangles of nodes by their names, and the paths of the wires among them, in the graph's own pixels."""

    def __init__(self, positions: Mapping[str, tuple[float, float]], wires: Iterable[Wire]) -> None:
        self.rects = {name: QRectF(x, y, *NODE_SIZE) for name, (x, y) in positions.items()}
        self.wires: list[WirePath] = [routed_path(corners) for corners in _corners(wires, self.rects)]

    @property
    def whole(self) -> QRectF:
        """The rectangle around everything."""
        whole = QRectF()
        for rect in self.rects.values():
            whole = whole.united(rect)
        for wire in self.wires:
            left, top, right, bottom = wire.bounds
            whole = whole.united(QRectF(left, top, right - left, bottom - top))
        return whole


def _corners(wires: Iterable[Wire], rects: dict[str, QRectF]) -> list[Corners]:
    """The routes of all wires that have one; the inputs of a node are ordered by the height of their sources."""
    router, wires_into = Router(), defaultdict[str, list[Wire]](list)
    for name, rect in rects.items():
        router.put_node(name, Box(rect.left(), rect.top(), rect.right(), rect.bottom()))
    for wire in wires:
        if wire.source.node in rects and wire.target.node in rects:
            wires_into[wire.target.node].append(wire)
    for name, ends in wires_into.items():
        ends.sort(key=lambda wire: rects[wire.source.node].top())
        target = rects[name]
        for at, wire in enumerate(ends, 1):
            source = rects[wire.source.node]
            end = target.left(), target.top() + target.height() * at / (len(ends) + 1)
            router.put_wire(Wire(wire.source, wire.target), (source.right(), source.center().y()), end)
    routes = (router.route(Wire(wire.source, wire.target)) for ends in wires_into.values() for wire in ends)
    return [route for route in routes if route]
