"""Actions are enabled exactly while they can do something; the others have a reason why not."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from engine.graph import compose
from engine.graph.edits import SetFrames, SetNotes
from engine.graph.model import Frame, Graph, Note, Project
from engine.project import file
from gui.canvas.canvas_actions import handlers
from gui.canvas.editing.availability import READ_ONLY_ACTIONS, RULES
from tests.gui.canvas.hand import CTRL, RIGHT, SHIFT

KEY = Qt.Key
SAYS_WHY = {
    "graph.connect",
    "graph.make_block",
    "edit.paste",
    "edit.paste_wired",
}  # whether it fits is only known after a try


@pytest.fixture
def with_block(document, canvas):
    document.do(compose.make_block(document.project, "Net", ("conv", "act"), "Stem"))
    document.do(SetNotes("Net", (Note("words", (0, 400, 100, 60)),), "Add a note"))
    document.do(SetFrames("Net", (Frame("frame", (0, 480, 200, 100)),), "Add a frame"))
    QGuiApplication.clipboard().setText("{}")


def the_block(canvas):
    return next(name for name, node in canvas.scene.graph.nodes.items() if node.kind == "Block")


STATES = {
    "nothing": lambda canvas: (),
    "a layer": lambda canvas: ("head",),
    "the first node": lambda canvas: ("image",),
    "the last node": lambda canvas: ("loss",),
    "a block": lambda canvas: (the_block(canvas),),
    "two": lambda canvas: ("head", "loss"),
    "three": lambda canvas: ("head", "flat", "loss"),
    "all": lambda canvas: tuple(canvas.scene.graph.nodes),
}


def picture(canvas):
    """All that an action could change."""
    selection, view = canvas.scene.selection, canvas.view
    return (
        file.dump(canvas.scene.document.project), selection.nodes, selection.wire, selection.path, view._place,
        canvas.layer_popup.search.isVisible(), canvas.finder.isVisible(), canvas.info.card.isVisible(),
        QGuiApplication.clipboard().text(), canvas.findChild(QWidget, "inline_editor"),
    )  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted({*RULES} - {"edit.rename", "graph.publish"}))
def test_an_action_is_enabled_exactly_when_it_does_something(canvas, document, actions, with_block, state, name):
    canvas.scene.selection.select(STATES[state](canvas))
    before, reasons = picture(canvas), []
    document.edit_refused.connect(reasons.append)
    canvas.blocks.offer_changed.connect(reasons.append)
    action = actions[name]
    if action.isEnabled():
        action.trigger()
        assert picture(canvas) != before or (name in SAYS_WHY and reasons)
    else:
        assert action.statusTip() in action.toolTip()
        assert action.statusTip() != actions.specs[name].tip
        if name not in ("graph.open_block", "graph.arrange_selection", "graph.arrange_branch"):
            handlers(canvas)[name]()
            assert picture(canvas) == before
    canvas.view.setFocus()
    QApplication.processEvents()


def test_an_empty_graph_offers_only_what_adds_something(canvas, document, actions):
    document.load(Project(graphs={"Net": Graph()}))
    QGuiApplication.clipboard().clear()
    assert {name for name in RULES if actions[name].isEnabled()} == {"graph.add", "graph.note"}


def test_a_clipboard_that_was_never_used_offers_nothing(canvas, actions, monkeypatch):
    clipboard = type("Clipboard", (), {"mimeData": lambda _: None})
    monkeypatch.setattr(QGuiApplication, "clipboard", clipboard)
    canvas.availability.refresh()
    assert not actions["edit.paste"].isEnabled()


def test_a_read_only_project_offers_only_reading(canvas, document, selection, actions):
    selection.select(("head", "flat"))
    document.set_read_only(True)
    assert {name for name in RULES if actions[name].isEnabled()} <= READ_ONLY_ACTIONS
    assert "read-only" in actions["edit.delete"].toolTip()
    assert actions["edit.copy"].isEnabled()
    document.set_read_only(False)
    assert actions["edit.delete"].isEnabled()


def test_a_selected_note_can_be_deleted(canvas, hand, document, actions, with_block):
    assert not actions["edit.delete"].isEnabled()
    hand.click(QPointF(50, 430))
    assert actions["edit.delete"].isEnabled()
    hand.key(KEY.Key_Delete)
    assert not canvas.scene.notes
    assert not actions["edit.delete"].isEnabled()


def test_closing_a_block_is_offered_inside_a_block_only(canvas, hand, selection, actions, with_block):
    assert not actions["graph.close_block"].isEnabled()
    selection.select((the_block(canvas),))
    hand.key(KEY.Key_Return)
    assert selection.path
    assert actions["graph.close_block"].isEnabled()
    assert not actions["graph.open_block"].isEnabled()


def test_a_key_that_can_do_nothing_says_why(canvas, hand, document, selection, qtbot):
    selection.select(("head",))
    for key, keys, words in ((KEY.Key_U, CTRL | SHIFT, "a Linear, not a block"), (KEY.Key_J, None, "two nodes")):
        with qtbot.waitSignal(document.edit_refused, check_params_cb=lambda text, words=words: words in text):
            hand.key(key, keys or Qt.KeyboardModifier.NoModifier)


def test_the_menu_gives_the_reason_of_a_grey_entry(canvas, hand, actions, qtbot):
    hand.click("head", RIGHT)
    menu = canvas.findChild(QMenu, "canvas_menu")
    qtbot.waitUntil(menu.isVisible)
    connect = actions["graph.connect"]
    assert connect in menu.actions()
    assert not connect.isEnabled()
    assert menu.toolTipsVisible()
    assert "two nodes" in connect.toolTip()
    assert actions["graph.unpack"] not in menu.actions(), "a group without an enabled action is left out"
    QTest.keyClick(menu, KEY.Key_Escape)
    QApplication.processEvents()


def test_the_zoom_is_offered_as_far_as_it_goes(canvas, actions):
    for _ in range(40):
        actions["view.zoom_in"].trigger()
    assert not actions["view.zoom_in"].isEnabled()
    assert actions["view.zoom_out"].isEnabled()
    actions["view.zoom_reset"].trigger()
    assert canvas.zoom == 1.0
    assert not actions["view.zoom_reset"].isEnabled()
    assert actions["view.zoom_in"].isEnabled()
