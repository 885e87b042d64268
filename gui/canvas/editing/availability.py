"""Which actions of the canvas can run now, and why the others cannot."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent

from engine.catalog.index import layer
from engine.graph.compose.block_members import STAYING_ROLES
from gui.actions.actions import Actions
from gui.canvas.scene.scene import GraphScene
from gui.canvas.view.pan_zoom import MAX_ZOOM, MIN_ZOOM
from gui.canvas.view.view import CanvasView

NO_SELECTION = "Select a node first."
Rule = Callable[[GraphScene], str]
"""The reason why an action cannot run, or an empty text."""


def _at_least(count: int, why: str) -> Rule:
    return lambda scene: "" if len(scene.selection.nodes) >= count else why


def _nodes(why: str) -> Rule:
    return lambda scene: "" if scene.graph.nodes else why


def _single(why: str) -> Rule:
    return lambda scene: "" if scene.selection.single else why


def _block(scene: GraphScene) -> str:
    node = scene.graph.nodes.get(scene.selection.single or "")
    if node is None:
        return "Select one block first."
    return "" if node.uses_block else f"{scene.selection.single} is a {node.kind}, not a block."


def _members(scene: GraphScene) -> str:
    kinds = [node.kind for name, node in scene.graph.nodes.items() if name in scene.selection.nodes]
    if not kinds:
        return "Select nodes to make a block of them."
    can_move = any(_role(kind) not in STAYING_ROLES for kind in kinds)
    return "" if can_move else "Inputs, outputs, losses and metrics stay outside of blocks."


def _has_name(scene: GraphScene) -> str:
    selection = scene.selection
    is_block = bool(selection.path) and not selection.nodes and selection.wire is None
    return "" if selection.single or is_block else "Select one node, then rename it."


def _independent(scene: GraphScene) -> str:
    node = scene.graph.nodes.get(scene.selection.single or "")
    if node is None or _block(scene):
        return _block(scene)
    has_others = len(list(scene.document.project.uses(node.graph or ""))) > 1
    return "" if has_others else f"This is the only use of {node.graph}: a change leaves nothing else alone."


def _publish(scene: GraphScene) -> str:
    is_inside = bool(scene.selection.path) and not scene.selection.nodes
    return "" if is_inside else _block(scene)


def _delete(scene: GraphScene) -> str:
    selection = scene.selection
    return (
        ""
        if selection.nodes or selection.wire or scene.selected_annotation
        else "Select nodes, a wire, a frame or a note first."
    )


def _feeds(scene: GraphScene) -> str:
    selected = scene.selection.nodes
    feeds = any(wire.target.node not in selected for name in selected for wire in scene.out_of(name))
    if feeds:
        return ""
    return "The selection feeds no other node." if selected else NO_SELECTION


def _branch(scene: GraphScene) -> str:
    return "Select a node that feeds others: they form its branch." if _feeds(scene) else ""


def _is_fed(scene: GraphScene) -> str:
    selected = scene.selection.nodes
    is_fed = any(wire.source.node not in selected for name in selected for wire in scene.into(name))
    if is_fed:
        return ""
    return "No other node feeds the selection." if selected else NO_SELECTION


def _bypass(scene: GraphScene) -> str:
    if not scene.selection.nodes:
        return NO_SELECTION
    return "" if bypassable(scene) else "Only layers and blocks can be bypassed."


def bypassable(scene: GraphScene) -> list[str]:
    """The selected nodes that can be bypassed, in the graph's order."""
    nodes, selected = scene.graph.nodes, scene.selection.nodes
    return [name for name, node in nodes.items() if name in selected and _role(node.kind) in ("layer", "block")]


def _role(kind: str) -> str:
    declared = layer(kind)
    return declared.role if declared else ""


def _everything(scene: GraphScene) -> str:
    if not scene.graph.nodes:
        return "There is no node yet."
    return "Everything is selected." if len(scene.selection.nodes) == len(scene.graph.nodes) else ""


def _paste(scene: GraphScene) -> str:
    del scene
    data = QGuiApplication.clipboard().mimeData()
    has_text = data is not None and data.hasText()  # type: ignore[redundant-expr]  # none before anything was copied
    return "" if has_text else "Copy nodes first: the clipboard is empty."


