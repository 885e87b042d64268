"""Routes the wires of the scene around its nodes: at once if there is little to do, or else in idle time."""

from collections.abc import Collection, Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine.graph.model import Graph, Wire
from engine.graph.routes import Box, Chips, Point, Router
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import end_spot

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene

AT_ONCE = 15.0  # units of work that an edit does before it returns
EFFORT = 300.0  # cells that a search looks through for a unit
FEW = 60  # wires; with more, the visible ones are routed first
SLICE_S = 0.004  # of idle time that is taken in one go
PAUSE_MS = 4  # between two slices
HOLD_MS = 120  # after the user has moved the view or a node
LOOK_UP, PLACE, SHOW = 0.05, 0.1, 0.02  # units


class Routing(QObject):
    """Uses the places in the document, so that routes are ready before animated nodes arrive."""

    def __init__(self, scene: "GraphScene") -> None:
        super().__init__(scene)
        self._scene = scene
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._continue)
        self._forget()

    def _forget(self) -> None:
        self._router = Router()
        self._chips = Chips(self._router)
        self._names: dict[str, None] = {}
        self._wires: dict[Wire, None] = {}
        self._unshown: dict[Wire, None] = {}  # with a new route or chip that is not shown yet
        self._work: Iterator[float] = iter(())
        self._timer.stop()
        self._graph: Graph | None = None

    def restart(self) -> None:
        """Start again with another graph."""
        self._forget()

    def follow(self, names: Iterable[str], wires: Iterable[Wire] = ()) -> None:
        """Update the routes: nodes or wires were added, removed, moved or changed, or a wire has another shape."""
        names = list(names)
        if len(names) > len(self._scene.nodes_so_far) / 2:  # to start again is faster than to find the differences
            self._forget()
            names, wires = list(self._scene.nodes_so_far), list(self._scene.wires_so_far)
        self._names.update(dict.fromkeys(names))
        self._graph = self._scene.graph
        self._wires.update(dict.fromkeys(wires))
        self._work = self._steps()
        done = 0.0
        for units in self._work:
            done += units
            if done > AT_ONCE:
                self._timer.start(PAUSE_MS)
                return
        self._timer.stop()

    def hold(self) -> None:
        """Wait while the user moves something."""
        if self._timer.isActive():
            self._timer.start(HOLD_MS)

    def finish(self) -> None:
        """Finish all routes now."""
        self._scene.finish()
        for _ in self._work:
            pass
        self._timer.stop()

    @property
    def _is_current(self) -> bool:
        """Whether the routed graph is still the one of that name in the project."""
        return self._scene.document.project.graphs.get(self._scene.graph_name) is self._graph

    @property
    def is_done(self) -> bool:
        """Whether every wire is routed."""
        return self._scene.is_complete and not self._timer.isActive()

    def _continue(self) -> None:
        if not self._is_current:
            return  # another project is being opened: the scene will follow
        if not self._scene.is_complete:  # it will call `follow` with the changes
            self._timer.start(PAUSE_MS)
            return
        end = perf_counter() + SLICE_S
        for _ in self._work:
            if perf_counter() > end:
                self._timer.start(PAUSE_MS)
                return

    # The work, a unit at a time

    def _steps(self) -> Iterator[float]:
        yield from self._look_up()
        if len(self._router.stale) > FEW:
            yield from self._route(self._in_sight())
        yield from self._route(None)

    def _look_up(self) -> Iterator[float]:
        scene, router = self._scene, self._router
        while self._names:
            name = next(iter(self._names))
            item, node = scene.nodes_so_far.get(name), scene.graph.nodes.get(name)
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
            wire_item = scene.wires_so_far.get(wire)
            if wire_item and {wire.source.node, wire.target.node} <= scene.graph.nodes.keys():
                self._unshown[wire] = None
                start = self._end(wire_item.source, wire, is_input=False)
                router.put_wire(wire, start, self._end(wire_item.target, wire, is_input=True))
            else:
                self._unshown.pop(wire, None)
                self._chips.drop(wire)
                router.drop_wire(wire)
            del self._wires[wire]
            yield LOOK_UP

    def _end(self, item: NodeItem, wire: Wire, *, is_input: bool) -> Point:
        """Where a wire ends at the place of its node in the document."""
        x, y = self._scene.graph.nodes[item.look.name].pos
        spot = end_spot(item, wire, is_input=is_input)
        return x + spot[0], y + spot[1]

    def _in_sight(self) -> dict[Wire, None]:
        visible_rects = [view.mapToScene(view.viewport().rect()).boundingRect() for view in self._scene.views()]
        return {
            wire: None
            for wire, item in self._scene.wires_so_far.items()
            if any(area.intersects(item.boundingRect()) for area in visible_rects)
        }

    def _route(self, wires: Collection[Wire] | None) -> Iterator[float]:
        """Route these wires, or all that are left, place their chips, and show both."""
        router, chips, items = self._router, self._chips, self._scene.wires_so_far
        before = router.effort
        if wires is None:
            while router.route_next():
                yield LOOK_UP + (router.effort - before) / EFFORT
                before = router.effort
        for wire in wires or ():
            for _ in router.steps(wire):
                yield LOOK_UP + (router.effort - before) / EFFORT
                before = router.effort
        self._unshown.update(dict.fromkeys(router.take_changed()))
        for wire in self._ready(wires):
            corners, item = router.route(wire), items[wire]
            if corners and item.pieces:
                chips.put(wire, corners, item.chip_width)
            else:
                chips.drop(wire)
            yield 0.0
        while wires is None and chips.place_next():
            yield PLACE
        self._unshown.update(dict.fromkeys(chips.take_changed()))
        has_changed = False
        for wire in self._ready(wires):
            has_changed |= items[wire].show_route(router.route(wire), chips.middle(wire))
            del self._unshown[wire]
            yield SHOW
        if has_changed:
            self._scene.content_changed.emit()

    def _ready(self, wires: Collection[Wire] | None) -> list[Wire]:
        """Those of the wires, or of all, whose new route or chip is not shown yet."""
        return [wire for wire in self._unshown if wires is None or wire in wires]
