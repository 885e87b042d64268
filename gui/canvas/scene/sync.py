"""Keeps the items of the scene in step with its graph: at once where little differs, else in slices."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

from engine.graph.model import Graph, Wire
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.node_layout import Look, is_loss, look
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.changes import Changes
from gui.canvas.scene.wire_index import WiringIndex
from gui.system.garbage import uncollected
from gui.system.time_slices import Turns

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene

MOST_AT_ONCE = 300  # nodes and wires that differ


class Sync:
    """The node and wire items so far. What needs all of them calls `finish`; an edit does so before it is applied."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self._turns = Turns(scene, pause_ms=1)
        self._forget()

    def _forget(self) -> None:
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.index = WiringIndex()
        self._has_news = False  # results that are not shown yet

    @property
    def is_done(self) -> bool:
        """Whether everything is drawn as it is in the document."""
        return self._turns.is_done

    def finish(self) -> None:
        """Draw now what is left."""
        if not self._turns.is_done:
            with uncollected():
                self._turns.finish()

    def restart(self) -> None:
        """Draw another graph into the empty scene."""
        self._turns.stop()
        self._forget()
        graph = self._scene.graph
        self._do(self._begun(), len(graph.nodes) + len(graph.wires))
        self._keep_picture(until_done=not self.is_done)

    def _keep_picture(self, *, until_done: bool) -> None:
        """Keep the old picture on the screen: to paint each slice of another graph takes as long as to make it."""
        for view in self._scene.views():
            view.viewport().setUpdatesEnabled(not until_done)

    def follow(self, what: Changes) -> None:
        """Draw what an edit has changed."""
        graph = self._scene.graph
        known = len(graph.nodes) + len(self.nodes) if what.everything else len(what.nodes | what.moved)
        self._do(self._followed(what), known + abs(len(graph.wires) - len(self.wires)))

    def tell(self) -> None:
        """Show the latest results; while items are drawn, after that."""
        self._has_news = True
        if self._turns.is_done:
            self._do(iter(()), len(self.nodes) + len(self.wires))

    def _do(self, steps: Iterator[None], differing: int) -> None:
        work = self._with_news(steps)
        if differing > MOST_AT_ONCE:
            self._turns.start(work)
            return
        with uncollected() if differing > MOST_AT_ONCE // 2 else nullcontext():
            for _ in work:
                pass

    # The work, a step at a time

    def _with_news(self, steps: Iterator[None]) -> Iterator[None]:
        yield from steps
        scene = self._scene
        while self._has_news:
            self._has_news = False
            scene.knowledge = scene.learned()
            yield from scene.captions.steps(self.nodes)
            scene.leading.follow((), self.wires)
            yield
            scene.sync_decor()

    def _begun(self) -> Iterator[None]:
        try:
            yield from self._followed(Changes(everything=True))
        finally:
            self._keep_picture(until_done=False)
        self._scene.show_begun()

    def _followed(self, what: Changes) -> Iterator[None]:
        scene, graph = self._scene, self._scene.graph
        has_wires, has_decor = what.wires or what.everything, what.decor or what.everything
        names = set(graph.nodes) | set(self.nodes) if what.everything else set(what.nodes)
        if what.blocks:
            names |= {name for name, node in graph.nodes.items() if node.kind == "Block"}
        if what.losses:
            names |= {name for name in self.nodes if name in graph.nodes and is_loss(graph.nodes[name])}
        if has_wires:
            names |= self.index.follow(graph)
        wires: list[Wire] = []
        yield from self._drop((names & self.nodes.keys()) - graph.nodes.keys(), wires)
        for name in graph.nodes if len(names) > MOST_AT_ONCE else names:
            if name in names and name in graph.nodes:
                self._sync_node(graph, name)
                yield
        for name in what.moved & graph.nodes.keys():
            self.nodes[name].place(*graph.nodes[name].pos)
            yield
        kept = self.wires_of(names | what.moved) if self.wires else set()
        if has_wires:
            yield from self._sync_wires(graph, wires)
        if has_decor:
            scene.sync_decor()
        yield from scene.captions.steps(names)
        scene.leading.follow(names | what.moved, wires)
        yield
        for wire in kept:
            wire.reroute()
            yield
        scene.grow(names | what.moved, decor=has_decor)
        scene.drawn.emit()

    def wires_of(self, names: Iterable[str]) -> set[WireItem]:
        """The wires at these nodes."""
        keys = {wire for name in names for wire in (*self.index.into(name), *self.index.out_of(name))}
        return {self.wires[wire] for wire in keys if wire in self.wires}

    def _drop(self, gone: set[str], wires: list[Wire]) -> Iterator[None]:
        """Remove nodes, with the wires that are drawn at them, which are added to ``wires``."""
        items = {self.nodes[name] for name in gone}
        at_them = [wire for wire, each in self.wires.items() if {each.source, each.target} & items] if items else []
        for wire in at_them:
            wires.append(wire)
            self._scene.removeItem(self.wires.pop(wire))
            yield
        for name in gone:
            self._scene.removeItem(self.nodes.pop(name))
            yield

    def _sync_node(self, graph: Graph, name: str) -> None:
        scene, item = self._scene, self.nodes.get(name)
        into, out_of = self.index.into(name), self.index.out_of(name)
        seen = look(scene.document.project, scene.graph_name, name, scene.paints.measure, into, out_of)
        if item is None:
            self.nodes[name] = self._made_node(graph, name, seen)
            return
        item.set_look(seen)
        item.place(*graph.nodes[name].pos)
        scene.glow.show_on(name, item)

    def _made_node(self, graph: Graph, name: str, seen: Look) -> NodeItem:
        """A new item; only what differs from its defaults is set, since there may be thousands."""
        scene = self._scene
        item = NodeItem(seen, scene.paints)
        item.detail, item.chosen = scene.detail, name in scene.selection.nodes
        item.place(*graph.nodes[name].pos)
        scene.glow.show_on(name, item)
        if scene.cached:
            item.setCacheMode(scene.cache_mode)
        scene.addItem(item)
        return item

    def _sync_wires(self, graph: Graph, changed: list[Wire]) -> Iterator[None]:
        """Draw the wires there are; those that are new or gone are added to ``changed``."""
        scene, wanted = self._scene, dict.fromkeys(graph.wires)
        for wire in [wire for wire in self.wires if wire not in wanted]:
            changed.append(wire)
            scene.removeItem(self.wires.pop(wire))
            yield
        for wire in [wire for wire in wanted if wire not in self.wires] if self.wires else list(wanted):
            changed.append(wire)
            source, target = self.nodes.get(wire.source.node), self.nodes.get(wire.target.node)
            if source and target:
                item = self.wires[wire] = WireItem(wire, source, target, scene.paints)
                item.detail, item.chosen = scene.detail, wire == scene.selection.wire
                scene.addItem(item)
            yield
