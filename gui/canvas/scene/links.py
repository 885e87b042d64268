"""The links of the shown graph: from each node that owns a weight to those that share it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gui.canvas.items.link_item import LinkItem

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene


class Links:
    """One item for each pair of nodes. ``items``: by the sharer and the owner."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self.items: dict[tuple[str, str], LinkItem] = {}

    def follow(self, names: Iterable[str]) -> None:
        """Show the links of the graph; those at these nodes take their places."""
        scene, nodes = self._scene, self._scene.nodes_so_far
        pairs = {
            (name, owner): (nodes[owner], nodes[name])
            for name, node in scene.graph.nodes.items()
            if node.settings.shares
            for owner in node.settings.owners
            if owner != name and owner in nodes and name in nodes
        }
        for pair in [pair for pair in self.items if pair not in pairs]:
            scene.removeItem(self.items.pop(pair))
        for pair, (owner, sharer) in pairs.items():
            item = self.items.get(pair)
            if item is not None and (item.owner, item.sharer) != (owner, sharer):
                scene.removeItem(self.items.pop(pair))
                item = None
            if item is None:
                item = self.items[pair] = LinkItem(owner, sharer, scene.paints)
                item.detail = scene.detail
                scene.addItem(item)
        self.reroute(names)

    def reroute(self, names: Iterable[str]) -> None:
        """Follow these nodes to where they are now."""
        moved = set(names) if self.items else set()
        for pair, item in self.items.items():
            if not moved.isdisjoint(pair):
                item.reroute()
