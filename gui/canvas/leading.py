"""Leads the wires of the scene around its nodes: at once where there is little to do, else bit by bit when idle."""

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine.graph.model import Wire
from engine.graph.routes import Box, Chips, Corners, Point, Router
from gui.canvas.node_item import NodeItem
from gui.canvas.wire_item import end_spot

if TYPE_CHECKING:
    from gui.canvas.scene import GraphScene

AT_ONCE = 40.0  # units of work that an edit does before it returns; a unit is one search for a way
SLICE_S = 0.004  # of idle time that is taken in one go
LOOK_UP, PLACE, SHOW = 0.02, 0.1, 0.02  # units


class Leading(QObject):
    """Knows nodes where the document has them, so that routes are ready before what glides has arrived."""

    def __init__(self, scene: "GraphScene") -> None:
        super().__init__(scene)
        self._scene = scene
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)
        self._forget()

    def _forget(self) -> None:
        self._router = Router()
        self._chips = Chips(self._router)
        self._names: dict[str, None] = {}
        self._wires: dict[Wire, None] = {}
        self._work: Iterator[float] = iter(())
        self._timer.stop()

    def restart(self) -> None:
        """Another graph is shown."""
        self._forget()

    def follow(self, names: Iterable[str], wires: Iterable[Wire] = ()) -> None:
        """Nodes or wires are new, gone, elsewhere, or look different; or a wire tells another shape."""
        self._names.update(dict.fromkeys(names))
        self._wires.update(dict.fromkeys(wires))
        self._work = self._all()
        done = 0.0
        for units in self._work:
            done += units
            if done > AT_ONCE:
                self._timer.start()
                return
        self._timer.stop()

    def finish(self) -> None:
        """Do all that is left now."""
        for _ in self._work:
            pass
        self._timer.stop()

    @property
    def is_done(self) -> bool:
        """Whether every wire is led."""
        return not self._timer.isActive()

    def _go_on(self) -> None:
        end = perf_counter() + SLICE_S
        for _ in self._work:
            if perf_counter() > end:
                return
        self._timer.stop()

    # The work, a unit at a time

    def _all(self) -> Iterator[float]:
        yield from self._look_up()
        yield from self._lead(self._in_sight())
        yield from self._lead(self._scene.wires)
        while self._router.stale:
            yield from self._lead(list(self._router.stale))

    def _look_up(self) -> Iterator[float]:
        scene, router = self._scene, self._router
        while self._names:
            name = next(iter(self._names))
            item, node = scene.nodes.get(name), scene.graph.nodes.get(name)
            if item and node:
                x, y = node.pos
                router.put_node(name, Box(x, y, x + item.look.width, y + item.look.height))
            else:
                router.drop_node(name)
            self._wires.update(dict.fromkeys((*scene.into(name), *scene.out_of(name))))
            del self._names[name]
            yield LOOK_UP
        while self._wires:
            wire = next(iter(self._wires))
            if drawn := scene.wires.get(wire):
                start = self._end(drawn.source, wire, is_input=False)
                router.put_wire(wire, start, self._end(drawn.target, wire, is_input=True))
            else:
                self._chips.drop(wire)
                router.drop_wire(wire)
            del self._wires[wire]
            yield LOOK_UP

    def _end(self, item: NodeItem, wire: Wire, *, is_input: bool) -> Point:
        """Where a wire ends when its node has arrived."""
        x, y = self._scene.graph.nodes[item.look.name].pos
        spot = end_spot(item, wire, is_input=is_input)
        return x + spot[0], y + spot[1]

    def _in_sight(self) -> list[Wire]:
        seen = [view.mapToScene(view.viewport().rect()).boundingRect() for view in self._scene.views()]
        return [
            wire
            for wire, item in self._scene.wires.items()
            if any(area.intersects(item.boundingRect()) for area in seen)
        ]

    def _lead(self, wires: Iterable[Wire]) -> Iterator[float]:
        """Lead these wires, place their chips, and show both."""
        wires, router = list(wires), self._router
        found: dict[Wire, Corners] = {}
        for wire in wires:
            was_stale = wire in router.stale
            found[wire] = router.route(wire)
            if was_stale:
                yield LOOK_UP if len(found[wire]) == 2 else 1.0
        for wire, corners in found.items():
            item = self._scene.wires[wire]
            if corners and item.pieces:
                self._chips.put(wire, corners, item.chip_width)
            else:
                self._chips.drop(wire)
        for wire in found:
            is_stale = wire in self._chips.stale
            self._chips.middle(wire)
            if is_stale:
                yield PLACE
        is_other = False
        for wire, corners in found.items():
            if wire in self._scene.wires:
                is_other |= self._scene.wires[wire].show_route(corners, self._chips.middle(wire))
            yield 0.0
        if is_other:
            self._scene.drawn.emit()
