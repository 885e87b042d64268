"""Blocks in the whole window: the offer to mend a selection, and the way into a block and out of it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton

from gui.canvas.canvas import Canvas
from tests.gui.shell.keyboard_parts import CTRL, KEY
from tests.windows import double_click

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_one_click_mends_a_selection_that_cannot_be_a_block(active_window):
    window, document = active_window, active_window.context.document
    canvas = window.panel("canvas", Canvas)
    QTest.keyClick(canvas.view, KEY.Key_A, CTRL)
    QTest.keyClick(canvas.view, KEY.Key_G, CTRL | SHIFT)
    assert "belongs to the graph itself" in window.context.notices.by_topic["block"].text
    before = document.history.index()
    offer = next(each for each in window.banners.findChildren(QPushButton) if each.text().startswith("Leave"))
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert document.history.index() == before + 1
    assert not window.context.notices.by_topic
    kinds = [node.kind for node in document.project.graphs["Net"].nodes.values()]
    assert sorted(kinds) == ["Block", "CrossEntropyLoss", "Input", "Input"]
    editor = canvas.findChild(QLineEdit, "inline_editor")
    QTest.keyClick(editor, KEY.Key_Escape)

    place = canvas.view.viewportTransform().map(canvas.scene.nodes["block"].scene_rect.center()).toPoint()
    double_click(canvas.view.viewport(), place)
    crumbs = [each for each in window.frame.findChildren(QToolButton) if each.objectName().startswith("crumb_")]
    assert [each.text() for each in crumbs] == ["Net", "block"]
    QTest.mouseClick(crumbs[0], Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert window.context.selection.path == ()


def test_an_offer_goes_with_the_selection_it_is_about(active_window):
    window = active_window
    canvas = window.panel("canvas", Canvas)
    window.context.selection.select(("conv1", "act1"))
    QTest.keyClick(canvas.view, KEY.Key_G, CTRL | SHIFT)
    assert "bn1 is between" in window.context.notices.by_topic["block"].text
    window.context.selection.select(("conv1",))
    assert not window.context.notices.by_topic
