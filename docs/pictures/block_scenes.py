"""Scenes of blocks: made by hand, opened, and looked at from near."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.dialogs.new_project import EMPTY, project_of

if TYPE_CHECKING:
    from states import Album

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def type_layers(it: "Album", *queries: str) -> None:
    """Add layers one after the other, each behind the last, by the keyboard alone."""
    view = it.window.panels["canvas"].view
    for query in queries:
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Tab)
        field = it.app.frame.findChild(QWidget, "search_field")
        QTest.keyClicks(field, query)
        QTest.keyClick(field, Qt.Key.Key_Return)


def residual(it: "Album") -> None:
    """Draw a residual unit behind a convolution by keys, and make it a block."""
    it.open(project_of(EMPTY))
    view, selection = it.window.panels["canvas"].view, it.context.selection
    unit = ("conv 16 3x3 padding 1", "batchnorm2d")
    type_layers(it, "input image", "conv 16 3x3", *unit, "relu", *unit, "add")
    selection.select(["conv", "add"])
    QTest.keyClick(view, Qt.Key.Key_J)
    selection.select(["add"])
    type_layers(it, "relu")


def blocks(it: "Album") -> None:
    """A selection that is no block yet; a block with the field for its name; one from near, and from inside."""
    residual(it)
    view, selection = it.window.panels["canvas"].view, it.context.selection
    it.act("graph.arrange")
    it.rest(1.0)
    selection.select(["conv2", "add"])
    QTest.keyClick(view, Qt.Key.Key_G, CTRL | SHIFT)
    it.rest()
    it.keep("block-offer")
    QTest.keyClick(view, Qt.Key.Key_G, CTRL | SHIFT)
    it.rest()
    it.take("block-name")
    field = it.app.frame.findChild(QWidget, "inline_editor")
    QTest.keyClicks(field, "Residual")
    QTest.keyClick(field, Qt.Key.Key_Return)
    it.until(lambda: not it.context.results.stale, rest_s=1.0)
    it.keep("block-use")
    for zoom in (1.5, 2.5, 4.0):
        view.set_zoom(zoom)
        view.scroll_to(view.graph_scene.rect_of(selection.nodes))
        view.centerOn(view.graph_scene.rect_of(selection.nodes).center())
        it.rest()
        it.keep(f"block-near-{zoom:g}")
    QTest.keyClick(view, Qt.Key.Key_Return)
    it.rest(1.0)
    it.keep("block-inside")


BLOCK_SCENES = (blocks,)
