"""The canvas's handlers for actions of the window, and its context menus."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gui.actions.actions import Actions
from gui.canvas.scene.hit_test import Hit

if TYPE_CHECKING:
    from gui.canvas.canvas import Canvas

STEP = 1.25  # of the zoom keys
_ON_NODES = (
    ("graph.open_block", "graph.unpack", "graph.make_independent", "graph.publish"),
    ("graph.info", "edit.rename"),
    ("graph.bypass", "graph.connect", "graph.make_block", "graph.frame"),
    ("graph.arrange", "graph.arrange_selection", "graph.arrange_branch"),
    ("graph.align_row", "graph.align_column", "graph.spread_row", "graph.spread_column"),
    ("edit.cut", "edit.copy", "edit.paste", "edit.duplicate"),
    ("edit.delete", "edit.delete_heal"),
)
_ON_WIRE = (("graph.add",), ("edit.delete",))
_ON_EMPTY = (("graph.add", "graph.note"), ("edit.paste", "edit.select_all"), ("graph.arrange", "view.fit"))


def handlers(canvas: "Canvas") -> dict[str, Callable[[], object]]:
    """The function that each action calls."""
    commands, blocks, view, arranger = canvas.commands, canvas.blocks, canvas.view, canvas.arranger
    return {
        "edit.cut": commands.cut,
        "edit.copy": commands.copy,
        "edit.paste": lambda: commands.paste(view.pointer().scene),
        "edit.paste_wired": lambda: commands.paste(view.pointer().scene, keep_incoming=True),
        "edit.duplicate": commands.duplicate,
        "edit.delete": commands.delete,
        "edit.delete_heal": commands.heal,
        "edit.select_all": commands.select_all,
        "edit.select_upstream": commands.select_upstream,
        "edit.select_downstream": commands.select_downstream,
        "edit.find": canvas.finder.open,
        "view.fit": canvas.fit,
        "view.fit_selection": canvas.fit_selection,
        "view.zoom_in": lambda: view.set_zoom(view.zoom * STEP),
        "view.zoom_out": lambda: view.set_zoom(view.zoom / STEP),
        "view.zoom_reset": lambda: view.set_zoom(1.0),
        "graph.add": canvas.layer_popup.open_here,
        "graph.connect": commands.connect,
        "graph.bypass": commands.bypass,
        "graph.arrange": canvas.arrange,
        "graph.arrange_selection": lambda: canvas.arrange(canvas.scene.selection.nodes),
        "graph.arrange_branch": lambda: canvas.arrange(commands.branch()),
        "graph.align_row": arranger.in_row,
        "graph.align_column": arranger.in_column,
        "graph.spread_row": lambda: arranger.spread(across=True),
        "graph.spread_column": lambda: arranger.spread(across=False),
        "graph.frame": canvas.add_frame,
        "graph.note": canvas.add_note,
        "graph.make_block": blocks.make_block,
        "graph.unpack": blocks.unpack,
        "graph.make_independent": blocks.make_independent,
        "graph.open_block": canvas.open_selected,
        "graph.close_block": canvas.scene.selection.up,
        "graph.info": canvas.toggle_info,
    }


def bind(canvas: "Canvas", actions: Actions) -> None:
    """Connect the actions to the canvas."""
    for name, handler in handlers(canvas).items():
        action = actions.on(name, handler)
        if actions.specs[name].local:
            canvas.view.addAction(action)
    actions.on_toggle("view.minimap", canvas.show_minimap).setChecked(True)
    canvas.view.menu_wanted.connect(lambda hit, at: _menu(canvas, actions, hit, at))


def _menu(canvas: "Canvas", actions: Actions, hit: Hit, at: QPoint) -> None:
    selection = canvas.scene.selection
    if hit.node and hit.node.look.name not in selection.nodes:
        selection.select((hit.node.look.name,))
    elif hit.wire:
        selection.select_wire(hit.wire.wire)
    groups = _ON_NODES if hit.node else _ON_WIRE if hit.wire else _ON_EMPTY
    menu = QMenu(canvas)
    menu.setObjectName("canvas_menu")
    menu.setToolTipsVisible(True)
    for group in groups:
        visible_actions: list[QAction] = [actions[name] for name in group if actions[name].isVisible()]
        if any(action.isEnabled() for action in visible_actions):  # a group without an enabled action is left out
            menu.addActions(visible_actions)
            menu.addSeparator()
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
