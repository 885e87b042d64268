"""Commands that make blocks, name them and take them apart, each as one undo step."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from engine.graph import compose
from engine.graph.edits import EditError
from gui.canvas.editing.graph_commands import GraphCommands
from gui.canvas.items.node_layout import GLYPH, LEFT, RIGHT
from gui.canvas.view.inline_editor import InlineEditor
from gui.canvas.view.view import CanvasView
from gui.formatting.formats import sentence

TITLE_HEIGHT = 26.0


class Offer(NamedTuple):
    """A selection that can become a block, where the present one cannot, and what makes it one."""

    reason: str
    remedy: str
    accept: Callable[[], object]


class BlockCommands(QObject):
    """Commands on the selection. ``offer_changed``: the `Offer`, or ``None`` when the last one is no longer valid."""

    offer_changed = Signal(object)

    def __init__(self, view: CanvasView, commands: GraphCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._scene, self._commands = view, view.graph_scene, commands
        self._document, self._selection = self._scene.document, self._scene.selection
        self._offer: Offer | None = None
        self._selection.changed.connect(self._withdraw)
        self._document.edited.connect(self._withdraw)
        self._document.replaced.connect(self._withdraw)

    def make_block(self) -> None:
        """Make the selected nodes a block and ask for its name; again after an offer: accept it."""
        if self._offer is not None:
            self._offer.accept()
        else:
            self._make_block(self._selection.nodes)

    def unpack(self) -> None:
        """Put the selected block's content in its place."""
        if name := self._selection.single:
            self._commands.add(lambda project, graph: compose.unpack(project, graph, name))

    def make_independent(self) -> None:
        """Give the selected use a block of its own."""
        if name := self._selection.single:
            self._commands.do(lambda project, graph: compose.make_independent(project, graph, name))

    def _make_block(self, names: frozenset[str]) -> None:
        sizes = {name: (item.look.width, item.look.height) for name, item in self._scene.nodes.items()}
        try:
            edit = compose.make_block(self._document.project, self._scene.graph_name, names, sizes=sizes)
        except compose.NoBlockError as wrong:
            self._refuse(wrong)
        except EditError as wrong:
            self._commands.refuse(str(wrong))
        else:
            self._commands.add(lambda *_: edit)
            if use := self._selection.single:
                self._ask_for_name(use)

    def _refuse(self, wrong: compose.NoBlockError) -> None:
        if not wrong.members:
            self._commands.refuse(str(wrong))
            return
        reason = sentence(str(wrong), self._scene.graph.nodes)
        self._offer = Offer(reason, wrong.remedy, lambda: self._make_block(wrong.members))
        self.offer_changed.emit(self._offer)

    def _withdraw(self) -> None:
        if self._offer is not None:
            self._offer = None
            self.offer_changed.emit(None)

    def _ask_for_name(self, use: str) -> None:
        """Edit the title of a new block where it is; without another name, it keeps the one that it has."""
        item, block = self._scene.nodes[use], self._scene.graph.nodes[use].graph or ""
        self._view.scroll_to(item.scene_rect)
        title = QRectF(item.scene_rect.topLeft() + QPointF(LEFT + GLYPH - RIGHT / 2, 0), item.scene_rect.size())
        title.setRight(item.scene_rect.right())
        title.setHeight(TITLE_HEIGHT)
        InlineEditor(self._view, title, block, lambda text: self._rename(block, text, use), multiline=False)

    def _rename(self, block: str, name: str, use: str) -> None:
        project, graph = self._document.project, self._scene.graph_name
        if name in ("", block) or use not in project.graphs[graph].nodes:
            return
        if why := compose.name_problem(name, project.graphs, "block"):
            self._commands.refuse(f"{block} keeps its name: the new one {why}")
        else:
            self._commands.do(lambda *_: compose.rename_block(project, block, name, (graph, use)))
