"""Analysis results on nodes, wires and frames."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from engine.graph.model import Wire
from gui.canvas.items.size_text import counts, pieces
from gui.canvas.items.wire_item import WireItem

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene


class Captions:
    """Shows the scene's analysis results."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self._are_shown = False  # whether some may have to be removed

    def steps(self, names: Iterable[str]) -> Iterator[None]:
        """Put shapes, sizes and problems on these nodes and their wires, one item per step."""
        scene, graph_results = self._scene, self._scene.graph_results
        if graph_results.is_empty and not self._are_shown:
            return
        self._are_shown = not graph_results.is_empty
        items = scene.nodes_so_far
        names = [name for name in names if name in items]
        for name in names:
            results = graph_results.node(name)
            text = counts(results.parameters, results.macs, results.times) if results else ""
            items[name].show_values(text, graph_results.severity(name))
            yield
        for item in scene.wires_of(names):
            self._show_wire(item)
            yield

    def frame_text(self, rect: QRectF) -> str:
        """The parameters and multiply-adds of the nodes in a frame, as text."""
        scene = self._scene
        items = scene.nodes_so_far.items()
        every = [scene.graph_results.node(name) for name, item in items if rect.contains(item.scene_rect.center())]
        results = [each for each in every if each]
        times = {each.times for each in results}
        once = times.pop() if len(times) == 1 else 1  # else there is no common factor
        return counts(sum(each.parameters for each in results), sum(each.macs for each in results), once)

    def _show_wire(self, item: WireItem) -> None:
        graph_results, wire = self._scene.graph_results, item.wire
        value = graph_results.value(wire) if self._shows_shape(wire) else None
        feed = self._scene.into(wire.source.node)
        before = graph_results.value(feed[0]) if feed else None
        text = pieces(value.shape, value.element, before.shape if before else None) if value else ()
        item.show_shape(text, wrong=graph_results.wire_problem(wire) is not None)

    def _shows_shape(self, wire: Wire) -> bool:
        """One chip is enough for wires that run side by side."""
        ends = (wire.source, wire.target.node)
        beside = self._scene.out_of(wire.source.node)
        return next(each for each in beside if (each.source, each.target.node) == ends) == wire
