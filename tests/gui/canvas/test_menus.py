"""The menus of the canvas, and what screen readers get."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.canvas.hand import RIGHT, wire


def test_screen_readers_get_what_is_selected(canvas, hand, selection):
    selection.select(["conv"])
    assert canvas.view.accessibleDescription().startswith("conv, Conv2d, 8 @")
    hand.key(Qt.Key.Key_Right)
    assert canvas.view.accessibleDescription().startswith("act, ReLU")
    selection.select(["conv", "act"])
    assert canvas.view.accessibleDescription() == "2 nodes selected"
    selection.select_wire(wire("conv.output", "act.input"))
    assert canvas.view.accessibleDescription() == "The wire from conv.output to act.input"
    selection.clear()
    assert canvas.view.accessibleDescription() == ""


@pytest.mark.parametrize(("selected", "action"), [("conv", "graph.bypass"), ("", "graph.add"), ("wire", "edit.delete")])
def test_the_menu_key_opens_the_menu_of_the_selection(canvas, selection, selected, action):
    if selected == "wire":
        selection.select_wire(wire("conv.output", "act.input"))
    else:
        selection.select([selected] if selected else [])
    place = canvas.view.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, canvas.view.viewport().mapToGlobal(place))
    QApplication.sendEvent(canvas.view, event)
    menu = canvas.findChild(QMenu, "canvas_menu")
    assert action in {entry.objectName() for entry in menu.actions()}
    menu.close()


def test_the_menu_of_a_node_has_the_actions_of_nodes(canvas, hand, selection):
    hand.click("conv", RIGHT)
    menu = canvas.findChild(QMenu, "canvas_menu")
    entries = {action.objectName() for action in menu.actions()}
    assert {"graph.bypass", "edit.delete"} <= entries
    assert selection.nodes == {"conv"}
    menu.close()
    QApplication.processEvents()