RULES: Mapping[str, Rule] = {
    "edit.cut": _at_least(1, NO_SELECTION),
    "edit.copy": _at_least(1, NO_SELECTION),
    "edit.paste": _paste,
    "edit.paste_wired": _paste,
    "edit.duplicate": _at_least(1, NO_SELECTION),
    "edit.delete": _delete,
    "edit.delete_heal": _at_least(1, NO_SELECTION),
    "edit.rename": _has_name,
    "edit.select_all": _everything,
    "edit.select_upstream": _is_fed,
    "edit.select_downstream": _feeds,
    "edit.find": _nodes("There is nothing to find yet."),
    "graph.add": lambda _: "",
    "graph.connect": lambda scene: "" if len(scene.selection.nodes) == 2 else "Select two nodes to connect them.",
    "graph.bypass": _bypass,
    "graph.arrange": _nodes("There is nothing to arrange yet."),
    "graph.arrange_selection": _at_least(2, "Select several nodes to arrange only those."),
    "graph.arrange_branch": _branch,
    "graph.align_row": _at_least(2, "Select several nodes to align them."),
    "graph.align_column": _at_least(2, "Select several nodes to align them."),
    "graph.spread_row": _at_least(3, "Select at least three nodes: the gaps between them become equal."),
    "graph.spread_column": _at_least(3, "Select at least three nodes: the gaps between them become equal."),
    "graph.frame": _at_least(1, "Select nodes to draw a frame around them."),
    "graph.note": lambda _: "",
    "graph.make_block": _members,
    "graph.open_block": _block,
    "graph.unpack": _block,
    "graph.make_independent": _independent,
    "graph.publish": _publish,
    "graph.close_block": lambda scene: "" if scene.selection.path else "This is the main graph already.",
    "graph.info": _single("Select one node to read about it."),
}
READ_ONLY_ACTIONS = frozenset(
    {
        "edit.copy", "edit.select_all", "edit.select_upstream", "edit.select_downstream", "edit.find",
        "graph.open_block", "graph.close_block", "graph.info", "graph.publish",
    }
)  # fmt: skip
READ_ONLY = "This project is open read-only: save a copy to change it."


class Availability(QObject):
    """Enables the actions of the graph while they can run, and gives the others the reason why not."""

    def __init__(self, view: CanvasView, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._scene, self._actions = view, view.graph_scene, actions
        document, selection = self._scene.document, self._scene.selection
        for signal in (
            document.edited, document.replaced, document.read_only_changed, selection.changed, selection.graph_changed,
            self._scene.annotation_selected, self._scene.graph_shown,
        ):  # fmt: skip
            signal.connect(self.refresh)
        view.zoomed.connect(self._refresh_zoom)
        QGuiApplication.clipboard().dataChanged.connect(self.refresh)
        self.refresh()
        self._refresh_zoom()

    def refresh(self) -> None:
        """Update the actions."""
        scene = self._scene
        if scene.graph_name != scene.selection.graph or scene.graph_name not in scene.document.project.graphs:
            return  # the scene does not show the selected graph yet
        is_read_only = scene.document.read_only
        for name, rule in RULES.items():
            self._actions.allow(name, READ_ONLY if is_read_only and name not in READ_ONLY_ACTIONS else rule(scene))
        self._assign_arrange_key()

    def explain(self, event: QKeyEvent) -> bool:
        """Show why the action of a key cannot run now; true if there is such an action."""
        why = self._actions.why_not(event, local=True)
        if why:
            self._scene.document.edit_refused.emit(why)
        return bool(why)

    def _assign_arrange_key(self) -> None:
        """Let the plain key arrange the selection while several nodes are selected."""
        actions, key = self._actions, self._actions.specs["graph.arrange"].keys
        several = actions["graph.arrange_selection"].isEnabled()
        actions.set_keys("graph.arrange", key[1:] if several else key)
        actions.set_keys("graph.arrange_selection", key[:1] if several else ())

    def _refresh_zoom(self) -> None:
        zoom, allow = self._view.zoom, self._actions.allow
        allow("view.zoom_in", "" if zoom < MAX_ZOOM else "This is the largest zoom.")
        allow("view.zoom_out", "" if zoom > MIN_ZOOM else "This is the smallest zoom.")
        allow("view.zoom_reset", "" if zoom != 1.0 else "The zoom is 100 % already.")
