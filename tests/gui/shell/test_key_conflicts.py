"""Keys that several widgets could use."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
)

from engine.graph.compose import disconnect
from engine.graph.edits import AddGraph, AddNode, Batch
from engine.graph.model import Graph, Node
from gui.actions.actions import ACTION_SPECS
from gui.dialogs.shortcuts_dialog import ShortcutsDialog
from gui.shell.breadcrumbs import Breadcrumbs
from gui.shell.main_window import Window
from tests.gui.shell.keyboard_parts import CTRL, KEY, press


@pytest.fixture
def window(active_window: Window) -> Window:
    return active_window


def test_no_two_actions_have_the_same_keys():
    keys = [QKeySequence(each).toString() for row in ACTION_SPECS for each in row.keys]
    assert len(keys) == len(set(keys))


def test_a_letter_finds_the_entry_of_a_menu(window):
    menu = window.menus.menus["View"]
    menu.popup(QPoint(0, 0))
    for letter, text in (("z", "Zoom in"), ("z", "Zoom out"), ("z", "Zoom in"), ("r", "Runs"), ("r", "Reset layout")):
        QTest.keyClicks(menu, letter)
        assert menu.activeAction().text() == text
    QTest.keyClicks(menu, "c")
    QTest.keyClick(menu, KEY.Key_Return)
    assert not menu.isVisible()
    assert window.pages.current == "code"


def test_the_shortcuts_list_keys_without_an_action(window, qtbot):
    dialog = ShortcutsDialog(window.context.actions, window.frame)
    qtbot.addWidget(dialog)
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Arrows", "Shift+Arrows", "Ctrl+Arrows", "Esc"} <= texts


def test_the_outline_keeps_its_own_keys(window):
    window.context.actions["view.outline"].trigger()
    outline, document = window.panels["outline"], window.context.document
    wire = document.project.graphs["Net"].wires[-1]
    document.do(disconnect(document.project, "Net", wire))
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.find("Net", "drop"))
    press(KEY.Key_F2)
    assert outline.tree.viewport().findChild(QLineEdit) is not None
    press(KEY.Key_Escape)
    began = []
    window.context.actions["train.start"].triggered.connect(began.append)
    press(KEY.Key_Return, CTRL)
    assert not began


def settle() -> None:
    for _ in range(4):  # one layout asks for the next
        QApplication.processEvents()


def test_a_deep_path_takes_no_room_from_the_sides(window):
    document, selection = window.context.document, window.context.selection
    names = [f"Normalisierungsbaugruppe{depth}" for depth in range(5)]
    edits = [AddGraph(names[-1], Graph({"x": Node("Input")}))]
    for outer, inner in reversed([*pairwise(names)]):
        edits.append(AddGraph(outer, Graph({f"innere_{inner.lower()}": Node("Block", graph=inner)})))
    document.do(Batch("Make blocks", (*edits, AddNode("Net", "deep", Node("Block", graph=names[0])))))
    window.frame.resize(1280, 720)
    QApplication.processEvents()
    widths = [window.sides[side].width() for side in ("left", "right")]
    for use in ("deep", *(f"innere_{name.lower()}" for name in names[1:])):
        assert selection.dive(use)
    settle()
    assert [window.sides[side].width() for side in ("left", "right")] == widths
    crumbs = window.pages.findChild(Breadcrumbs)
    buttons = [each for each in crumbs.findChildren(QAbstractButton) if each.isVisible()]
    assert len(buttons) == 6
    assert all(crumbs.rect().contains(each.geometry()) for each in buttons)
    assert all(each.width() >= each.sizeHint().width() for each in buttons)
    assert buttons[0].text() == "Net"
    assert [each.accessibleName() for each in buttons][1] == "deep"
    window.frame.resize(2400, 900)
    settle()
    assert [each.text() for each in buttons] == [each.accessibleName() for each in buttons]
