"""Panels are made when they are first shown, or all at once when the window is filled."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.model import Node
from gui.preferences.preferences import Preferences
from gui.shell.panels import PANELS
from tests.windows import windows_shown


def test_a_hidden_panel_is_made_when_it_is_first_shown(open_window, qtbot):
    window = open_window(filled=False)
    assert set(window.panels) == {"canvas", "palette", "inspector", "problems"}
    assert {"node", "many", "wire"} & vars(window.panels["inspector"]).keys() == set()

    tabs = window.pages.tabs
    window.context.actions["view.outline"].trigger()
    qtbot.waitUntil(window.panels["outline"].isVisible)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(2).center())
    qtbot.waitUntil(window.panels["data"].isVisible)
    assert "runs" not in window.panels
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    assert window.panels["canvas"].isVisible()


def test_no_other_window_appears_while_the_window_is_filled(open_window):
    with windows_shown() as windows:
        window = open_window()
    assert windows == [window.frame]


def test_a_panel_that_was_hidden_is_connected_when_it_is_shown(open_window, qtbot):
    settings = Preferences()
    settings.set("layout", {"hidden": [panel.name for panel in PANELS if panel.side != "page"]})
    settings.write()
    window = open_window(filled=False)
    assert set(window.panels) == {"canvas"}
    nodes = window.context.document.project.graphs["Net"].nodes
    before = len(nodes)

    window.context.actions["view.palette"].trigger()
    window.panels["palette"].node_wanted.emit(Node("ReLU"))
    assert len(nodes) == before + 1

    window.context.selection.select(["conv1"])
    window.context.actions["edit.rename"].trigger()
    qtbot.waitUntil(window.panels["inspector"].isVisible)
    assert window.frame.focusWidget() is window.panels["inspector"].node.name.rows["name"].editor.field


def test_a_panel_that_is_made_late_is_connected(open_window, qtbot):
    window = open_window(filled=False)
    window.context.actions["view.outline"].trigger()
    window.turn_to("code")

    window.panels["outline"].revealed.emit("conv1")

    assert window.pages.current == "canvas"
    qtbot.waitUntil(window.panels["canvas"].isVisible)
