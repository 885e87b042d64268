"""The activity of each node during training, on the nodes of the shown graph."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gui.canvas.items.node_item import NodeItem

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene


class Activity:
    """Levels, 0 to 8, by nodes' paths from the main graph; nodes not named have none."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self._levels: Mapping[str, int] = {}

    def show(self, levels: Mapping[str, int]) -> None:
        """Show these levels."""
        before, self._levels = self._levels, levels
        if before or levels:
            for name, item in self._scene.nodes_so_far.items():
                item.show_level(self._level(name))

    def show_on(self, name: str, item: NodeItem) -> None:
        """Show the level of one node."""
        if self._levels or item.level:
            item.show_level(self._level(name))

    def _level(self, name: str) -> int:
        path = self._scene.selection.node_path(name)
        level = self._levels.get(path)
        if level is None and self._scene.graph.nodes[name].uses_block:
            inside = path + "."
            level = max((level for each, level in self._levels.items() if each.startswith(inside)), default=0)
        return level or 0
