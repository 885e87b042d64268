"""Keeps the items of the scene in step with its graph: at once after a small change, or else in slices."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

from engine.graph.model import Graph, Wire
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.node_layout import Look, is_loss, look
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.changes import Changes
from gui.canvas.scene.wire_index import WireIndex
from gui.system.garbage_collection import collection_paused
from gui.system.time_slices import TimeSlices

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene

MAX_AT_ONCE = 300  # nodes and wires that differ


class Sync:
    """The node and wire items so far. Code that needs all of them calls `finish`, as each edit does first."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self._turns = TimeSlices(scene, pause_ms=1)
        self._forget()

    def _forget(self) -> None:
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.index = WireIndex()
        self._has_new_results = False  # results that are not shown yet

    @property
    def is_done(self) -> bool:
        """Whether everything is drawn as it is in the document."""
        return self._turns.is_done

    def finish(self) -> None:
        """Draw the rest now."""
        if not self._turns.is_done:
            with collection_paused():
                self._turns.finish()

    def restart(self) -> None:
        """Draw another graph into the empty scene."""
        self._turns.stop()
        self._forget()
        graph = self._scene.graph
        self._do(self._draw_graph(), len(graph.nodes) + len(graph.wires))
        self._keep_picture(until_done=not self.is_done)

    def _keep_picture(self, *, until_done: bool) -> None:
        """Keep the old picture on the screen: painting each slice of another graph takes as long as drawing it."""
        for view in self._scene.views():
            view.viewport().setUpdatesEnabled(not until_done)

    def follow(self, changes: Changes) -> None:
        """Draw what an edit has changed."""
        graph = self._scene.graph
        count = len(graph.nodes) + len(self.nodes) if changes.everything else len(changes.nodes | changes.moved)
        self._do(self._apply(changes), count + abs(len(graph.wires) - len(self.wires)))

    def show_results(self) -> None:
        """Show the latest results, after the items that are being drawn."""
        self._has_new_results = True
        if self._turns.is_done:
            self._do(iter(()), len(self.nodes) + len(self.wires))

    def _do(self, steps: Iterator[None], differing: int) -> None:
        work = self._with_results(steps)
        if differing > MAX_AT_ONCE:
            self._turns.start(work)
            return
        with collection_paused() if differing > MAX_AT_ONCE // 2 else nullcontext():
            for _ in work:
                pass

    # The work, a step at a time

    def _with_results(self, steps: Iterator[None]) -> Iterator[None]:
        yield from steps
        scene = self._scene
        while self._has_new_results:
            self._has_new_results = False
            scene.graph_results = scene.latest_results()
            yield from scene.captions.steps(self.nodes)
            scene.routing.follow((), self.wires)
            yield
            scene.sync_annotations()

    def _draw_graph(self) -> Iterator[None]:
        try:
            yield from self._apply(Changes(everything=True))
        finally:
            self._keep_picture(until_done=False)
        self._scene.announce_graph()

    def _apply(self, changes: Changes) -> Iterator[None]:
        scene, graph = self._scene, self._scene.graph
        has_wires, has_annotations = changes.wires or changes.everything, changes.annotations or changes.everything
        names = set(graph.nodes) | set(self.nodes) if changes.everything else set(changes.nodes)
        if changes.blocks:
            names |= {name for name, node in graph.nodes.items() if node.uses_block}
        if changes.losses:
            names |= {name for name in self.nodes if name in graph.nodes and is_loss(graph.nodes[name])}
        if has_wires:
            names |= self.index.follow(graph)
        wires: list[Wire] = []
        yield from self._drop((names & self.nodes.keys()) - graph.nodes.keys(), wires)
        for name in graph.nodes if len(names) > MAX_AT_ONCE else names:
            if name in names and name in graph.nodes:
                self._sync_node(graph, name)
                yield
        for name in changes.moved & graph.nodes.keys():
            self.nodes[name].place(*graph.nodes[name].pos)
            yield
        moved_wires = self.wires_of(names | changes.moved) if self.wires else set()
        if has_wires:
            yield from self._sync_wires(graph, wires)
        if has_annotations:
            scene.sync_annotations()
        yield from scene.captions.steps(names)
        scene.routing.follow(names | changes.moved, wires)
        yield
        for wire in moved_wires:
            wire.reroute()
            yield
        scene.links.follow(names | changes.moved)
        scene.grow(names | changes.moved, annotations=has_annotations)
        scene.content_changed.emit()

    def wires_of(self, names: Iterable[str]) -> set[WireItem]:
        """The wires at these nodes."""
        keys = {wire for name in names for wire in (*self.index.into(name), *self.index.out_of(name))}
        return {self.wires[wire] for wire in keys if wire in self.wires}

    def _drop(self, names: set[str], wires: list[Wire]) -> Iterator[None]:
        """Remove the items of nodes and of the wires at them; the wires are added to ``wires``."""
        items = {self.nodes[name] for name in names}
        at_them = [wire for wire, each in self.wires.items() if {each.source, each.target} & items] if items else []
        for wire in at_them:
            wires.append(wire)
            self._scene.removeItem(self.wires.pop(wire))
            yield
        for name in names:
            self._scene.removeItem(self.nodes.pop(name))
            yield

    def _sync_node(self, graph: Graph, name: str) -> None:
        scene, item = self._scene, self.nodes.get(name)
        into, out_of = self.index.into(name), self.index.out_of(name)
        node_look = look(scene.document.project, scene.graph_name, name, scene.paints.measure, into, out_of)
        if item is None:
            self.nodes[name] = self._new_item(graph, name, node_look)
            return
        item.set_look(node_look)
        item.place(*graph.nodes[name].pos)
        scene.activity.show_on(name, item)
        scene.node_outputs.show_on(name, item)

    def _new_item(self, graph: Graph, name: str, node_look: Look) -> NodeItem:
        """A new item; only what differs from its defaults is set, since there may be thousands."""
        scene = self._scene
        item = NodeItem(node_look, scene.paints)
        item.detail, item.is_selected = scene.detail, name in scene.selection.nodes
        item.place(*graph.nodes[name].pos)
        scene.activity.show_on(name, item)
        if scene.cached:
            item.setCacheMode(scene.cache_mode)
        scene.addItem(item)
        scene.node_outputs.show_on(name, item)
        return item

    def _sync_wires(self, graph: Graph, changed: list[Wire]) -> Iterator[None]:
        """Update the items of wires; added and removed wires are added to ``changed``."""
        scene, graph_wires = self._scene, dict.fromkeys(graph.wires)
        for wire in [wire for wire in self.wires if wire not in graph_wires]:
            changed.append(wire)
            scene.removeItem(self.wires.pop(wire))
            yield
        for wire in [wire for wire in graph_wires if wire not in self.wires] if self.wires else list(graph_wires):
            changed.append(wire)
            source, target = self.nodes.get(wire.source.node), self.nodes.get(wire.target.node)
            if source and target:
                item = self.wires[wire] = WireItem(wire, source, target, scene.paints)
                item.detail, item.is_selected = scene.detail, wire == scene.selection.wire
                scene.addItem(item)
            yield
