"""What each node gives for one sample, above the nodes of the shown graph."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.protocol.asking import NodeOutput
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.output_item import OutputItem
from gui.theme import Theme
from gui.widgets.pixels import tinted

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene


class NodeOutputs:
    """Outputs by nodes' paths from the main graph; nodes without one have no picture."""

    def __init__(self, scene: "GraphScene", theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._outputs: Mapping[str, NodeOutput] = {}
        self._items: dict[NodeItem, OutputItem] = {}

    def show(self, outputs: Mapping[str, NodeOutput]) -> None:
        """Show these outputs; none of them removes all pictures."""
        before, self._outputs = self._outputs, outputs
        if before or outputs:
            self.refresh()

    def refresh(self) -> None:
        """Show the outputs on the items that there are now, as in another graph or theme."""
        items = self._scene.nodes_so_far
        for absent in self._items.keys() - set(items.values()):
            del self._items[absent]  # the scene has deleted it with its parent
        for name, item in items.items():
            self.show_on(name, item)

    def show_on(self, name: str, item: NodeItem) -> None:
        """Show the output of one node."""
        if not self._outputs and item not in self._items:
            return
        output = self._outputs.get(self._scene.selection.node_path(name))
        picture = tinted(output["picture"], self._theme) if output else None
        if output is None or picture is None:
            if (card := self._items.pop(item, None)) is not None:
                self._scene.removeItem(card)
            return
        if item not in self._items:
            self._items[item] = OutputItem(item, item.look.width)
        self._items[item].show_output(output, picture, self._scene.paints)

    @property
    def count(self) -> int:
        """The number of pictures that are shown."""
        return len(self._items)
